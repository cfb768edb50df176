package complete

import (
	"context"
	"flag"
	"fmt"
	"iter"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"netql/query"
	"netql/query/expression"
	"netql/query/schema"
)

var update = flag.Bool("update", false, "write testdata/complete.txt anew")

type record struct{}

func (record) String() string { return "nothing" }

func (record) Rows(context.Context) iter.Seq2[*record, error] {
	return func(func(*record, error) bool) {}
}

// none is a column that nobody reads.
func none[V query.Value](name string) query.Column[record] {
	return query.Col(name, "", func(*record) (value V) { return value })
}

func table(name string, columns ...query.Column[record]) query.Declaration {
	first := []string{columns[0].Erased().Name}
	t := query.Define(query.Spec[record]{
		Doc: "Rows of " + name + ".", Columns: columns, Shown: first, Key: first,
		Scan: func(query.Request) query.Scan[record] { return record{} },
	})
	return query.Declaration{Name: name, Table: func() *query.Table { return t }}
}

func source() *Source {
	states := schema.NewVocabulary(schema.Word{Name: "ESTABLISHED", Aliases: []string{"ESTAB"}},
		schema.Word{Name: "LISTEN"}, schema.Word{Name: "TIME_WAIT"})
	return &Source{
		Catalog: query.NewCatalog(
			[]query.Declaration{
				table("sockets",
					query.Enum("state", "The state.", states, func(*record) string { return "" }),
					none[string]("process"), none[netip.Addr]("raddr"), none[query.Port]("rport"),
					none[time.Duration]("rtt"),
					query.Records("owners", "", []query.Column[record]{none[int]("pid"), none[string]("process")},
						func(*record) []record { return nil })),
				table("interfaces",
					none[string]("name"),
					query.Flags("flags", "", schema.Words("UP", "LOWER_UP"), func(*record) []string { return nil }),
					none[bool]("up"), none[query.Port]("port"), none[int]("rx_bytes").In(schema.Bytes)),
			},
			query.Function{Function: expression.Function{Name: "host", Doc: "A name.",
				Params: []expression.Param{{Name: "address"}}}},
		),
		Commands: []Word{
			{Name: "schema", Arguments: "TABLE", Takes: []Argument{{Tables: true, Query: false}}},
			{Name: "explain", Arguments: "QUERY", Takes: []Argument{{Query: true}}},
			{Name: "export", Arguments: "FILE QUERY", Takes: []Argument{{Files: true}, {Query: true}}},
			{Name: "format", Takes: []Argument{
				{Choices: func() []Candidate { return []Candidate{{Text: "json"}, {Text: "csv"}} }}}},
			{Name: "quit"},
		},
		Values: func(text string) ([]any, string) {
			switch {
			case strings.HasSuffix(text, "select process"):
				return []any{"nginx", "evil\x1b[2J", "it's \"so\"", "\u202e", nil, "sshd"}, ""
			case strings.HasSuffix(text, "select raddr"):
				return []any{netip.MustParseAddr("10.0.0.9"), netip.MustParseAddr("10.0.0.1"),
					netip.MustParseAddr("fe80::1%eth0")}, ""
			case strings.HasSuffix(text, "select rport"):
				return []any{443, 80}, ""
			}
			return []any{text}, "" // so that a test sees what was asked
		},
		Files: func(path string) []string {
			var found []string
			for _, name := range []string{"out.csv", "my file.csv", "dir/", "e\x1b[2J/"} {
				if strings.HasPrefix(name, path) {
					found = append(found, name)
				}
			}
			return found
		},
	}
}

// TestAt is the list testdata/complete.txt: a line up to the cursor, then the candidates and, behind a tab, what is
// typed by itself.
func TestAt(t *testing.T) {
	data, err := os.ReadFile("testdata/complete.txt")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for line := range strings.SplitSeq(strings.TrimSuffix(string(data), "\n"), "\n") {
		text, isLine := strings.CutPrefix(line, "> ")
		switch {
		case isLine:
			c := source().At(strings.TrimSuffix(text, "‸"))
			fmt.Fprintf(&got, "%s\n%s\n", line, shown(c))
		case line == "" || strings.HasPrefix(line, "#"):
			fmt.Fprintln(&got, line)
		}
	}
	if *update {
		if err := os.WriteFile("testdata/complete.txt", []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want := strings.Split(string(data), "\n")
	for i, line := range strings.Split(got.String(), "\n") {
		if i >= len(want) || line != want[i] {
			t.Fatalf("testdata/complete.txt: line %d is %q now (go test ./shell/complete -update)", i+1, line)
		}
	}
}

func shown(c Completion) string {
	var texts []string
	for _, candidate := range c.Candidates {
		texts = append(texts, candidate.Text)
	}
	return fmt.Sprintf("  %s\n  + %q", strings.Join(texts, " "), c.Insert())
}

// FuzzAt: whatever is typed, nothing panics, what is inserted continues the word, and no terminal obeys it.
func FuzzAt(f *testing.F) {
	for _, text := range []string{"sockets state == ", "sockets | group by state: p95(", "export \"my",
		"sockets process == 'ng", "join", "sockets | join interfaces on rport == "} {
		f.Add(text)
	}
	s := source()
	f.Fuzz(func(t *testing.T, text string) {
		c := s.At(text)
		for _, candidate := range c.Candidates {
			if schema.Visible(candidate.Text) != candidate.Text || len(candidate.Text) < len(c.Word) {
				t.Errorf("%q: %q for %q", text, candidate.Text, c.Word)
			}
		}
		if rest := c.Insert(); schema.Visible(rest) != rest {
			t.Errorf("%q: inserts %q", text, rest)
		}
	})
}
