package netstat

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

const (
	docsFile = "../../docs/netstat.md"
	docsText = "testdata/docs.md" // with {{dialects}} and {{flags}} for what the dialects say
)

// TestDocs compares docs/netstat.md with the dialects, and with -update writes it.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile(docsText)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("{{dialects}}", docsDialects(), "{{flags}}\n", docsFlags(t)).Replace(string(text))
	if *update {
		if err := os.WriteFile(docsFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/netstat.md is not what the dialects say: run go test ./shell/netstat -update")
	}
}

// docsDialects are the rows of the table of dialects.
func docsDialects() string {
	var rows []string
	for _, d := range Dialects() {
		rows = append(rows, fmt.Sprintf("| %s | %s | %s |", d.Name, signs(d, distinct), signs(d, weak)))
	}
	return strings.Join(rows, "\n")
}

// docsFlags are the chapters of the dialects: synopsis, flags and examples.
func docsFlags(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for i, d := range Dialects() {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "## %s\n\n```\n%s\n```\n\n| flag | shows | becomes |\n|---|---|---|\n", d.Title,
			strings.Join(d.Synopsis, "\n"))
		for _, f := range d.Flags {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.usage(), f.Doc, f.Becomes)
		}
		b.WriteString("\nFor example:\n")
		for _, e := range d.Examples {
			command, err := Parse(strings.Fields(e.Flags), d.Name, someProtocols)
			if err != nil {
				t.Fatalf("the example netstat %s in shell/netstat/%s.go: %v (what an argument may be is in "+
					"argumentRules, shell/netstat/line.go)", e.Flags, d.Name, err)
			}
			fmt.Fprintf(&b, "\n`%s`: %s\n\n```netql\n", e.line(d), e.Doc)
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
		if f.Letter == "p" {
			continue // depends on its argument
		}
		switch got := f.strength(&line{}, nil); {
		case got == wanted && f.Argument != "":
			flags = append(flags, "`"+f.usage()+"`")
		case got == wanted && f.Letter != "e" && f.with+f.without == "":
			flags = append(flags, "`-"+f.Letter+"`")
		}
	}
	flags = append(flags, signsBeside[d.Name][wanted]...)
	return strings.Join(flags, ", ")
}

// signsBeside are those that depend on more than the flag.
var signsBeside = map[string]map[strength][]string{
	"windows": {
		distinct: {"`-b` without these of BSD's", "`/x`", "`-p` with tcpv6, udpv6 or icmpv6"},
		weak: {"`-e` not beside `-a`, `-r`, `-i` or `-g`",
			"`-p` with tcp or udp, or with `-s` also ip, icmp or ipv6", "a number: the interval"},
	},
	"bsd": {
		distinct: {"`-b` with `-i`, `-I` or `-w`", "`-v` with `-p` and a protocol"},
		weak:     {"`-r` with `-s`", "`-p` with another protocol", "a number with `-i`"},
	},
	"linux": {distinct: {"`-p` without a protocol"}},
}

// line is the example as it is typed.
func (e Example) line(d *Dialect) string {
	command, err := Parse(strings.Fields(e.Flags), "auto", someProtocols)
	switch {
	case d == &linux:
		return "netstat " + e.Flags
	case err == nil && command.Dialect == d:
		return "netql " + e.Flags
	}
	return "netql --dialect " + d.Name + " " + e.Flags
}

// TestExamples: each example is found to be of its dialect, or to mean the same in all, unless it has to be told.
func TestExamples(t *testing.T) {
	for _, d := range Dialects() {
		for _, e := range d.Examples {
			command, err := Parse(strings.Fields(e.Flags), "auto", someProtocols)
			found := err == nil && (command.Dialect == nil || command.Dialect == d)
			if found == e.told {
				t.Errorf("%s, of %s: told is %v, and it becomes %s", e.Flags, d.Name, e.told,
					outcome(e.Flags, "auto"))
			}
		}
	}
}
