package ss

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"
	"testing"

	"netql/query"
	"netql/query/querytest"
	"netql/shell/netstat"
	"netql/sources"
	"netql/sources/vfs/vfstest"
	"netql/tables"
)

var update = flag.Bool("update", false, "write what is compared")

// someSystem is a machine as far as the tests need it.
var someSystem = System{
	Port: func(service string) (int, bool) {
		port, ok := map[string]int{"ssh": 22, "https": 443, "http-alt": 8080}[service]
		return port, ok
	},
	Addresses: func(host string) ([]netip.Addr, error) {
		if host == "localhost" {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()}, nil
		}
		return nil, errors.New("no such host")
	},
	Interface: func(index int) (string, bool) { return "eth0", index == 2 },
	Ephemeral: func() (first, last int) { return 32768, 60999 },
	ReadFile: func(name string) (string, error) {
		text, ok := map[string]string{"ports": "# servers\nsport = :22 or\nsport = :443\n",
			"wrong": "sport =\n sport = :x"}[name]
		if !ok {
			return "", errors.New("open " + name + ": no such file")
		}
		return text, nil
	},
}

const linesFile = "testdata/lines.txt"

// TestLines compares what lines of options and filters become with what is written down.
func TestLines(t *testing.T) {
	querytest.Lines(t, linesFile, *update, "go test ./shell/ss -update", func(line string) string {
		return outcome(strings.TrimPrefix(line, "ss"))
	})
}

// outcome is what a line becomes, indented: queries, each of which must compile, or an error.
func outcome(line string) string {
	command, err := Parse(strings.Fields(line), someSystem)
	var wrong *netstat.Error
	var inFilter *FilterError
	var b strings.Builder
	switch {
	case errors.As(err, &inFilter):
		for shown := range strings.SplitSeq(inFilter.Wrong.Show(inFilter.Text), "\n") {
			fmt.Fprintf(&b, "  %s\n", shown)
		}
		return b.String()
	case errors.As(err, &wrong):
		return "  error: " + wrong.Message + "\n  hint: " + wrong.Hint + "\n"
	case err != nil:
		return "  " + err.Error() + "\n"
	case command.Help || command.Version:
		return fmt.Sprintf("  help %v, version %v\n", command.Help, command.Version)
	}
	for _, d := range command.Displays {
		fmt.Fprintf(&b, "  %s\n", d.Query)
		if _, err := query.Compile(d.Query, tables.Catalog(), someState()); err != nil {
			fmt.Fprintf(&b, "  does not compile: %v\n", err)
		}
	}
	if command.Namespace != "" {
		fmt.Fprintf(&b, "  of namespace %q\n", command.Namespace)
	}
	for _, note := range command.Notes {
		fmt.Fprintf(&b, "  note: %s\n", note)
	}
	return b.String()
}

// someState is the state of queries to a machine with some services.
func someState() query.State {
	return tables.Ask(&sources.System{Files: vfstest.Files{
		"/etc/services": {Text: "ssh 22/tcp\nhttps 443/tcp\nhttp-alt 8080/tcp\n"},
	}})
}

// FuzzParse: no line makes it panic; what is no command is an error that says something, and the queries of a command
// compile.
func FuzzParse(f *testing.F) {
	text, err := os.ReadFile(linesFile)
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "ss "); ok {
			f.Add(rest)
		}
	}
	f.Add("-xa src /[\\]a-\x00[!]*\\")
	f.Add("-t ((!(sport=:22)|!=)) \\")
	catalog, state := tables.Catalog(), someState()
	f.Fuzz(func(t *testing.T, line string) {
		command, err := Parse(strings.Split(line, " "), someSystem)
		switch {
		case (err == nil) != (command != nil), err != nil && err.Error() == "":
			t.Fatalf("%+v, %v", command, err)
		case err != nil:
			return
		}
		for _, d := range command.Displays {
			if _, err := query.Compile(d.Query, catalog, state); err != nil {
				t.Errorf("%q: %s: %v", line, d.Query, err)
			}
		}
	})
}

// TestEnter: what a filter names is looked up in the namespace of -N, which is entered once.
func TestEnter(t *testing.T) {
	entered := []string{}
	system := System{
		Enter:     func(namespace string) error { entered = append(entered, namespace); return nil },
		Interface: func(int) (string, bool) { return fmt.Sprintf("of%v", entered), true },
	}
	command, err := Parse([]string{"-tan", "dev", "=", "5", "-N", "web1"}, system)
	if err != nil || len(entered) != 1 || !strings.Contains(command.Displays[0].Query, `"of[web1]"`) {
		t.Errorf("%v, entered %v: %+v", err, entered, command)
	}
	system.Enter = func(string) error { return io.ErrUnexpectedEOF }
	if _, err := Parse([]string{"-tan"}, system); err != io.ErrUnexpectedEOF {
		t.Errorf("error %v", err)
	}
}
