package tables

import (
	"context"
	"iter"
	"time"

	"netql/query"
	"netql/sources"
	"netql/sources/conntrack"
)

// followFlows hears of flows that begin, change and end.
func followFlows(system *sources.System, r query.Request) query.Follow[flow] {
	return following[flow]{"nfnetlink's groups conntrack_new, conntrack_update and conntrack_destroy", r.Warn,
		func(ctx context.Context) iter.Seq2[query.Event[flow], error] { return flowEvents(ctx, system) }}
}

func flowEvents(ctx context.Context, system *sources.System) iter.Seq2[query.Event[flow], error] {
	return func(yield func(query.Event[flow], error) bool) {
		if system.Events == nil {
			yield(query.Event[flow]{}, errNoEvents(system))
			return
		}
		for n, err := range conntrack.Listen(ctx, system.Events) {
			event := query.Event[flow]{Time: time.Now(), Kind: "changed", Row: &flow{n.Flow}}
			switch {
			case n.Gone:
				event.Kind = "gone"
			case n.New:
				event.Kind = "new"
			}
			if !yield(event, err) {
				return
			}
		}
	}
}
