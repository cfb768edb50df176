package render_test

import (
	"errors"
	"iter"
	"net/netip"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"netql/query/schema"
	"netql/shell/render"
)

// TestMain makes the width of ambiguous characters, … for one, the same in every locale.
func TestMain(m *testing.M) {
	text.OverrideRuneWidthEastAsianWidth(false)
	m.Run()
}

var (
	states = schema.NewVocabulary(
		schema.Word{Name: "ESTAB", Level: schema.Good},
		schema.Word{Name: "TIME-WAIT", Level: schema.Busy},
		schema.Word{Name: "CLOSE-WAIT", Level: schema.Bad},
		schema.Word{Name: "LISTEN"},
	)
	flags = schema.NewVocabulary(schema.Word{Name: "UP", Level: schema.Good},
		schema.Word{Name: "PROMISC", Level: schema.Bad})
	fields = []schema.Field{{Name: "pid", Type: schema.Of(schema.Int)}, {Name: "process", Type: schema.Of(schema.Text)}}
)

// values is a row of the tests: one value for each column.
type values []any

func owner(pid int, process string) schema.Record {
	return schema.Record{Fields: fields, Values: []any{pid, process}}
}

// column reads the i-th value of a row.
func column(i int, name string, t schema.Type, unit schema.Unit) *schema.Column {
	return &schema.Column{Name: name, Type: t, Unit: unit,
		Value: schema.Boxing(func(row schema.Row) any { return (*row.(*values))[i] })}
}

func columnsOf(columns ...schema.Column) []*schema.Column {
	var all []*schema.Column
	for i, c := range columns {
		got := column(i, c.Name, c.Type, c.Unit)
		got.Alarm, got.Millis, got.Prose = c.Alarm, c.Millis, c.Prose
		all = append(all, got)
	}
	return all
}

// nasty has a column of every kind.
func nasty() []*schema.Column {
	return columnsOf(
		schema.Column{Name: "state", Type: schema.Type{Kind: schema.Enum, Words: states}},
		schema.Column{Name: "local", Type: schema.Of(schema.Endpoint)},
		schema.Column{Name: "lport", Type: schema.Of(schema.Port)},
		schema.Column{Name: "process", Type: schema.Of(schema.Text)},
		schema.Column{Name: "recv_queue", Type: schema.Of(schema.Int), Unit: schema.Bytes},
		schema.Column{Name: "speed", Type: schema.Of(schema.Int), Unit: schema.BitsPerSecond},
		schema.Column{Name: "rtt", Type: schema.Of(schema.Duration)},
		schema.Column{Name: "retrans", Type: schema.Of(schema.Int), Unit: schema.Segments, Alarm: true},
		schema.Column{Name: "loss", Type: schema.Of(schema.Float)},
		schema.Column{Name: "since", Type: schema.Of(schema.Time)},
		schema.Column{Name: "flags", Type: schema.Type{Kind: schema.Flags, Words: flags}},
		schema.Column{Name: "owners", Type: schema.ListOf(schema.Type{Kind: schema.Object, Fields: fields})},
		schema.Column{Name: "a|b\x1b\"c", Type: schema.Of(schema.Any)},
	)
}

func nastyRows() []values {
	local := netip.MustParseAddrPort
	since := time.Date(2026, 2, 3, 4, 5, 6, 789_000_000, time.UTC)
	return []values{
		{"ESTAB", local("10.0.0.1:443"), 443, "nginx", 0, 10_000_000_000, 5240 * time.Microsecond, 0, 0.012345678,
			since,
			[]string{"UP", "PROMISC"}, []any{owner(1, "nginx"), owner(2, `a "b"`)}, true},
		{"CLOSE-WAIT", local("[2001:db8:ffff:ffff:ffff:ffff:ffff:1]:65535"), 65535, "red\x1b[31m\x07\x9b0m", 1500,
			2_500_000,
			1500 * time.Nanosecond, 17, 1234.56, since.Local().UTC(), []string{}, []any{}, 42},
		{"TIME-WAIT", local("[fe80::1%eth0]:22"), 22, "línea\r\nnext\ttab\\", 1_234_567, 999, 125 * time.Second, 0,
			-0.5, nil,
			[]string{"UP"}, []any{owner(3, "\u202egnp.exe")}, `"quoted", |piped|`},
		{nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil},
		{"LISTEN", local("0.0.0.0:80"), 80, "日本語のプロセス名はとても長い", 65536, 0, time.Duration(0), 0, 0.0,
			since, nil, nil, ""},
		{"LISTEN", local("0.0.0.0:81"), 81, "\xff\xfe\u0085 two  blanks ", -20000, 0, 73 * time.Hour, 0, 1e-7, since,
			nil, nil,
			"<script>&amp;*_x_ a_b</script>"},
	}
}

func stream(rows []values) render.Rows { return failing(rows, nil) }

// failing ends with an error if there is one.
func failing(rows []values, err error) render.Rows {
	return func(yield func(schema.Row, error) bool) {
		for i := range rows {
			if !yield(&rows[i], nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// endless yields the row again and again, and counts how often it did.
func endless(row values, count *int) render.Rows {
	return func(yield func(schema.Row, error) bool) {
		for yield(&row, nil) {
			*count++
		}
	}
}

var errBroken = errors.New("dump interrupted")

var _ iter.Seq2[schema.Row, error] = render.Rows(nil)
