package shell

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"netql/query"
	"netql/query/schema"
	"netql/sources/lab"
	"netql/tables"
)

// TestWords: what the words of the prompt answer.
func TestWords(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	for _, test := range []struct{ typed, shown string }{
		{"schema numbers", "  size  int, bytes"},
		{"SCHEMA numbers | count by text", "  count  int"},
		{"schema nubmers", `hint: did you mean "numbers"?`},
		{"schema", "hint: the columns of a table"},
		{"explain numbers n == 2 | limit 1",
			"scan numbers: made up\r\n  reads n, size, text\r\nfilter n == 2\r\nlimit 1\r\n"},
		{"format", "format auto\r\n"},
		{"format jsn", "hint: did you mean json?"},
		{"format json", ""},
		{"numbers n == 1", `{"n":1,"size":1048576,"text":null}`},
		{"format AUTO", ""},
		{"help nothing", `error: there is no help about "nothing"`},
		{"help count", "| count by ITEM, ..."},
		{"help p95", "p95(x)"},
		{"help numbers", "  numbers  Rows for tests."},
		{"help size", "numbers | select n, size | limit 5"},
		{"help numbers.text", "numbers.text  text"},
		{"schema numbers size text", "  size  int, bytes"},
		{"help export", "export FILE QUERY"},
		{"help filer", `hint: did you mean help filter?`},
		{"quit now", "error: usage: quit\r\n"},
		{"shema numbers", `hint: did you mean "schema"?`},
		{"helm", `hint: did you mean "help"?`},
		{"history 2", "helm\r\n   23  history 2\r\n"},
		{"history x", `error: history cannot show "x" entries`},
		{"history | where n == 1", `error: unknown table "history"`},
	} {
		term.typed(test.typed + enter)
		term.expect(test.typed + "\r\n")
		term.expect(test.shown)
		term.expect(firstPrompt)
	}
	term.typed("explain numbers (n == 1" + enter)
	term.expect(nextPrompt)
	term.asks("or n == 2)", "filter n == 1 or n == 2")
	term.typed("EXIT" + enter)
	term.ends()
}

// TestExport: the name tells the format, and a file is replaced by a complete answer and by nothing else.
func TestExport(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	in := func(name string) string { return filepath.Join(term.home, name) }
	read := func(name string) string {
		text, err := os.ReadFile(in(name))
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
	os.WriteFile(in("old.csv"), []byte("old"), 0o640)
	os.Symlink("old.csv", in("link.csv"))
	os.WriteFile(in("kept.csv"), []byte("kept"), 0o600)
	os.Mkdir(in("folder.csv"), 0o700)
	for _, test := range []struct{ typed, shown string }{
		{"export ~/one.csv numbers n == 1", "note: ~/one.csv: 1 row\r\n"},
		{"export ~/all.ndjson numbers | select n", "note: ~/all.ndjson: 5 rows\r\n"},
		{`export "~/two words.JSON" numbers n == 1 | select n`, "1 row\r\n"},
		{"export ~/link.csv numbers n == 2", "1 row\r\n"},
		{"export ~/kept.csv broken", `error: the dump was cut short\x1b[2J; ~/kept.csv is left as it was`},
		{"export ~/kept.csv nubmers", `hint: did you mean "numbers"?`},
		{"export ~/folder.csv numbers", "error: cannot write ~/folder.csv: it is no regular file"},
		{"export ~/none/x.csv numbers", "error: cannot write ~/none/x.csv: no such file or directory"},
		{"export ~/x numbers", `error: the name of the file tells its format, and "~/x" tells none`},
		{"export numbers | limit 1", "error: the file is missing"},
		{"export ~/x.csv", "error: the query is missing"},
		{"export ~/guarded.csv guarded", "warning: no permission"},
		{`export ~/followed.csv happening | follow | limit 2 | select n`, "note: ~/followed.csv: 2 rows"},
		{`export ~/watched.csv moving | select n | watch 20ms until count() == 3`, "note: ~/watched.csv is written"},
	} {
		term.typed(test.typed + enter)
		term.expect(test.typed + "\r\n")
		term.expect(test.shown)
		term.expect(firstPrompt)
	}
	for _, query := range []string{"slow", "happening | follow | select n"} {
		term.typed("export ~/kept.csv " + query + enter)
		term.expect(query + "\r\n")
		term.interrupts()
		term.expect("note: ~/kept.csv")
		term.expect(firstPrompt)
		if text := read("kept.csv"); query == "slow" && text != "kept" ||
			query != "slow" && !strings.HasPrefix(text, "n\n") {
			t.Errorf("%s: the file has %q", query, text)
		}
	}
	for name, want := range map[string]string{
		"one.csv": "n,size,text\n1,1048576,\n", "all.ndjson": "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n{\"n\":5}\n",
		"two words.JSON": "[\n{\"n\":1}\n]\n", "old.csv": "n,size,text\n2,2097152,\n",
		"guarded.csv": "n,size,text\n1,1048576,\n",
	} {
		if got := read(name); got != want {
			t.Errorf("%s has %q", name, got)
		}
	}
	checkMode(t, in("old.csv"), 0o640)
	if lines := strings.Count(read("watched.csv"), "\n"); lines != 6 {
		t.Errorf("watched: %q", read("watched.csv"))
	}
	if left, _ := filepath.Glob(in(".netql-*")); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}

// TestHelp: all that help shows fits a usual terminal, and what it recommends is a query.
func TestHelp(t *testing.T) {
	t.Parallel()
	catalog := tables.Catalog()
	for _, topic := range topics() {
		text := topicHelp(topic.name, catalog)
		for line := range strings.SplitSeq(text, "\n") {
			if len(line) > helpWidth && !strings.HasPrefix(line, "  sockets") || schema.Visible(line) != line {
				t.Errorf("%s: %q", topic.name, line)
			}
		}
		if !strings.Contains(promptStart(), topic.name) {
			t.Errorf("help does not tell of %s", topic.name)
		}
		for _, example := range topic.examples {
			if _, err := query.Compile(example.query, catalog, askSSH()); err != nil {
				t.Errorf("%s: %v", example.query, err)
			}
		}
	}
}

// TestHelpRun: what help recommends can be run as it is.
func TestHelpRun(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "/etc/services")
		catalog := tables.Catalog()
		for _, topic := range topics() {
			for _, example := range topic.examples {
				if err := run(example.query, catalog); err != nil {
					t.Errorf("%s: %v", example.query, err)
				}
			}
		}
	})
}

func promptStart() string { return topicHelp(topics()[0].name, tables.Catalog()) + topics()[0].name }
