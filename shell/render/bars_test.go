package render_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"netql/query/schema"
	"netql/shell/render"
)

// draw writes rows of a label and a value as bars.
func draw(t *testing.T, kind schema.Kind, unit schema.Unit, options render.Options, rows ...values) string {
	t.Helper()
	columns := columnsOf(
		schema.Column{Name: "state", Type: schema.Type{Kind: schema.Enum, Words: states}},
		schema.Column{Name: "n", Type: schema.Of(kind), Unit: unit},
	)
	options.Bars = &schema.Bars{Numbers: columns[1:2]}
	var out bytes.Buffer
	if n, err := render.Write(t.Context(), &out, columns, stream(rows), options); err != nil || n != len(rows) {
		t.Fatalf("%d rows, %v", n, err)
	}
	return out.String()
}

func TestBars(t *testing.T) {
	rows := []values{{"ESTAB", 100}, {"LISTEN", 50}, {"TIME-WAIT", 1}, {"CLOSE-WAIT", 0}, {nil, nil}, {"\x1b[31m", -5}}
	for name, test := range map[string]struct {
		options render.Options
		want    string
	}{
		"wide": {render.Options{Format: "table", Width: 39}, `
state         n
ESTAB       100  ██████████████████████
LISTEN       50  ███████████
TIME-WAIT     1  ▎
CLOSE-WAIT    0
-             -
\x1b[31m     -5
`},
		"ASCII": {render.Options{Format: "plain", Width: 39, ASCII: true, NoHeader: true}, `
ESTAB       100  ######################
LISTEN       50  ###########
TIME-WAIT     1  #
CLOSE-WAIT    0
-             -
\x1b[31m     -5
`},
		"narrow": {render.Options{Format: "table", Width: 5, ASCII: true}, `
state         n
ESTAB       100  ##########
LISTEN       50  #####
TIME-WAIT     1  #
CLOSE-WAIT    0
-             -
\x1b[31m     -5
`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := draw(t, schema.Int, schema.None, test.options, rows...); got != test.want[1:] {
				t.Errorf("got\n%swant%s", got, test.want)
			}
		})
	}
}

func TestBarsOfUnits(t *testing.T) {
	got := draw(t, schema.Duration, schema.None, render.Options{Format: "table", Width: 30, ASCII: true},
		values{"ESTAB", 2 * time.Second}, values{"LISTEN", 500 * time.Millisecond})
	want := "state        n\nESTAB      2 s  ##############\nLISTEN  500 ms  ####\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := draw(t, schema.Int, schema.Bytes, render.Options{Format: "csv"},
		values{"ESTAB", 5}); got != "state,n\nESTAB,5\n" {
		t.Errorf("csv: %q", got)
	}
	if got := draw(t, schema.Int, schema.None, render.Options{Format: "table"}); got != "state  n\n" {
		t.Errorf("nothing: %q", got)
	}
}

// TestBarsBeforeAnError: what was found is drawn.
func TestBarsBeforeAnError(t *testing.T) {
	var out bytes.Buffer
	columns := columnsOf(schema.Column{Name: "n", Type: schema.Of(schema.Int)})
	_, err := render.Write(t.Context(), &out, columns, failing([]values{{3}}, errBroken),
		render.Options{Format: "plain", Bars: &schema.Bars{Numbers: columns[:1]}, ASCII: true, Width: 20})
	if !errors.Is(err, errBroken) || !strings.Contains(out.String(), "3  ###") {
		t.Errorf("%v, %q", err, out.String())
	}
}

func TestSpark(t *testing.T) {
	columns := columnsOf(schema.Column{Name: "s", Type: schema.Of(schema.Series)})
	for format, want := range map[string]string{
		"table": "▁▁█▅▂\n", "plain": "[0,0,100,50.5,1]\n", "json": "[\n{\"s\":[0,0,100,50.5,1]}\n]\n",
		"csv": "\"[0,0,100,50.5,1]\"\n", "markdown": "| ▁▁█▅▂ |\n",
	} {
		var out bytes.Buffer
		if _, err := render.Write(t.Context(), &out, columns, stream([]values{{[]float64{0, 0, 100, 50.5, 1}}}),
			render.Options{Format: format, NoHeader: true}); err != nil || out.String() != want {
			t.Errorf("%s: %q, %v; want %q", format, out.String(), err, want)
		}
	}
	var out bytes.Buffer
	rows := stream([]values{{[]float64{-1, 0, 1}}, {[]float64{5}}, {[]float64{0}}})
	if _, err := render.Write(t.Context(), &out, columns, rows,
		render.Options{Format: "table", NoHeader: true, ASCII: true}); err != nil || out.String() != "_-=\n@\n-\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
}
