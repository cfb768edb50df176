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
time                     event         dst
` + date + " " + clock + `      gone          10.0.0.0/8
2026-02-03 04:05:06      7             default
-                        8             default
`},
		{45, true, `
time          event        dst
` + clock + `      gone         10.0.0.0/8
2026-02-03    7            default
-             8            default
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
