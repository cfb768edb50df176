package netstat

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"

	"netql/query/querytest"
)

var update = flag.Bool("update", false, "write what is compared")

// someProtocols is /etc/protocols as far as the tests need it.
func someProtocols(name string) (string, bool) {
	first, ok := map[string]string{"tcp": "tcp", "udp": "udp", "icmp": "icmp", "ip": "ip", "igmp": "igmp",
		"ipv6-icmp": "ipv6-icmp", "udplite": "udplite", "sctp": "sctp", "ipv6": "ipv6"}[strings.ToLower(name)]
	return first, ok
}

// TestLines compares what lines of flags become with what is written down.
func TestLines(t *testing.T) {
	querytest.Lines(t, "testdata/lines.txt", *update, "go test ./shell/netstat -update", func(line string) string {
		return outcome(strings.TrimPrefix(line, "(nothing)"), "auto")
	})
}

// outcome is what a line becomes, indented.
func outcome(line, dialect string) string {
	command, err := Parse(strings.Fields(line), dialect, someProtocols)
	var wrong *Error
	if errors.As(err, &wrong) {
		return "  error: " + wrong.Message + "\n  hint: " + wrong.Hint + "\n"
	}
	name := "any dialect"
	if command.Dialect != nil {
		name = command.Dialect.Name
	}
	var b strings.Builder
	fmt.Fprintf(&b, "  %s\n", name)
	for _, d := range command.Displays {
		fmt.Fprintf(&b, "  %s\n", d.Query)
	}
	if command.Interface != "" {
		fmt.Fprintf(&b, "  there must be %s\n", command.Interface)
	}
	if command.Namespace+command.Capture != "" {
		fmt.Fprintf(&b, "  of namespace %q, capture %q\n", command.Namespace, command.Capture)
	}
	for _, note := range command.Notes {
		fmt.Fprintf(&b, "  note: %s\n", note)
	}
	return b.String()
}

// TestNamedDialect: the same flags, read as another netstat's.
func TestNamedDialect(t *testing.T) {
	for _, test := range []struct{ dialect, line, want string }{
		{"linux", "-o", "timer_expires"},
		{"linux", "-g", "multicast_groups"},
		{"linux", "-e -s", "proto_stats"},
		{"bsd", "-a", "unix_sockets | select cookie"},
		{"bsd", "-r", `family == inet6 and table == "main"`},
		{"windows", "-r", "interfaces | select index"},
		{"windows", "-a", "proto in [tcp, udp]"},
		{"bsd", "-w", "error: -w needs an argument"},
		{"bsd", "-p", "error: -p needs an argument"},
		{"bsd", "-t", "error: BSD has no flag -t"},
		{"bsd", "5", "watch 5s"},
		{"windows", "-t", "error: Linux leaves no TCP connection"},
		{"windows", "-z", "error: Windows has no flag -z"},
		{"windows", "-p icmp", "proto_stats proto == icmp"},
		{"windows", "-p udplite", "error: the windows dialect does not know"},
		{"linux", "-w 5", `error: "5" is no flag of Linux`},
		{"linux", "-p tcp", `error: "tcp" is no flag of Linux`},
		{"linux", "5", `error: "5" is no flag`},
		{"linux", "-i lo", "hint: netstat --dialect bsd -I lo"},
	} {
		if got := outcome(test.line, test.dialect); !strings.Contains(got, test.want) {
			t.Errorf("%s as %s: %s, want %s", test.line, test.dialect, got, test.want)
		}
	}
}

// TestHelp: usage is wanted in every spelling, of the dialect that other flags tell.
func TestHelp(t *testing.T) {
	for line, want := range map[string]*Dialect{"/?": nil, "-?": nil, "-t /?": &linux, "-b -?": &windows} {
		command, err := Parse(strings.Fields(line), "auto", nil)
		if err != nil || !command.Help || command.Dialect != want {
			t.Errorf("%s: %+v, %v", line, command, err)
		}
	}
	text := Usage()
	for _, d := range Dialects() {
		for _, f := range d.Flags {
			if !strings.Contains(text, f.usage()) || !strings.Contains(text, f.Doc) {
				t.Errorf("usage has nothing of %s's -%s", d.Name, f.Letter)
			}
		}
	}
}

// TestDialects: every flag says what it does, and no dialect has two alike.
func TestDialects(t *testing.T) {
	for _, d := range Dialects() {
		seen := map[string]bool{}
		for _, f := range d.Flags {
			key := fmt.Sprint(f.usage(), f.Argument != "")
			if f.Letter != "" {
				key = fmt.Sprint(f.Letter, f.Argument != "")
			}
			asks := f.view != "" || f.set != nil || f.take != nil || f.refused != nil
			if f.Doc == "" || f.Becomes == "" || !asks || len(f.Letter) > 1 || f.Letter == "" && len(f.Long) == 0 ||
				seen[key] ||
				(f.Argument != "") != (f.take != nil) {
				t.Errorf("%s: %+v", d.Name, f)
			}
			seen[key] = true
		}
	}
}

// FuzzParse: no line makes it panic, and what is no command is an error that says something.
func FuzzParse(f *testing.F) {
	for _, d := range Dialects() {
		for _, e := range d.Examples {
			f.Add(e.Flags, "auto")
		}
	}
	for _, dialect := range Names() { // an empty variable of a shell is an empty word
		for _, line := range []string{"", "-tln ", "-p ", "-w ", "-s -p "} {
			f.Add(line, dialect)
		}
	}
	f.Add("-pI -w\x00 -A= \xff 5", "bsd")
	f.Fuzz(func(t *testing.T, line, dialect string) {
		command, err := Parse(strings.Split(line, " "), dialect, someProtocols)
		if (err == nil) != (command != nil) || err != nil && err.Error() == "" {
			t.Errorf("%+v, %v", command, err)
		}
	})
}

// TestMark: the mark of a rule is told as ip rule has it.
func TestMark(t *testing.T) {
	for want, rule := range map[string]map[string]any{
		"-": {}, "0x7": {"fwmark": 7, "fwmask": 0xffffffff}, "0x10/0xff": {"fwmark": 0x10, "fwmask": 0xff},
		"0x0/0xff": {"fwmark": 0, "fwmask": 0xff},
	} {
		if got := mark(func(column string) any { return rule[column] }); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

// TestStarred: an interface that is down has an asterisk, as on BSD.
func TestStarred(t *testing.T) {
	for want, flags := range map[string]any{"eth0": []string{"UP", "BROADCAST"}, "eth0*": []string{"BROADCAST"}} {
		if got := starred(func(column string) any {
			return map[string]any{"name": "eth0", "flags": flags}[column]
		}); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}
