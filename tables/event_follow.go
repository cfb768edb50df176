package tables

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"netql/query"
	"netql/sources"
	"netql/sources/netlink"
)

// eventFollow is how a table follows events of the kernel. Events that the kernel dropped cost a warning, and the
// stream goes on.
type eventFollow[T any] struct {
	text    string // what explain says: "rtnetlink RTNLGRP_IPV4_ROUTE"
	request query.Request
	events  func(*scanState) iter.Seq2[query.Event[T], error] // joins the groups, and ends with the context
}

func (f eventFollow[T]) String() string { return f.text }

// Events are the events until the context ends, or the kernel fails.
func (f eventFollow[T]) Events(ctx context.Context) iter.Seq2[query.Event[T], error] {
	return func(yield func(query.Event[T], error) bool) {
		s, overruns := newScanState(ctx, f.request), 0
		for event, err := range f.events(s) {
			var overrun *netlink.Overrun
			switch {
			case errors.As(err, &overrun):
				overruns++
				s.warn(f.lost(overrun, overruns))
			case err != nil && ctx.Err() != nil:
				yield(query.Event[T]{}, context.Cause(ctx))
				return
			case err != nil:
				yield(query.Event[T]{}, err)
				return
			case !yield(event, nil):
				return
			}
		}
	}
}

// lost is the warning of an overrun. From the second on it has the overrun's number, because a warning of the same text
// would be shown once only.
func (f eventFollow[T]) lost(o *netlink.Overrun, number int) string {
	if number == 1 {
		return o.Error()
	}
	return fmt.Sprintf("%v (time %d)", o, number)
}

// errNoEvents is the error of a system that is no running kernel, such as a capture.
func errNoEvents(system *sources.System) error {
	return errors.New("nothing happens in " + system.Name + ": only a running kernel has events")
}
