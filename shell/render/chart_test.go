package render_test

import (
	"bytes"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"netql/query/schema"
	"netql/shell/render"
)

// traffic has a state, two numbers of one unit, and one of another.
func traffic() ([]*schema.Column, []values) {
	return columnsOf(
		schema.Column{Name: "rx", Type: schema.Of(schema.Int), Unit: schema.Bytes},
		schema.Column{Name: "tx", Type: schema.Of(schema.Int), Unit: schema.Bytes},
		schema.Column{Name: "n", Type: schema.Of(schema.Float)},
		schema.Column{Name: "state", Type: schema.Type{Kind: schema.Enum, Words: states}},
	), []values{{1000, 100, 0.5, "ESTAB"}, {10, 1, 4.0, "LISTEN"}, {nil, 0, nil, "CLOSE-WAIT"}}
}

// TestCharts draws two numbers, logarithms, shares and colours in each format that has bars.
func TestCharts(t *testing.T) {
	columns, rows := traffic()
	both := &schema.Bars{Numbers: columns[:2]}
	for name, test := range map[string]struct {
		options render.Options
		want    string
	}{
		"two of one unit": {render.Options{Format: "table", Width: 60, Bars: both}, `
    rx     tx    n  state                  rx│tx
1000 B  100 B  0.5  ESTAB       █████████████│█▎
  10 B    1 B    4  LISTEN                  ▐│▏
     -    0 B    -  CLOSE-WAIT               │
`},
		"two units, log, ASCII": {
			render.Options{Format: "plain", Width: 60, ASCII: true,
				Bars: &schema.Bars{Numbers: []*schema.Column{columns[0], columns[2]}, Log: true}}, `
  rx   tx    n  state                    rx|n
1000  100  0.5  ESTAB       ###############|#######
  10    1    4  LISTEN                #####|###############
   -    0    -  CLOSE-WAIT                 |
`},
		"shares": {render.Options{Format: "table", Width: 60, Bars: &schema.Bars{Numbers: columns[1:2], Share: true}}, `
    rx     tx    n  state       share
1000 B  100 B  0.5  ESTAB       99.0%  █████████████████████
  10 B    1 B    4  LISTEN       1.0%  ▎
     -    0 B    -  CLOSE-WAIT
`},
		"no bar where it is not known": {
			render.Options{Format: "table", Width: 50, NoHeader: true,
				Bars: &schema.Bars{Numbers: columns[2:3], Known: columns[0]}}, `
1000 B  100 B  0.5  ESTAB       ██▎
  10 B    1 B    4  LISTEN      ██████████████████
     -    0 B    -  CLOSE-WAIT
`},
		"html": {render.Options{Format: "html", Bars: both}, `
<table>
<thead>
<tr><th style="text-align: right">rx</th><th style="text-align: right">tx</th>` +
			`<th style="text-align: right">n</th><th>state</th><th></th></tr>
</thead>
<tbody>
<tr><td style="text-align: right">1000 B</td><td style="text-align: right">100 B</td>` +
			`<td style="text-align: right">0.5</td><td>ESTAB</td><td><svg width="400" height="12" role="img">` +
			`<rect x="0.0" width="200.0" height="12" fill="seagreen"/>` +
			`<rect x="200.0" width="20.0" height="12" fill="seagreen"/>` +
			`<rect x="200" width="1" height="12" fill="gray"/></svg></td></tr>
<tr><td style="text-align: right">10 B</td><td style="text-align: right">1 B</td>` +
			`<td style="text-align: right">4</td><td>LISTEN</td><td><svg width="400" height="12" role="img">` +
			`<rect x="198.0" width="2.0" height="12" fill="steelblue"/>` +
			`<rect x="200.0" width="1.0" height="12" fill="steelblue"/>` +
			`<rect x="200" width="1" height="12" fill="gray"/></svg></td></tr>
<tr><td style="text-align: right">-</td><td style="text-align: right">0 B</td>` +
			`<td style="text-align: right">-</td><td>CLOSE-WAIT</td><td><svg width="400" height="12" role="img">` +
			`<rect x="200" width="1" height="12" fill="gray"/></svg></td></tr>
</tbody>
</table>
`},
		"markdown": {render.Options{Format: "markdown", Bars: &schema.Bars{Numbers: columns[:2], Share: true}}, `
| rx | tx | n | state | rx share | tx share |  |  |
| ---: | ---: | ---: | --- | ---: | ---: | ---: | --- |
` + "| 1000 B | 100 B | 0.5 | ESTAB | 99.0% | 99.0% | `████████████████████` | `██` |\n" +
			"| 10 B | 1 B | 4 | LISTEN | 1.0% | 1.0% | `▎` | `▏` |\n" +
			`| - | 0 B | - | CLOSE-WAIT |  |  | | |
`},
		"csv has none": {render.Options{Format: "csv", NoHeader: true, Bars: both}, `
1000,100,0.5,ESTAB
10,1,4,LISTEN
,0,,CLOSE-WAIT
`},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if n, err := render.Write(t.Context(), &out, columns, stream(rows), test.options); err != nil ||
				n != len(rows) {
				t.Fatalf("%d rows, %v", n, err)
			}
			if got := out.String(); got != test.want[1:] {
				t.Errorf("got\n%swant%s", got, test.want)
			}
		})
	}
}

// TestChartColors: a bar has the colour of its row's state, in a table with colours and nowhere else.
func TestChartColors(t *testing.T) {
	columns, rows := traffic()
	for format, want := range map[string]string{"table": "\x1b[32m██████████",
		"plain": "1000  100  0.5  ESTAB  ██████████"} {
		var out bytes.Buffer
		options := render.Options{Format: format, Width: 40, Color: true, Bars: &schema.Bars{Numbers: columns[:1]}}
		if _, err := render.Write(t.Context(), &out, columns, stream(rows[:1]), options); err != nil ||
			!strings.Contains(out.String(), want) {
			t.Errorf("%s: %v, %q", format, err, out.String())
		}
	}
}

// TestFrameCharts: on a screen, bars and shares fill the window and no more.
func TestFrameCharts(t *testing.T) {
	columns, rows := traffic()
	lines := make([]render.Line, len(rows))
	for i := range rows {
		lines[i] = render.Line{Values: rows[i]}
	}
	options := render.Options{Width: 70, Bars: &schema.Bars{Numbers: columns[:2], Share: true}}
	want := []string{
		"       rx     tx    n  state       rx share  tx share       rx│tx",
		"   1000 B  100 B  0.5  ESTAB          99.0%     99.0%  ███████│▊",
		"     10 B    1 B    4  LISTEN          1.0%      1.0%        ▐│▏",
		"        -    0 B    -  CLOSE-WAIT                             │",
	}
	if got := render.Frame(columns, lines, -1, options).Lines(); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestSeriesScale: the graphs of a column have one scale, whose ends stand in its name, and keep their newest part.
func TestSeriesScale(t *testing.T) {
	columns := columnsOf(schema.Column{Name: "s", Type: schema.Of(schema.Series), Unit: schema.BitsPerSecond})
	rows := []values{{[]float64{0, 0, 0, 0, 8e6, 4e6}}, {[]float64{1e6, 2e6}}, {nil}}
	const name = "s 0 bit/s..8 Mbit/s"
	for format, want := range map[string]string{
		"table":    name + "\n▁▁▁▁█▅\n▂▃\n-\n",
		"markdown": "| " + name + " |\n| --- |\n| ▁▁▁▁█▅ |\n| ▂▃ |\n| - |\n",
		"plain":    "s\n[0,0,0,0,8000000,4000000]\n[1000000,2000000]\n-\n",
	} {
		var out bytes.Buffer
		if _, err := render.Write(t.Context(), &out, columns, failing(rows, errBroken),
			render.Options{Format: format}); err != errBroken || out.String() != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", format, err, out.String(), want)
		}
	}
	lines := []render.Line{{Values: values{[]float64{0, 9, 0, 0, 0, 0, 0, 0, 8, 4}}}, {Values: values{nil}}}
	if got := render.Frame(columns, lines, -1, render.Options{Width: 11}).Lines()[1]; got != "   ▁▁▁▁▁▁█▅" {
		t.Errorf("in a narrow window: %q", got)
	}
}

// TestChartIsXML: images in HTML are well-formed, where xmllint is there to say so.
func TestChartIsXML(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("no xmllint")
	}
	var out bytes.Buffer
	columns := nasty()
	options := render.Options{Format: "html", Bars: &schema.Bars{Numbers: columns[4:6], Share: true, Log: true}}
	if _, err := render.Write(t.Context(), &out, columns, stream(nastyRows()), options); err != nil {
		t.Fatal(err)
	}
	check := exec.Command(xmllint, "--noout", "-")
	check.Stdin = &out
	if text, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, text)
	}
}

// TestNothingLeftOut: a frame of which nothing is left out has no line that says so, in colours either.
func TestNothingLeftOut(t *testing.T) {
	for _, color := range []bool{false, true} {
		framed := render.Frame(connections()[:2], []render.Line{{Values: v4[:2]}}, -1, render.Options{Color: color})
		if framed.NotShown != "" || len(framed.Lines()) != 2 {
			t.Errorf("%q", framed)
		}
	}
}
