package tables

import (
	"iter"
	"time"

	"netql/query"
	"netql/sources/conntrack"
)

// followConntrack follows flows that are new, changed, or gone.
func followConntrack(r query.Request) query.Follow[flow] {
	return eventFollow[flow]{"nfnetlink's groups conntrack_new, conntrack_update and conntrack_destroy", r, flowEvents}
}

func flowEvents(s *scanState) iter.Seq2[query.Event[flow], error] {
	return func(yield func(query.Event[flow], error) bool) {
		if s.system.Events == nil {
			yield(query.Event[flow]{}, errNoEvents(s.system))
			return
		}
		for n, err := range conntrack.Listen(s.ctx, s.system.Events) {
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
