package shell

import (
	"bufio"
	"io"
	"strings"
	"testing"

	"netql/query/syntax"
	"netql/sources/lab"
)

// pastes pastes a text, as a terminal in bracketed paste mode hands it on.
func (term *terminal) pastes(text string) {
	term.t.Helper()
	term.typed(pasteStart + text + pasteEnd)
}

// TestPaste: several lines that are pasted are one line, of one query or several, which Enter runs and nothing else.
func TestPaste(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, t.TempDir(), nil, "fakeql")
	term.expect(pasteOn)
	term.expect(firstPrompt)
	term.pastes("numbers // all of them\r  | where n == 2\r# or more\r  or n == 3\r\r")
	term.expect(firstPrompt + "numbers | where n == 2 or n == 3")
	term.asks(" or n == 4", "4  4 MiB  -\r\n")

	// Several statements, with comments.
	term.pastes("# two\rnumbers n == 2;\r\r-- three\rnumbers // again\r| where n == 3 // b\r")
	term.expect("numbers n == 2; numbers | where n == 3")
	term.typed("; \\! echo $((6 * 7))" + enter)
	term.expect("2 MiB")
	term.expect("3 MiB")
	term.expect("\r\n42\r\n")
	term.expect(firstPrompt)

	// In the middle of a line, in two reads, with what cannot be typed, and twice in a row.
	term.typed("numbers == 5\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D")
	term.typed("\x1b[20")
	term.typed("0~ n \x1b[2J\x07\u202e\xff\x1b[201")
	term.typed("~")
	term.expect("numbers n [2J")
	term.typed("\x7f\x7f\x7f\x7f")
	term.pastes("\t")
	term.pastes("")
	term.typed(enter)
	term.expect("5  5 MiB  -\r\n")
	term.expect(firstPrompt)

	// Ctrl-C gets out of a paste without an end.
	term.typed(pasteStart + "numbers")
	lab.Await(t, "Ctrl-C ends the paste", func() bool {
		term.typed(ctrlC)
		_, ended := term.shows("^C", patience/100)
		return ended
	})
	term.expect(firstPrompt)
	term.pastes("numbers n == '" + strings.Repeat("x", syntax.MaxLength))
	term.typed(enter)
	term.expect("error: the query is longer than ")
	term.expect(firstPrompt)
	term.leaves()
}

// blocks is a terminal that hands on a block at each read.
type blocks struct{ texts []string }

func (b *blocks) Read(p []byte) (n int, err error) {
	if len(b.texts) == 0 {
		return 0, io.EOF
	}
	n = copy(p, b.texts[0])
	b.texts = b.texts[1:]
	return n, nil
}

// TestInterruptInPaste: Ctrl-C in a pasted text is a part of it, so that what follows is never taken for keys; pressed
// alone it ends the paste.
func TestInterruptInPaste(t *testing.T) {
	evil := "numbers" + ctrlC + "! evil\r" + strings.Repeat("x", 2000)
	for _, test := range []struct {
		blocks       []string
		keys, pasted string
	}{
		{[]string{pasteStart + evil, evil, ctrlC + evil, evil + ctrlC, pasteEnd + "a"},
			pasteStart + string(pasteMark) + "a", evil + evil + ctrlC + evil + evil + ctrlC},
		{[]string{pasteStart + evil, evil, ctrlC, "a"}, pasteStart + ctrlC + "a", ""},
	} {
		keys := &keyReader{in: &blocks{test.blocks}, filter: &keyFilter{}}
		read, err := io.ReadAll(bufio.NewReaderSize(keys, 4<<10)) // as readline reads
		if pasted := keys.filter.pastes.next(); err != nil || string(read) != test.keys || pasted != test.pasted {
			t.Errorf("keys %.20q, want %q; pasted %d bytes, want %d; %v", read, test.keys, len(pasted),
				len(test.pasted), err)
		}
	}
}

// TestPasteAndPager: what was pasted behind a query is never read by its pager, which would run it.
func TestPasteAndPager(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, t.TempDir(), []string{"NETQL_PAGER=sh"}, "fakeql")
	term.expect(firstPrompt)
	term.typed("hundred | extend command = 'echo ran' | select command" + enter + "numbers n == 3" + enter)
	shown := term.expect("3 MiB")
	if strings.Contains(shown, "\r\nran") || !strings.Contains(shown, "echo ran") {
		t.Errorf("shown %q", shown)
	}
	term.expect(firstPrompt)
	term.leaves()
}

func TestPasted(t *testing.T) {
	s := explaining()
	for text, want := range map[string]string{
		"# two\nsockets | count;\nroutes | count;":             "sockets | count; routes | count",
		"// two\nsockets | count;\nroutes | count;":            "sockets | count; routes | count",
		"sockets | count;\n# second\nroutes | count;":          "sockets | count; routes | count",
		"-- my query\nSELECT lport FROM sockets":               "SELECT lport FROM sockets",
		"-- c\nroutes\n  | count":                              "routes | count",
		"sockets | count\n\nroutes | count\n":                  "sockets | count; routes | count",
		"sockets | count // a\nroutes | count // b\n":          "sockets | count; routes | count",
		"sockets | /* a\n b */ count\nroutes":                  "sockets | count; routes",
		"sockets\n\n  | where lport == 22\n-- or\nor pid == 1": "sockets | where lport == 22 or pid == 1",
		"sockets | where (\n lport == 22 // ssh\n)\nroutes":    "sockets | where ( lport == 22 ); routes",
		"SELECT lport -- it's; it\nFROM sockets\nWHERE pid":    "SELECT lport FROM sockets WHERE pid",
		"select lport\nfrom sockets\n\nroutes | count":         "select lport from sockets; routes | count",
		"explain sockets // a\n| count\n! echo // b":           "explain sockets | count; ! echo // b",
		"\ufeff# c\nroutes":                                    "routes",
		"# c\n":                                                "# c",
		"# c\n# d":                                             "",

		"\r\n a\tb \r\n":              " a b ",
		"sockets\n| limit 1 // why\n": "sockets | limit 1",
		"sockets '\nopen":             "sockets ' open",
		"a\x1b[31m\u202e\xffb\u00a0c": "a[31mb c",
		"":                            "",
	} {
		if got := s.pasted("", text, ""); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	list := "sockets where lport in [" + strings.Repeat("22,\n", longestSplit/4) + "23]"
	if got := s.pasted("", list, ""); strings.Contains(got, ";") {
		t.Errorf("a long query: %q", got)
	}
	got := s.pasted("", strings.Repeat("// c\nsockets // long\n| count\n", longestSplit/8), "")
	if want := strings.Repeat("sockets | count; ", longestSplit/8); got+"; " != want {
		t.Errorf("long: %q", got)
	}
	if got := s.pasted("sockets where (", "lport == 22\nor pid == 1", ")"); got != "lport == 22 or pid == 1" {
		t.Errorf("in the middle of a query: %q", got)
	}
}

// TestContinue: a line that begins with | continues the query before it, with its Tab, and is brought back as a whole.
func TestContinue(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	term.asks("| limit 2", "error: there is no query before this |")
	term.asks("numbers // five", "5  5 MiB  -\r\n")
	term.asks("  | sort n desc | sel"+tab+"tex"+tab+", n", "-     1\r\n")
	term.asks("schema numbers", "text  text")
	term.typed("| where (n == 3" + enter)
	term.expect(nextPrompt)
	term.asks(")", "text  n\r\n-     3\r\n")
	term.asks("| limit lots", "error: ")
	term.typed(arrowUp + arrowUp + enter)
	term.expect("numbers | sort n desc | select text, n | where (n == 3 )")
	term.expect("text  n\r\n-     3\r\n")
	term.leaves()
}
