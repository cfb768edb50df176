package netstat

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
	"netql/sources/vfs/vfstest"
	"netql/tables"
)

// TestFlags: each flag of each dialect, alone and beside -a and -n, becomes queries that compile, whose layouts know
// their columns; it stands in the synopsis, and an example uses it.
func TestFlags(t *testing.T) {
	catalog := tables.Catalog()
	state := tables.Ask(&sources.System{Files: vfstest.Files{"/etc/services": {Text: "ssh 22/tcp\n"}}})
	for _, d := range Dialects() {
		for i := range d.Flags {
			f := &d.Flags[i]
			row := fmt.Sprintf("the flag %s in shell/netstat/%s.go", f.usage(), d.Name)
			if f.Letter != "" && !strings.Contains(lettersOf(d.Synopsis), f.Letter) {
				t.Errorf("%s: its letter is not in Synopsis", row)
			}
			if isAsking(f) || f.refused != nil {
				continue // it shows no rows
			}
			words, found := d.exampleOf(f)
			if argument := ofElsewhere[f.Letter]; d == &bsd && argument != "" {
				words, found = []string{"-" + f.Letter, argument}, true
			}
			if !found {
				t.Errorf("%s: none of Examples uses it%s", row, argumentHint(f))
				continue
			}
			for _, beside := range []string{"", "-a", "-n", "-an"} {
				line := strings.Join(append(words, strings.Fields(beside)...), " ")
				if err := compiles(d, line, catalog, state); err != nil {
					t.Errorf("%s: netstat %s: %v", row, line, err)
				}
			}
		}
	}
}

// isAsking says whether a flag asks for help or the version.
func isAsking(f *Flag) bool {
	return slices.Contains(f.Long, "help") || slices.Contains(f.Long, "version")
}

// ofElsewhere are the flags of BSD that ask another system, with an argument. The tests run all examples, and no file
// or namespace is on every machine.
var ofElsewhere = map[string]string{"M": "netql.capture", "N": "1"}

// lettersOf are what stands behind a - in a synopsis.
func lettersOf(synopsis []string) (letters string) {
	for word := range strings.FieldsSeq(strings.Join(synopsis, " ")) {
		if _, after, found := strings.Cut(strings.Trim(word, "[]{}"), "-"); found {
			letters += after
		}
	}
	return letters
}

// exampleOf is the flag with its arguments, as an example has them.
func (d *Dialect) exampleOf(f *Flag) (words []string, found bool) {
	for _, e := range d.Examples {
		for _, o := range split(strings.Fields(e.Flags), []*Dialect{d}, someProtocols).flags {
			if flag, err := d.flag(o); err == nil && flag == f {
				return append([]string{o.name()}, o.arguments...), true
			}
		}
	}
	return nil, false
}

// argumentHint tells of the other row that a flag with an argument needs.
func argumentHint(f *Flag) string {
	if _, takes := argumentRules[f.Letter]; f.Argument != "" && !takes {
		return " (what its argument may be belongs into argumentRules, shell/netstat/line.go)"
	}
	return ""
}

// compiles tells what is wrong with the queries and layouts of a line.
func compiles(d *Dialect, line string, catalog *query.Catalog, state query.State) error {
	command, err := Parse(strings.Fields(line), d.Name, someProtocols)
	if err != nil {
		return err
	}
	if len(command.Displays) == 0 {
		return fmt.Errorf("it shows nothing")
	}
	for _, display := range command.Displays {
		plan, err := query.Compile(display.Query, catalog, state)
		if err != nil {
			return fmt.Errorf("%s: %w", display.Query, err)
		}
		if lacks := lacking(&display.Layout, plan.Schema().Visible()); len(lacks) > 0 {
			return fmt.Errorf("its layout wants the columns %v, which the query does not select: %s", lacks,
				display.Query)
		}
	}
	return nil
}

// lacking are the columns that a layout reads, and that its query does not select. Only the names of networks need not
// be there: they are selected where names are wanted.
func lacking(l *Layout, columns []*schema.Column) []string {
	lacks := map[string]bool{}
	row := Row(func(name string) any {
		i := slices.IndexFunc(columns, func(c *schema.Column) bool { return c.Name == name })
		if i < 0 {
			lacks[name] = name != "network"
			return nil
		}
		return someValue(columns[i].Type)
	})
	if l.HasAbove() {
		l.Above(row)
	}
	if l.NeedsAllRows() {
		l.Summary([]Row{row})
	} else {
		l.Lines(row)
	}
	maps.DeleteFunc(lacks, func(_ string, lacking bool) bool { return !lacking })
	return slices.Sorted(maps.Keys(lacks))
}

// someValue is a text where one is never NULL, else NULL.
func someValue(t schema.Type) any {
	switch {
	case t.Kind == schema.Text:
		return "text"
	case t.Kind == schema.Enum:
		return t.Words.Words()[0].Name
	}
	return nil
}
