package shell

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"netql/sources"
	"netql/sources/capture"
	"netql/sources/lab"
	"netql/sources/owners"
	"netql/sources/vfs/vfstest"
)

// TestMarks: the prompt keeps moments, compares with them, and records files.
func TestMarks(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		home := t.TempDir()
		t.Chdir(home)
		term := onTerminal(t, home, nil, "netql")
		term.expect(firstPrompt)
		says := func(typed string, shown ...string) string {
			t.Helper()
			term.typed(typed + enter)
			term.expect(typed + "\r\n")
			text := ""
			for _, part := range shown {
				text += term.expect(part)
			}
			return text + term.expect(firstPrompt)
		}
		says("mark before", "note: before is marked, ", "; diff before compares with it\r\n")
		says("diff before --query sockets", "no differences\r\n")
		says("diff before --query 'sockets | where lport == 1'", "no differences\r\n")
		says(`diff before --query "sockets | where lport == 1"`, "no differences\r\n")
		listener := lab.Listen(t, lab.TCP, "127.0.0.1:0")
		says("diff before", "sockets", "+1", "\r\nsockets\r\n", "+  tcp", listener.Local.String(), "left out: ")
		says("record ~/now.nq", "now.nq: ", " bytes, read in ")
		says("diff before ~/now.nq --query sockets", "+  tcp", listener.Local.String())
		if shown := says(`diff ~/now.nq before --query sockets`, "-  tcp"); strings.Contains(shown, "left out") {
			t.Errorf("shown %q", shown)
		}
		says("mark after", "after is marked")
		says("diff before after --query sockets --counters", "sockets  +1\r\n")
		term.typed("diff aft" + tab + "--query sockets" + enter)
		term.expect("no differences\r\n")
		says("mark", "name ", "before ", "after ")
		os.Rename(filepath.Join(home, "now.nq"), filepath.Join(home, "before"))
		says("diff before --query sockets", "note: before is the mark; the file is ./before\r\n", "sockets  +1\r\n")
		says("diff ./before --query sockets", "no differences\r\n")
		term.leaves()
	})
}

// TestWrongMarks: what is wrong with a name is said, before anything is read.
func TestWrongMarks(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	for _, test := range []struct{ typed, shown string }{
		{"mark", "name  time  memory  of\r\n"},
		{"mark a/b", "hint: one word without a slash"},
		{"mark a b", "error: a mark cannot be called a b\r\n"},
		{"mark --redact", "error: a mark cannot be called --redact\r\n"},
		{"diff", "error: usage: diff A [B]\r\n"},
		{"diff a b c", "error: diff needs the names of one or two captures\r\n"},
		{"diff nothing nothing", `error: there is neither a mark nor a file "nothing"`},
		{"diff a --redact", "error: --redact is a flag of netql record and netql report\r\n"},
		{"diff a --explain", "error: --explain goes with a query, and netql diff asks none\r\n"},
		{"record a --counters", "error: --counters is a flag of netql diff\r\n"},
		{"record", "error: usage: record FILE\r\n"},
	} {
		term.typed(test.typed + enter)
		term.expect(test.typed + "\r\n")
		term.expect(test.shown)
		term.expect(firstPrompt)
	}
	term.leaves()
}

// TestMarksAreBounded: the oldest are forgotten, and never the newest; a name has one mark.
func TestMarksAreBounded(t *testing.T) {
	recorder := capture.NewRecorder(t.Context(), &sources.System{Files: vfstest.Files{}, Owners: owners.Proc{}})
	one, err := recorder.Keep(t.Context(), "one", recorder.Manifest("", nil))
	if err != nil {
		t.Fatal(err)
	}
	if one.Memory() <= 0 {
		t.Fatal("a capture takes no memory")
	}
	var list marks
	for _, name := range []string{"a", "b", "a", "c"} {
		list = append(list.without(name), mark{name, one})
	}
	if forgotten := list.bound(3 * one.Memory()); len(forgotten) != 0 || len(list) != 3 {
		t.Errorf("%d are forgotten, %d are left", len(forgotten), len(list))
	}
	if forgotten := list.bound(2 * one.Memory()); len(forgotten) != 1 || forgotten[0].name != "b" {
		t.Errorf("%d are forgotten, %d are left", len(forgotten), len(list))
	}
	if list.bound(0); len(list) != 1 || list[0].name != "c" || list.find("a") != nil || list.find("c") != one {
		t.Errorf("%d are left", len(list))
	}
}
