package ss

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"netql/query"
	"netql/query/schema"
	"netql/shell/netstat"
	"netql/tables"
)

const (
	docsFile = "../../docs/ss.md"
	docsText = "testdata/docs.md" // with {{options}} and so on for what the tables say
)

// TestDocs compares docs/ss.md with the tables, and with -update writes it.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile(docsText)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("{{options}}\n", docsOptions(), "{{refused}}\n", docsRefused(),
		"{{states}}\n", docsStates(), "{{tests}}\n", docsTests(t), "{{examples}}\n",
		docsExamples(t)).Replace(string(text))
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
		t.Error("docs/ss.md is not what the tables say: run go test ./shell/ss -update")
	}
}

func docsOptions() string {
	var b strings.Builder
	for _, o := range Options() {
		if o.Becomes != "" {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", strings.ReplaceAll(o.usage(), "|", `\|`), o.Doc, o.Becomes)
		}
	}
	return b.String()
}

func docsRefused() string {
	var b strings.Builder
	for _, o := range Options() {
		if o.Instead != "" {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", o.usage(), o.Doc, o.Instead)
		}
	}
	return b.String()
}

// docsStates are the rows of the table of states: their names after state, and the condition that they become.
func docsStates() string {
	var b strings.Builder
	row := func(names []string, set states) {
		fmt.Fprintf(&b, "| `%s` | `%s` |\n", strings.Join(names, "`, `"), set.condition(allStates()).text)
	}
	for _, w := range stateWords {
		row(w.names, w.state)
	}
	for _, g := range stateGroups {
		if g.states == everyState {
			fmt.Fprintf(&b, "| `%s` | |\n", g.name)
			continue
		}
		row([]string{g.name}, g.states)
	}
	return b.String()
}

// allStates are the states of sockets of any kind.
func allStates() vocabulary {
	names := vocabulary{closed: "UNCONN"}
	for state, name := range streamStates {
		names[state] = name
	}
	return names
}

// docsTests are the rows of the table of conditions.
func docsTests(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, w := range testWords() {
		example := examples[w.word]
		if example == "" {
			example = w.word
		}
		system := someSystem
		f := &filter{text: example, tokens: tokens(example), system: system, familyOf: anyInet}
		c, err := f.parse()
		if err != nil {
			t.Fatalf("%s: %v", example, err)
		}
		fmt.Fprintf(&b, "| `%s` | %s | `%s` |\n", example, w.doc, c("sockets").text)
	}
	return b.String()
}

func docsExamples(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, e := range exampleLines {
		command, err := Parse(strings.Fields(e.line), someSystem)
		if err != nil {
			t.Fatalf("the example ss %s: %v", e.line, err)
		}
		fmt.Fprintf(&b, "\n`ss %s`: %s\n\n```netql\n", e.line, e.doc)
		for _, display := range command.Displays {
			b.WriteString(display.Query + "\n")
		}
		b.WriteString("```\n")
	}
	return b.String()
}

// elsewhere are the options that no example uses: they ask for usage, for another system, for files, without end, or
// for what few machines have.
var elsewhere = []string{"-h", "-V", "-N", "-F", "-E", "-B"}

// TestOptions: each option says what it is and what becomes of it, or what to do instead, once; an example uses it.
func TestOptions(t *testing.T) {
	used := map[string]bool{}
	for _, e := range exampleLines {
		for _, o := range optionsIn(e.line) {
			used[o.name()] = true
		}
	}
	seen := map[string]bool{}
	usage := Usage()
	for _, o := range Options() {
		if o.Doc == "" || (o.Becomes == "") != (o.Instead != "") || len(o.Long) == 0 ||
			o.Instead == "" && (o.set == nil) == (o.take == nil) ||
			(o.take != nil) != (o.Argument != "" && o.Instead == "") {
			t.Errorf("the row of %s has not what it means here and a function, or what to do instead: %+v", o.name(), o)
		}
		for _, name := range append(slices.Clone(o.Long), o.Letter) {
			if name != "" && seen[name] {
				t.Errorf("%s is there twice", name)
			}
			seen[name] = true
		}
		if !strings.Contains(usage, o.usage()) {
			t.Errorf("usage has nothing of %s", o.name())
		}
		if o.Becomes != "" && !used[o.name()] && !slices.Contains(elsewhere, o.name()) {
			t.Errorf("none of the examples in shell/ss/examples_test.go has %s", o.name())
		}
	}
}

// optionsIn are the options of a line.
func optionsIn(line string) (list []Option) {
	for word := range strings.FieldsSeq(line) {
		for _, o := range Options() {
			long, isLong := strings.CutPrefix(word, "--")
			short, isShort := strings.CutPrefix(word, "-")
			if isLong && slices.Contains(o.Long, long) || !isLong && isShort && o.Letter != "" &&
				strings.Contains(short, o.Letter) {
				list = append(list, o)
			}
		}
	}
	return list
}

// TestLayouts: the queries of every example select what their layouts read.
func TestLayouts(t *testing.T) {
	for _, e := range exampleLines {
		for _, beside := range []string{"", " -a", " -n", " -p", " -e", " -m", " -i", " -Q", " -aroempiQ"} {
			command, err := Parse(strings.Fields(e.line+beside), someSystem)
			if err != nil {
				t.Errorf("%s%s: %v", e.line, beside, err)
				continue
			}
			for _, d := range command.Displays {
				plan, err := query.Compile(d.Query, tables.Catalog(), someState())
				if err != nil {
					t.Errorf("%s: %v", d.Query, err)
					continue
				}
				if lacks := lacking(d.Layout, plan.Schema().Visible()); len(lacks) > 0 {
					t.Errorf("ss %s%s: the layout wants the columns %v: %s", e.line, beside, lacks, d.Query)
				}
			}
		}
	}
}

// lacking are the columns that a layout reads, and that its query does not select, for rows of each protocol and type.
// -Q takes the queues away.
func lacking(l netstat.Layout, columns []*schema.Column) (lacks []string) {
	for _, kind := range []string{"tcp", "udp", "raw", "stream"} {
		row := netstat.Row(func(name string) any {
			i := slices.IndexFunc(columns, func(c *schema.Column) bool { return c.Name == name })
			switch {
			case i >= 0 && (name == "proto" || name == "type"):
				return kind
			case i < 0 && name != "recv_queue" && name != "send_queue" && !slices.Contains(lacks, name):
				lacks = append(lacks, name)
			}
			return nil
		})
		if l.NeedsAllRows() {
			l.Summary([]netstat.Row{row})
			continue
		}
		l.Lines(row)
	}
	return lacks
}
