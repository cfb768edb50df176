package report

import (
	"context"
	"time"

	"netql/query"
	"netql/query/schema"
)

// betweenSamples is how far samples are apart.
const betweenSamples = time.Second

// series are the rates of an interface, in the unit of their columns, the oldest first.
type series struct {
	name           string
	received, sent []float64
	unit           schema.Unit
}

// sample reads the query, whose columns are a name and two rates, as often as the section says.
func (a *answer) sample(ctx context.Context, source Source) {
	if a.single = !source.Live; a.single {
		return
	}
	plan, err := query.Compile(a.query, source.Catalog, source.State())
	if err != nil {
		a.err = err
		return
	}
	at := map[string]int{}
	for i := range a.samples {
		if i > 0 && !wait(ctx, betweenSamples) {
			return
		}
		for row, err := range plan.Rows(ctx) {
			if err != nil {
				a.err = err
				return
			}
			a.add(plan.Schema().Visible(), row, at)
		}
	}
	a.warnings = plan.Warnings()
}

// add adds the rates of a row to those of the same name, whose places are in at.
func (a *answer) add(columns []*schema.Column, row schema.Row, at map[string]int) {
	name, _ := columns[0].Get(row).(string)
	received, ok := columns[1].Get(row).(float64)
	sent, _ := columns[2].Get(row).(float64)
	i, known := at[name]
	switch {
	case !known && len(a.series) == a.most:
		at[name] = -1
		a.more++
	case !known:
		at[name], i = len(a.series), len(a.series)
		a.series = append(a.series, series{name: name, unit: columns[1].Unit})
	}
	if i >= 0 && ok && at[name] >= 0 {
		s := &a.series[i]
		s.received, s.sent = append(s.received, received), append(s.sent, sent)
	}
}

// wait waits, unless the context ends before; it says which.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
