package netstat

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

const docsFile = "../../docs/netstat.md"

const docsHead = "<!-- Written by `go test ./shell/netstat -update` from the dialects in shell/netstat. Change " +
	"those. -->\n\n" + `# netstat's flags

Whoever has netstat in the fingers can go on: ` + "`netql -tulpn`, `netql netstat -rn`, a link to netql that is " +
	"called netstat, and `netstat -an` at the" + `
prompt all work, in the words of three netstats. Each line of flags becomes a query, or two, which ` + "`--explain`" +
	` prints: pasted back, it
gives the same rows, and can be asked for more.

A table for people, or in a pipe, has the headings and the layout of the manual that the flags are from. The other formats (` + "`--format\njson`" + `, csv and so on) have the names of the query's columns. Where there are two queries, json has the rows of both in one array.

## Which netstat

` + "`--dialect windows`, `bsd` or `linux`" + ` says it. Else the flags do:

| dialect | has alone | decides, unless a flag of another dialect is there |
|---|---|---|
`

const docsMiddle = `
Without any of these the flags mean the same everywhere, and look as on Linux. Flags of two dialects in one line are an error, which
names both readings; so is a flag that nobody has. Nothing has been read then, and the status is 2.

` + "Protocols after `-p` are names and aliases of /etc/protocols, and Windows' tcpv6, udpv6 and icmpv6. Without " +
	"`-n`, addresses and ports\nhave names (`host()`, `service()`): many are looked up at a time, for two seconds in " +
	"all, and what has not answered then stays a number.\nNetworks have those of /etc/networks. net-tools' long " +
	"flags are not here, because long flags are netql's own: `--tcp` tells that it is `-t`.\n"

// TestDocs compares docs/netstat.md with the dialects, and with -update writes it.
func TestDocs(t *testing.T) {
	want := docs()
	if *update {
		if err := os.WriteFile(docsFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(docsFile); err != nil || string(got) != want {
		t.Errorf("docs/netstat.md is not what the dialects say (%v): run go test ./shell/netstat -update", err)
	}
}

func docs() string {
	var b strings.Builder
	b.WriteString(docsHead)
	for _, d := range Dialects() {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", d.Name, signs(d, distinct), signs(d, weak))
	}
	b.WriteString(docsMiddle)
	for _, d := range Dialects() {
		fmt.Fprintf(&b, "\n## %s\n\n```\n%s\n```\n\n| flag | shows | becomes |\n|---|---|---|\n", d.Title,
			strings.Join(d.Synopsis, "\n"))
		for _, f := range d.Flags {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.usage(), f.Doc, f.Becomes)
		}
		b.WriteString("\nFor example:\n")
		for _, e := range d.Examples {
			command, err := Parse(strings.Fields(e.Flags), d.Name, someProtocols)
			if err != nil {
				panic(err)
			}
			fmt.Fprintf(&b, "\n`netstat %s`: %s\n\n```netql\n", e.Flags, e.Doc)
			for _, display := range command.Displays {
				b.WriteString(display.Query + "\n")
			}
			b.WriteString("```\n")
		}
	}
	return b.String()
}

// signs are the flags that say that it is the dialect.
func signs(d *Dialect, wanted strength) string {
	var flags []string
	for _, f := range d.Flags {
		if f.sign == nil {
			continue
		}
		switch got := f.sign(&line{}, nil); {
		case got == wanted && f.Argument != "" && f.Letter != "p":
			flags = append(flags, "`"+f.usage()+"`")
		case got == wanted && f.Letter != "p" && f.Letter != "e":
			flags = append(flags, "`-"+f.Letter+"`")
		}
	}
	flags = append(flags, signsBeside[d.Name][wanted]...)
	return strings.Join(flags, ", ")
}

// signsBeside are those that depend on more than the flag.
var signsBeside = map[string]map[strength][]string{
	"windows": {
		distinct: {"`/x`", "`-p` with tcpv6, udpv6 or icmpv6"},
		weak: {"`-e` not beside `-a`, `-r`, `-i` or `-g`",
			"`-p` with tcp or udp, or with `-s` also ip, icmp or ipv6", "a number: the interval"},
	},
	"bsd":   {weak: {"`-r` with `-s`", "`-p` with another protocol", "a number with `-i`"}},
	"linux": {distinct: {"`-p` without a protocol"}},
}

// TestExamples: each example is found to be of its dialect, or to mean the same in all, without being told.
func TestExamples(t *testing.T) {
	for _, d := range Dialects() {
		for _, e := range d.Examples {
			command, err := Parse(strings.Fields(e.Flags), "auto", someProtocols)
			if err != nil || command.Dialect != nil && command.Dialect != d {
				t.Errorf("%s, of %s: %+v, %v", e.Flags, d.Name, command, err)
			}
		}
	}
}
