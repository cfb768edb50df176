package render_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"netql/query/schema"
	"netql/shell/render"
)

// drawn writes edges from texts to a kind of values.
func drawn(t *testing.T, options render.Options, to schema.Kind, rows []values) string {
	t.Helper()
	columns := columnsOf(
		schema.Column{Name: "process", Type: schema.Of(schema.Text)}, schema.Column{Name: "peer", Type: schema.Of(to)},
		schema.Column{Name: "bytes", Type: schema.Of(schema.Int), Unit: schema.Bytes},
	)
	options.Graph = &schema.Graph{From: columns[0], To: columns[1]}
	var out bytes.Buffer
	if n, err := render.Write(t.Context(), &out, columns, stream(rows), options); err != nil || n != len(rows) {
		t.Fatalf("%d rows, %v", n, err)
	}
	return out.String()
}

// circles has a root, circles, one that talks to itself, and ends that are not known.
func circles() []values {
	return []values{
		{"a", "b", 2000}, {"b", "c", 1}, {"c", "a b", 2}, {"c", "b", 30_000}, {"d", "d", 4}, {"e", nil, 5},
		{"x", "y", 1}, {"y", "x", 1}, {nil, "a", 6}, {nil, "b", 7}, {nil, nil, 8},
	}
}

// TestGraphs: in a tree every row is on one line, and what hangs from a node is shown once.
func TestGraphs(t *testing.T) {
	for name, test := range map[string]struct {
		options render.Options
		to      schema.Kind
		rows    []values
		want    string
	}{
		"tree": {render.Options{Format: "table", Width: 80}, schema.Text, circles(), `
process → peer         bytes
a                        6 B
└─ b                  2000 B
   └─ c                  1 B
      ├─ a b             2 B
      └─ b (above)  29.3 KiB
d
└─ d (above)             4 B
e
└─ -                     5 B
-
├─ b (above)             7 B
└─ -                     8 B
x
└─ y                     1 B
   └─ x (above)          1 B
`},
		"two kinds of nodes, in plain ASCII": {render.Options{Format: "plain", ASCII: true}, schema.Address,
			circles()[2:6], `
process -> peer  bytes
c
|- a b               2
` + "`- b             30000\nd\n`- d                 4\ne\n`- -                 5\n"},
		"html": {render.Options{Format: "html"}, schema.Text,
			[]values{{"<a>", "b", 1}, {"b", "c", 2}, {nil, "<a>", 3}}, `
<ul>
<li>&lt;a&gt; (3 B)
<ul>
<li>b (1 B)
<ul>
<li>c (2 B)</li>
</ul>
</li>
</ul>
</li>
</ul>
`},
		"dot": {render.Options{Format: "dot"}, schema.Text, []values{
			{`a"\`, "b\n&lt;", 1}, {"b\n&lt;", `a"\`, 2}, {nil, "eth0", 3}, {nil, `a"\`, 4}}, `
digraph netql {
    rankdir=LR;
    node [shape=box];
    n0 [label="a\"\\"];
    n1 [label="b\\n&amp;lt;"];
    n0 -> n1 [label="1 B"];
    n1 -> n0 [label="2 B"];
    n3 [label="eth0"];
    n2 [label="-"];
    n2 -> n0 [label="4 B"];
}
`},
		"mermaid": {render.Options{Format: "mermaid"}, schema.Address, []values{{"]\"; %%{x}`- y", nil, 1}}, `
flowchart LR
    n0["#93;#34;#59; #37;#37;#123;x#125;#96;#45; y"]
    n1["#45;"]
    n0 -->|"1 B"| n1
`},
		"markdown": {render.Options{Format: "markdown"}, schema.Text, []values{{"```", "b", 1}}, "\n```mermaid\n" +
			"flowchart LR\n    n0[\"#96;#96;#96;\"]\n    n1[\"b\"]\n    n0 -->|\"1 B\"| n1\n```\n"},
		"csv has rows": {render.Options{Format: "csv"}, schema.Text, circles()[8:], `
process,peer,bytes
,a,6
,b,7
,,8
`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := drawn(t, test.options, test.to, test.rows); got != test.want[1:] {
				t.Errorf("got\n%swant%s", got, test.want)
			}
		})
	}
}

// TestDeepTree: a chain of a thousand nodes is shown in pieces, each of which begins further down.
func TestDeepTree(t *testing.T) {
	var rows []values
	for i := range 1000 {
		rows = append(rows, values{"n" + strconv.Itoa(i), "n" + strconv.Itoa(i+1), 1})
	}
	text := drawn(t, render.Options{Format: "table"}, schema.Text, rows)
	if n := strings.Count(text, " (below)"); n != 62 || strings.Count(text, "1 B\n") != len(rows) {
		t.Errorf("%d pieces, %d edges:\n%.3000s", n, strings.Count(text, "1 B\n"), text)
	}
}
