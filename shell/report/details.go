package report

import (
	"context"
	"sync"

	"netql/query"
)

const (
	// mostDetails is how many findings have the rows behind them; the others have the query.
	mostDetails = 12
	// mostDetailRows is how many rows each has.
	mostDetailRows = 6
	// detailsAtOnce is how many are read at the same time: many wait for a second sample.
	detailsAtOnce = 4
)

// readDetails reads the rows behind the findings: of each query once.
func (a *answer) readDetails(ctx context.Context, source Source) {
	of := a.number("query")
	if of < 0 {
		return
	}
	a.details = map[string]*answer{}
	var reading sync.WaitGroup
	free := make(chan struct{}, detailsAtOnce)
	for _, row := range a.rows {
		text := row[of].text
		if a.details[text] != nil || len(a.details) == mostDetails {
			continue
		}
		detail := &answer{section: &section{title: a.title, query: text, most: mostDetailRows}}
		a.details[text] = detail
		reading.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			plan, err := query.Compile(text, source.Catalog, source.State())
			if detail.err = err; err == nil && (source.Live || plan.Live() == "") {
				detail.take(ctx, plan)
			}
		})
	}
	reading.Wait()
}
