package render_test

import (
	"io"
	"net/netip"
	"testing"

	"netql/query/schema"
	"netql/shell/render"
)

// BenchmarkFormats writes 100,000 sockets of seven columns.
func BenchmarkFormats(b *testing.B) {
	columns := columnsOf(
		schema.Column{Name: "proto", Type: schema.Of(schema.Text)},
		schema.Column{Name: "state", Type: schema.Type{Kind: schema.Enum, Words: states}},
		schema.Column{Name: "recv_queue", Type: schema.Of(schema.Int), Unit: schema.Bytes},
		schema.Column{Name: "send_queue", Type: schema.Of(schema.Int), Unit: schema.Bytes},
		schema.Column{Name: "local", Type: schema.Of(schema.Endpoint)},
		schema.Column{Name: "remote", Type: schema.Of(schema.Endpoint)},
		schema.Column{Name: "pid", Type: schema.Of(schema.Int)},
	)
	row := values{"tcp", "ESTAB", 0, 123456, netip.MustParseAddrPort("10.0.0.1:443"),
		netip.MustParseAddrPort("[2001:db8::1]:54321"), nil}
	rows := func(yield func(schema.Row, error) bool) {
		for range 100_000 {
			if !yield(&row, nil) {
				return
			}
		}
	}
	for _, format := range render.Formats {
		b.Run(format.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := render.Write(b.Context(), io.Discard, columns, rows,
					render.Options{Format: format.Name, Width: 100, Color: true}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
