package render_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"netql/query/schema"
	"netql/shell/render"
)

// TestFormatsCountWhatTheyKeep: where a format keeps something of each row, as bars and graphs do, it counts that, about
// as much as it takes.
func TestFormatsCountWhatTheyKeep(t *testing.T) {
	const early, late = 2_000, 10_000 // rows
	columns := columnsOf(
		schema.Column{Name: "from", Type: schema.Of(schema.Text)}, schema.Column{Name: "to", Type: schema.Of(schema.Text)},
		schema.Column{Name: "count", Type: schema.Of(schema.Int)})
	pictures := map[string]render.Options{
		"rows":  {},
		"bars":  {Bars: &schema.Bars{Numbers: columns[2:]}},
		"graph": {Graph: &schema.Graph{From: columns[0], To: columns[1]}},
	}
	for _, format := range render.Formats {
		for picture, options := range pictures {
			if format.Graph && picture != "graph" {
				continue
			}
			counted, countedEarly, inUse := 0, 0, 0
			measured := false
			options.Format, options.Keep = format.Name, func(bytes int) {
				if !measured {
					counted += bytes
				}
			}
			rows := func(yield func(schema.Row, error) bool) {
				for n := range late + 1 {
					switch n {
					case early:
						inUse, countedEarly = heapInUse(), counted
					case late:
						inUse, counted = heapInUse()-inUse, counted-countedEarly
						measured = true
					}
					name := fmt.Sprintf("%s %d", strings.Repeat("x", n%40), n)
					if !yield(&values{name, "of " + name, n}, nil) {
						return
					}
				}
			}
			if _, err := render.Write(context.Background(), io.Discard, columns, rows, options); err != nil {
				t.Fatal(err)
			}
			const uncounted = 256 << 10
			if inUse > counted*3/2+uncounted || counted > 3*max(inUse, 0)+uncounted {
				t.Errorf("%s of %s: %d bytes more in use, %d of them counted (Options.Keep)", picture, format.Name, inUse,
					counted)
			}
		}
	}
}

func heapInUse() int {
	runtime.GC()
	runtime.GC() // what a sync.Pool keeps goes with the second one
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}
