package tables_test

import (
	"bufio"
	"fmt"
	"net/netip"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
	"netql/tables"
)

// checkCase is a check of testdata/checks.txt, with made-up rows of two samples by table, and what it finds.
type checkCase struct {
	name   string
	source []string
	rows   map[string][][]*tables.MadeUp
	lines  int // how many rows the second sample has
	found  []string
}

const checkCases = "testdata/checks.txt"

// readCheckCases reads the file: a line "> CHECK", lines "TABLE COLUMN=VALUE ..." of rows, in which a value A->B is A
// in the first sample and B in the second; and what is found, with two samples ("twice") and with one ("once").
func readCheckCases(t *testing.T) (cases []*checkCase) {
	t.Helper()
	file, err := os.Open(checkCases)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	catalog := tables.Catalog()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if name, begins := strings.CutPrefix(line, "> "); begins {
			cases = append(cases, &checkCase{name: name, rows: map[string][][]*tables.MadeUp{}})
			continue
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		c := cases[len(cases)-1]
		if strings.HasPrefix(line, "twice ") || strings.HasPrefix(line, "once ") {
			c.found = append(c.found, line)
			continue
		}
		c.source = append(c.source, line)
		c.addRow(t, catalog, line)
	}
	return cases
}

// find is what the check finds in two samples that are so long apart; 0 means in the second one alone.
func (c *checkCase) find(t *testing.T, apart time.Duration) (found []string) {
	t.Helper()
	rows := c.rows
	if apart == 0 {
		rows = map[string][][]*tables.MadeUp{}
		for table, samples := range c.rows {
			rows[table] = samples[1:]
		}
	}
	synctest.Test(t, func(t *testing.T) {
		var err error
		found, err = tables.MakeCheck(t.Context(), c.name, rows, tables.Ask(sources.Live()), apart)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
	})
	return found
}

func (c *checkCase) addRow(t *testing.T, catalog *query.Catalog, line string) {
	t.Helper()
	words := strings.Fields(line)
	table, ok := catalog.Table(words[0])
	if !ok {
		t.Fatalf("%s: there is no table %s", c.name, words[0])
	}
	samples := c.rows[table.Name]
	if samples == nil {
		samples = make([][]*tables.MadeUp, 2)
	}
	before, now := tables.MadeUp{}, tables.MadeUp{}
	for _, word := range words[1:] {
		name, value, _ := strings.Cut(word, "=")
		i := slices.IndexFunc(table.Columns, func(c *schema.Column) bool { return c.Name == name })
		if i < 0 {
			t.Fatalf("%s: %s has no column %s", c.name, table.Name, name)
		}
		first, second, differs := strings.Cut(value, "->")
		if !differs {
			second = first
		}
		before[name], now[name] = madeUpValue(t, table.Columns[i].Type, first),
			madeUpValue(t, table.Columns[i].Type, second)
	}
	samples[0], samples[1] = append(samples[0], &before), append(samples[1], &now)
	c.rows[table.Name] = samples
	c.lines++
}

// madeUpValue is a value of a type, of its text; a name after a comma is another element.
func madeUpValue(t *testing.T, typ schema.Type, text string) (value any) {
	t.Helper()
	var err error
	switch typ.Kind {
	case schema.Bool:
		value, err = strconv.ParseBool(text)
	case schema.Int, schema.Port:
		value, err = strconv.Atoi(text)
	case schema.Float:
		value, err = strconv.ParseFloat(text, 64)
	case schema.Text:
		value = text
	case schema.Enum:
		word, ok := typ.Words.Find(text)
		if value = word; !ok {
			err = fmt.Errorf("%s is no word", text)
		}
	case schema.Flags:
		value = strings.Split(text, ",")
	case schema.Address:
		value, err = netip.ParseAddr(text)
	case schema.Prefix:
		value, err = netip.ParsePrefix(text)
	case schema.Endpoint:
		value, err = netip.ParseAddrPort(text)
	case schema.Duration:
		value, err = time.ParseDuration(text)
	case schema.MAC:
		value, _ = schema.ParseHardwareAddr(text)
	case schema.List:
		var list []any
		for element := range strings.SplitSeq(text, ",") {
			list = append(list, madeUpValue(t, *typ.Elem, element))
		}
		value = list
	default:
		err = fmt.Errorf("no values of %s are made up", typ)
	}
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// TestCheckSentences: each check finds its trouble in made-up rows, and not in those beside it, which are well, and
// says so in plain words.
func TestCheckSentences(t *testing.T) {
	cases := readCheckCases(t)
	var written strings.Builder
	fmt.Fprintln(&written, "# Rows that checks look at, and what they find. The lines behind the rows are written by\n"+
		"# go test ./tables -run TestCheckSentences -update. A value A->B is A in the first sample and B in the "+
		"second.")
	names := tables.CheckNames()
	for _, c := range cases {
		fmt.Fprintf(&written, "\n> %s\n%s\n", c.name, strings.Join(c.source, "\n"))
		var lines []string
		for _, mode := range []string{"twice", "once"} {
			found := c.find(t, map[string]time.Duration{"twice": time.Second, "once": 0}[mode])
			if mode == "twice" && len(found) == 0 {
				t.Errorf("%s finds nothing", c.name)
			}
			if mode == "twice" && len(found) >= c.lines && c.lines > 1 {
				t.Errorf("%s finds something in rows that are well", c.name)
			}
			for _, line := range found {
				lines = append(lines, mode+" "+line)
				sayings(t, c.name, line)
			}
		}
		fmt.Fprintln(&written, strings.Join(lines, "\n"))
		if !*update && !slices.Equal(lines, c.found) {
			t.Errorf("%s finds\n%s\nwant\n%s", c.name, strings.Join(lines, "\n"), strings.Join(c.found, "\n"))
		}
		names = slices.DeleteFunc(names, func(name string) bool { return name == c.name })
	}
	if len(names) > 0 {
		t.Errorf("%s has nothing about %q", checkCases, names)
	}
	if *update {
		if err := os.WriteFile(checkCases, []byte(written.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestChecksPerSecond: what a check asks for in a second is nothing where it took an hour.
func TestChecksPerSecond(t *testing.T) {
	asked := 0
	for _, c := range readCheckCases(t) {
		doc := ask(t, sources.Live(), fmt.Sprintf("checks name == %q | select doc", c.name)).rows[0]["doc"]
		if !strings.Contains(doc.(string), "in a second") {
			continue
		}
		asked++
		if found := c.find(t, time.Hour); len(found) > 0 {
			t.Errorf("%s finds in an hour what it asks for in a second: %q", c.name, found)
		}
	}
	if asked < 10 {
		t.Errorf("only %d checks ask for something in a second", asked)
	}
}

// TestCheckExplainers: what a check counts is named by checks that there are, and which stand for themselves.
func TestCheckExplainers(t *testing.T) {
	explainers := tables.CheckExplainers()
	for check, names := range explainers {
		for _, name := range names {
			if by, known := explainers[name]; !known || len(by) > 0 {
				t.Errorf("%s is explained by %s, which is no check or explained by %q", check, name, by)
			}
		}
	}
}

// oneOfMany finds "1 sockets".
var oneOfMany = regexp.MustCompile(`(^|[^0-9.,a-z])1 (of )?(bad |received )?(packet|connection|segment|datagram|` +
	`time|flow|route|address|port|SYN|byte|machine|interface)e?s( |\.|,|$)`)

// sayings complains of what no person would say.
func sayings(t *testing.T, check, line string) {
	t.Helper()
	_, sentence, _ := strings.Cut(line, "): ")
	for _, wrong := range []string{"  ", "{", "}", " ,", " - ", "nil", "SINCE", "..", "|"} {
		if strings.Contains(sentence, wrong) {
			t.Errorf("%s: %q in %s", check, wrong, sentence)
		}
	}
	if !strings.HasSuffix(sentence, ".") || oneOfMany.MatchString(sentence) {
		t.Errorf("%s: no sentence: %s", check, sentence)
	}
}
