package render_test

import (
	"strings"
	"testing"
	"time"

	"netql/query/schema"
	"netql/shell/render"
)

// TestTimes: where a time does not fit, it is shown as a date, or if that is today as a time of day, whether the rows
// are known or come live. Where nothing fits, each row is a record.
func TestTimes(t *testing.T) {
	columns := columnsOf(
		schema.Column{Name: "time", Type: schema.Of(schema.Time)},
		schema.Column{Name: "event", Type: schema.Of(schema.Text)},
		schema.Column{Name: "dst", Type: schema.Of(schema.Prefix)})
	now := time.Now()
	date, clock := now.Format(time.DateOnly), now.Format(time.TimeOnly)
	rows := []values{{now, "gone", "10.0.0.0/8"}, {time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC), "7", "default"},
		{nil, "8", "default"}}
	for _, test := range []struct {
		width int
		live  bool
		want  string
	}{
		{80, false, `
time                 event  dst
` + date + " " + clock + `  gone   10.0.0.0/8
2026-02-03 04:05:06  7      default
-                    8      default
`},
		{34, false, `
time        event  dst
` + clock + `    gone   10.0.0.0/8
2026-02-03  7      default
-           8      default
`},
		{26, false, `
row 1
  time   ` + date + " " + clock + `
  event  gone
  dst    10.0.0.0/8

row 2
  time   2026-02-03 04:05:06
  event  7
  dst    default

row 3
  event  8
  dst    default
`},
		{80, true, `
time                 event         dst
` + date + " " + clock + `  gone          10.0.0.0/8
2026-02-03 04:05:06  7             default
-                    8             default
`},
		{45, true, `
time        event         dst
` + clock + `    gone          10.0.0.0/8
2026-02-03  7             default
-           8             default
`},
	} {
		var out strings.Builder
		_, err := render.Write(t.Context(), &out, columns, stream(rows),
			render.Options{Format: "table", Width: test.width, Live: test.live})
		if got := "\n" + out.String(); err != nil || got != test.want {
			t.Errorf("%d columns, live %v: %v, got%s\nwant%s", test.width, test.live, err, got, test.want)
		}
	}
}

// TestMillis: a time with milliseconds has all three digits always, and keeps them where the date does not fit.
func TestMillis(t *testing.T) {
	columns := columnsOf(
		schema.Column{Name: "time", Type: schema.Of(schema.Time), Millis: true},
		schema.Column{Name: "event", Type: schema.Of(schema.Text)})
	now := time.Now().UTC().Truncate(time.Second).Add(40 * time.Millisecond)
	then := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	today := now.Format("2006-01-02 15:04:05.000")
	for _, test := range []struct {
		format string
		width  int
		want   string
	}{
		{"table", 80, "time                     event\n" + today + "  gone\n2026-02-03 04:05:06.000  new\n"},
		{"table", 26, "time          event\n" + today[11:] + "  gone\n2026-02-03    new\n"},
		{"table", 5, "row 1\n  time   " + today +
			"\n  event  gone\n\nrow 2\n  time   2026-02-03 04:05:06.000\n  event  new\n"},
		{"plain", 0, "time                      event\n" + today[:10] + "T" + today[11:] +
			"Z  gone\n2026-02-03T04:05:06.000Z  new\n"},
		{"markdown", 0, "| time | event |\n| --- | --- |\n| " + today +
			" | gone |\n| 2026-02-03 04:05:06.000 | new |\n"},
	} {
		for _, live := range []bool{false, true} {
			var out strings.Builder
			_, err := render.Write(t.Context(), &out, columns, stream([]values{{now, "gone"}, {then, "new"}}),
				render.Options{Format: test.format, Width: test.width, Live: live})
			got := out.String()
			if live { // its columns are as wide as most values, and event is the last
				got = strings.ReplaceAll(got, "event       ", "event")
			}
			if err != nil || got != test.want {
				t.Errorf("%s, %d columns, live %v: %v, got\n%s\nwant\n%s", test.format, test.width, live, err, got,
					test.want)
			}
		}
	}
}
