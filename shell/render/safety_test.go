package render_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"netql/query/schema"
	"netql/shell/render"
)

// seeds are texts that some format could let through.
var seeds = []string{
	"", " ", "  ", "a b", "\x1b]0;title\x07", "\x9b2J", "\u009b2J", "\r", "\r\n", "\n", "\t", `"`, `\`, `\n`, ",", "|",
	"`",
	"<b>", "&", "\u202e", "\u2069", "\ufeff", "\U000e0041", "\xff", "\xed\xa0\x80", "\ufffd", "\u2028", "日本",
	"e\u0301", "-", "null",
}

// rowOf has the text as a text, an element, a field, a zone-like value and a name.
func textColumns(name string) []*schema.Column {
	return columnsOf(
		schema.Column{Name: name, Type: schema.Of(schema.Text)},
		schema.Column{Name: "list", Type: schema.ListOf(schema.Of(schema.Text))},
		schema.Column{Name: "record", Type: schema.Type{Kind: schema.Object, Fields: fields}},
		schema.Column{Name: "flags", Type: schema.Type{Kind: schema.Flags, Words: flags}},
	)
}

func textRow(s string) values {
	return values{s, []any{s, s}, owner(1, s), []string{s, "UP"}}
}

// look is a format with what is drawn in it beside rows, if anything, given the columns.
type look struct {
	format  string
	picture func(columns []*schema.Column) render.Options
}

// looks are all formats with all pictures, but those that write what the same format has written before: most formats
// draw no picture, and write the rows.
func looks(t testing.TB) (different []look) {
	written := map[string]bool{}
	for _, format := range render.Names() {
		for _, picture := range []func([]*schema.Column) render.Options{
			func([]*schema.Column) render.Options { return render.Options{} },
			func(c []*schema.Column) render.Options {
				return render.Options{Bars: &schema.Bars{Numbers: c[:2], Share: true}}
			},
			func(c []*schema.Column) render.Options {
				return render.Options{Graph: &schema.Graph{From: c[0], To: c[1]}}
			},
		} {
			chosen, err := render.Options{Format: format, Terminal: true}.Chosen()
			if err != nil {
				t.Fatal(err)
			}
			l, all := look{format, picture}, chosen.Name
			for _, s := range append([]string{strings.Repeat("long ", 100)}, seeds...) {
				all += "\x00" + l.write(t, s, s)
			}
			if !written[all] {
				written[all] = true
				different = append(different, l)
			}
		}
	}
	return different
}

// write writes a value twice on a terminal, in a column of a name.
func (l look) write(t testing.TB, name, value string) string {
	columns := textColumns(name)
	options := l.picture(columns)
	options.Format, options.Terminal, options.Width = l.format, true, 80
	var out bytes.Buffer
	rows := stream([]values{textRow(value), textRow(value)})
	if _, err := render.Write(t.Context(), &out, columns, rows, options); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// FuzzTerminal: whatever a value or a name holds, no format shows a terminal anything but visible text.
func FuzzTerminal(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, s)
	}
	all := looks(f)
	f.Fuzz(func(t *testing.T, name, value string) {
		for _, l := range all {
			checkVisible(t, l.format, l.write(t, name, value))
		}
	})
}

// checkVisible allows newlines, and tabs in tsv, beside visible characters. Colours are not asked for.
func checkVisible(t *testing.T, format, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Fatalf("%s: not UTF-8: %q", format, text)
	}
	for _, r := range text {
		if r != '\n' && (r != '\t' || format != "tsv") && (!unicode.IsPrint(r) || unicode.Is(unicode.Cf, r)) {
			t.Fatalf("%s lets %U through: %q", format, r, text)
		}
	}
}

// FuzzLines: a line of the output is a row in every format that has a row a line.
func FuzzLines(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for _, format := range []string{"table", "plain", "ndjson", "tsv", "markdown"} {
			var out bytes.Buffer
			rows := stream([]values{textRow(value), textRow(value), textRow(value)})
			if _, err := render.Write(t.Context(), &out, textColumns("n"), rows,
				render.Options{Format: format, NoHeader: true}); err != nil {
				t.Fatal(err)
			}
			if lines := strings.Count(out.String(), "\n"); lines != 3 {
				t.Fatalf("%s: %d lines for 3 rows: %q", format, lines, out.String())
			}
		}
	})
}

// FuzzCSV: encoding/csv reads back what was written, but that it drops the carriage return of a line break.
func FuzzCSV(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		columns := columnsOf(schema.Column{Name: "a"}, schema.Column{Name: "b"})
		checkCSV(t, columns, values{a, b}, []string{a, b})
		checkCSV(t, columns[:1], values{a}, []string{a})
	})
}

func checkCSV(t *testing.T, columns []*schema.Column, row values, want []string) {
	t.Helper()
	var out bytes.Buffer
	if _, err := render.Write(t.Context(), &out, columns, stream([]values{row}),
		render.Options{Format: "csv", NoHeader: true}); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(records) != 1 {
		t.Fatalf("%q gave %d records: %v", row, len(records), err)
	}
	for i := range want {
		want[i] = strings.ReplaceAll(want[i], "\r\n", "\n")
	}
	if !slices.Equal(records[0], want) {
		t.Fatalf("got %q, want %q", records[0], want)
	}
}

// FuzzTSV: undoing the four escapes gives the very bytes.
func FuzzTSV(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, s)
	}
	unescape := strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r")
	f.Fuzz(func(t *testing.T, a, b string) {
		columns := columnsOf(schema.Column{Name: "a"}, schema.Column{Name: "b"})
		var out bytes.Buffer
		if _, err := render.Write(t.Context(), &out, columns, stream([]values{{a, b}}),
			render.Options{Format: "tsv", NoHeader: true}); err != nil {
			t.Fatal(err)
		}
		fields := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\t")
		if len(fields) != 2 || unescape.Replace(fields[0]) != a || unescape.Replace(fields[1]) != b {
			t.Fatalf("%q, %q became %q", a, b, out.String())
		}
	})
}

// FuzzJSON: encoding/json reads back what was written, but for bytes that are not UTF-8, on a terminal and elsewhere.
func FuzzJSON(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		for _, terminal := range []bool{false, true} {
			var out bytes.Buffer
			columns := columnsOf(schema.Column{Name: name})
			if _, err := render.Write(t.Context(), &out, columns, stream([]values{{value}, {nil}}),
				render.Options{Format: "json", Terminal: terminal}); err != nil {
				t.Fatal(err)
			}
			var got []map[string]any
			if err := json.Unmarshal(out.Bytes(), &got); err != nil || len(got) != 2 {
				t.Fatalf("%q: %v", out.String(), err)
			}
			key := replaceInvalid(name)
			if got[0][key] != replaceInvalid(value) || got[1][key] != nil {
				t.Fatalf("%q: %q became %q", name, value, out.String())
			}
		}
	})
}

// replaceInvalid replaces every byte that is no UTF-8 by U+FFFD.
func replaceInvalid(s string) string { return string([]rune(s)) }
