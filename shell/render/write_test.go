package render_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"netql/query/schema"
	"netql/shell/render"
)

// full takes so many bytes and then fails like a full disk.
type full struct{ room int }

func (f *full) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, syscall.ENOSPC
	}
	return len(b), nil
}

// TestStreams: every format hands rows on before the source has ended, and asks for no more once nobody reads.
func TestStreams(t *testing.T) {
	row := nastyRows()[0]
	for _, format := range render.Formats {
		t.Run(format.Name, func(t *testing.T) {
			read := 0
			_, err := render.Write(t.Context(), &full{room: 1 << 20}, nasty(), endless(row, &read),
				render.Options{Format: format.Name})
			var failed *render.WriteError
			if !errors.As(err, &failed) || !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("got %v", err)
			}
			if read < 2000 || read > 20_000 {
				t.Errorf("%d rows read for a megabyte of output", read)
			}
		})
	}
}

// TestFailingSource: the rows before an error are printed, and what is printed is whole.
func TestFailingSource(t *testing.T) {
	for _, format := range render.Formats {
		var whole, part bytes.Buffer
		if _, err := render.Write(t.Context(), &whole, nasty(), stream(nastyRows()),
			render.Options{Format: format.Name}); err != nil {
			t.Fatal(err)
		}
		n, err := render.Write(t.Context(), &part, nasty(), failing(nastyRows(), errBroken),
			render.Options{Format: format.Name})
		if err != errBroken || n != len(nastyRows()) || part.String() != whole.String() {
			t.Errorf("%s: %d rows, %v:\n%s", format.Name, n, err, part.String())
		}
	}
}

// ones writes rows until it has read so many, and is cancelled while it reads another if there is no end.
func ones(t *testing.T, rows int, endless bool, options render.Options) (text string, written int, err error) {
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	read := 0
	column := &schema.Column{Name: "n", Type: schema.Of(schema.Int), Value: schema.Boxing(func(schema.Row) any {
		if read > rows {
			cancel(nil)
			return nil
		}
		return 1
	})}
	if options.Bars != nil {
		options.Bars = &schema.Bars{Numbers: []*schema.Column{column}}
	}
	if options.Graph != nil {
		options.Graph = &schema.Graph{From: column, To: column}
	}
	var out bytes.Buffer
	written, err = render.Write(ctx, &out, []*schema.Column{column}, func(yield func(schema.Row, error) bool) {
		for read = 1; endless || read <= rows; read++ {
			if ctx.Err() != nil {
				yield(nil, errBroken)
				return
			}
			if !yield(&read, nil) {
				return
			}
		}
	}, options)
	return out.String(), written, err
}

// TestEnds: every format ends with its context, well-formed, and without the row whose columns were read at that
// moment.
func TestEnds(t *testing.T) {
	for _, format := range render.Formats {
		for _, options := range []render.Options{{}, {Live: true}, {Bars: &schema.Bars{}}, {Graph: &schema.Graph{}}} {
			options.Format = format.Name
			for _, rows := range []int{0, 3, 2500} {
				want, _, _ := ones(t, rows, false, options)
				got, written, err := ones(t, rows, true, options)
				if err != errBroken || written != rows || got != want {
					t.Errorf("%+v: %d rows of %d, %v:\n%.200s\nwant\n%.200s", options, written, rows, err, got, want)
				}
			}
		}
	}
}

// TestFullDisk: the last block matters as well.
func TestFullDisk(t *testing.T) {
	for _, format := range render.Formats {
		_, err := render.Write(t.Context(), &full{}, nasty(), stream(nastyRows()), render.Options{Format: format.Name})
		if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: got %v", format.Name, err)
		}
	}
}

// TestSlowRows: a row that comes late is seen at once, not when the buffer is full.
func TestSlowRows(t *testing.T) {
	r, w := io.Pipe()
	next := make(chan bool)
	row := values{"x"}
	go func() {
		_, err := render.Write(t.Context(), w, columnsOf(schema.Column{Name: "a"}),
			func(yield func(schema.Row, error) bool) {
				for range next {
					if !yield(&row, nil) {
						return
					}
				}
			}, render.Options{Format: "ndjson"})
		w.CloseWithError(err)
	}()
	line := make([]byte, 64)
	for range 2 {
		time.Sleep(150 * time.Millisecond)
		next <- true
		n, err := r.Read(line)
		if string(line[:n]) != "{\"a\":\"x\"}\n" || err != nil {
			t.Fatalf("read %q, %v", line[:n], err)
		}
	}
	close(next)
	if rest, err := io.ReadAll(r); len(rest) > 0 || err != nil {
		t.Errorf("read %q, %v", rest, err)
	}
}

// TestLongTable: the rows that go-pretty lays out and those after them look the same.
func TestLongTable(t *testing.T) {
	rows := make([]values, 2500)
	for i := range rows {
		rows[i] = nastyRows()[i%len(nastyRows())]
	}
	for _, options := range []render.Options{
		{Format: "table"}, {Format: "table", Width: 250}, {Format: "table", Width: 240, Color: true}, {Format: "plain"},
	} {
		var out bytes.Buffer
		if _, err := render.Write(t.Context(), &out, nasty(), stream(rows), options); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if len(lines) != len(rows)+1 {
			t.Fatalf("%+v: %d lines", options, len(lines))
		}
		for i, line := range lines[1:] {
			if first := lines[1+i%len(nastyRows())]; line != first {
				t.Fatalf("%+v: row %d is\n%s\nbut\n%s", options, i, line, first)
			}
		}
	}
}

// TestWiderLater: a later value that is wider than its column is whole where the window has room, in a line of its own
// if need be, and cut where it has not.
func TestWiderLater(t *testing.T) {
	columns := columnsOf(schema.Column{Name: "text", Type: schema.Of(schema.Text)},
		schema.Column{Name: "n", Type: schema.Of(schema.Int)})
	rows := make([]values, 2001)
	for i := range rows {
		rows[i] = values{"short", 1}
	}
	rows[2000] = values{"much longer", 12345}
	for _, test := range []struct {
		options render.Options
		want    string
	}{
		{render.Options{Format: "table", Width: 80}, "much longer  12345"},
		{render.Options{Format: "table", Width: 18}, "much longer  12345"},
		{render.Options{Format: "table", Width: 17}, "much longer\n       12345"},
		{render.Options{Format: "table", Width: 8}, "much…\n   12345"},
		{render.Options{Format: "table"}, "much longer  12345"},
		{render.Options{Format: "plain", Width: 80}, "much longer  12345"},
	} {
		var out bytes.Buffer
		if _, err := render.Write(t.Context(), &out, columns, stream(rows), test.options); err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(out.String(), "\n"+test.want+"\n") {
			t.Errorf("%+v: ends with %q", test.options, out.String()[out.Len()-40:])
		}
	}
}

func TestAuto(t *testing.T) {
	columns := columnsOf(schema.Column{Name: "rtt", Type: schema.Of(schema.Int), Unit: schema.Bytes})
	for terminal, want := range map[bool]string{true: "64 KiB", false: "65536"} {
		for _, format := range []string{"", "auto"} {
			var out bytes.Buffer
			if _, err := render.Write(t.Context(), &out, columns, stream([]values{{65536}}),
				render.Options{Format: format, Terminal: terminal}); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(out.String(), want) {
				t.Errorf("terminal %v: %q", terminal, out.String())
			}
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	var out bytes.Buffer
	_, err := render.Write(t.Context(), &out, nasty(), stream(nastyRows()), render.Options{Format: "xml"})
	if err == nil || !strings.Contains(err.Error(), `"xml"`) || out.Len() > 0 {
		t.Errorf("got %v and %q", err, out.String())
	}
}

// TestNoColumns: a schema that shows nothing is odd, but no reason to fail.
func TestNoColumns(t *testing.T) {
	for _, format := range render.Names() {
		var out bytes.Buffer
		if n, err := render.Write(t.Context(), &out, nil, stream(nastyRows()),
			render.Options{Format: format, Width: 10}); err != nil || n != len(nastyRows()) {
			t.Errorf("%s: %d rows, %v", format, n, err)
		}
		if format == "json" && !json.Valid(out.Bytes()) {
			t.Errorf("json: %q", out.String())
		}
	}
}

// TestAbove: rows whose names stand above are under them; without, they need no more room than they have.
func TestAbove(t *testing.T) {
	columns := columnsOf(schema.Column{Name: "state", Type: schema.Of(schema.Text)},
		schema.Column{Name: "received", Type: schema.Of(schema.Int)})
	for _, format := range []string{"table", "plain"} {
		for _, test := range []struct {
			options render.Options
			want    string
		}{
			{render.Options{}, "state  received\nup            1\n"},
			{render.Options{NoHeader: true, Above: true}, "up            1\n"},
			{render.Options{NoHeader: true}, "up  1\n"},
			{render.Options{NoHeader: true, Above: true, Bars: &schema.Bars{Numbers: columns[1:2]}, Width: 27,
				ASCII: true},
				"up            1  ##########\n"},
		} {
			test.options.Format = format
			var out bytes.Buffer
			if _, err := render.Write(t.Context(), &out, columns, stream([]values{{"up", 1}}),
				test.options); err != nil || out.String() != test.want {
				t.Errorf("%s %+v: %v\n%q, want\n%q", format, test.options, err, out.String(), test.want)
			}
		}
	}
}

// reused hands on rows in the memory of one, which holds nothing once the next is asked for.
func reused(rows []values) render.Rows {
	return func(yield func(schema.Row, error) bool) {
		one := make(values, len(rows[0]))
		for _, row := range rows {
			copy(one, row)
			if !yield(&one, nil) {
				return
			}
			clear(one)
		}
	}
}

// TestKeepsRows: a format that is said to keep no rows writes the same where they share memory, also of more rows than
// it looks at to choose widths.
func TestKeepsRows(t *testing.T) {
	var rows []values
	for range 500 {
		rows = append(rows, nastyRows()...)
	}
	kept := 0
	for _, format := range render.Formats {
		options := render.Options{Format: format.Name}
		if options.KeepsRows() {
			kept++
			continue
		}
		var want, got bytes.Buffer
		if _, err := render.Write(t.Context(), &want, nasty(), stream(rows), options); err != nil {
			t.Fatal(err)
		}
		if _, err := render.Write(t.Context(), &got, nasty(), reused(rows), options); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() {
			t.Errorf("%s: what it writes depends on rows that it has read", format.Name)
		}
	}
	if kept == 0 || kept == len(render.Formats) {
		t.Errorf("%d formats keep rows", kept)
	}
}
