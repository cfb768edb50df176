package tables

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"netql/query"
	"netql/sources/netlink"
	"netql/sources/rtnetlink"
)

// rtnetlinkFollow is how a table of rows T follows rtnetlink's notifications of objects S.
type rtnetlinkFollow[S, T any] struct {
	request  query.Request
	group    string  // of linux/rtnetlink.h, with * for the digit of the family: RTNLGRP_IPV*_ROUTE
	families []uint8 // the address families that are followed; nil for interfaces, which have none
	listen   func(
		context.Context, netlink.Subscriber, rtnetlink.Subscription,
	) iter.Seq2[rtnetlink.Notification[S], error]
	rows  func(*scanState) func(S) []*T // makes the rows of an object
	known *lastKnown[S, T]              // nil where the kernel says itself whether an object is new
}

// follow is the plan for the request. Where the conditions allow no address family it listens to nothing.
func (n rtnetlinkFollow[S, T]) follow() query.Follow[T] {
	if n.nothing() {
		return eventFollow[T]{"nothing: no row can satisfy the conditions", n.request, n.events}
	}
	groups := []string{strings.ReplaceAll(n.group, "*", "4"), strings.ReplaceAll(n.group, "*", "6")}
	if len(n.families) == 1 {
		groups = groups[slices.Index(bothFamilies, n.families[0]):][:1]
	}
	return eventFollow[T]{"rtnetlink, " + strings.Join(slices.Compact(groups), " and "), n.request, n.events}
}

// nothing says that the conditions allow no address family.
func (n rtnetlinkFollow[S, T]) nothing() bool { return n.families != nil && len(n.families) == 0 }

// events are the events of the rows of each object. It listens to interfaces in any case, so that their names are those
// of the time of the event.
func (n rtnetlinkFollow[S, T]) events(s *scanState) iter.Seq2[query.Event[T], error] {
	return func(yield func(query.Event[T], error) bool) {
		if s.system.Events == nil {
			yield(query.Event[T]{}, errNoEvents(s.system))
			return
		}
		if n.nothing() {
			return
		}
		names := currentNames{}
		s.links = names.names()
		rows := n.rows(s)
		readAll := func() {
			names.read(s)
			n.known.read(s, rows)
		}
		subscription := rtnetlink.Subscription{Families: n.families, Link: names.set, Joined: readAll}
		for notification, err := range n.listen(s.ctx, s.system.Events, subscription) {
			if err != nil { // an overrun, or the end
				if !yield(query.Event[T]{}, err) {
					return
				}
				readAll()
			} else if !n.yieldEvents(notification, rows(notification.Object), yield) {
				return
			}
		}
	}
}

// yieldEvents yields the events of an object's rows; false says that the reader wants no more.
func (n rtnetlinkFollow[S, T]) yieldEvents(
	notification rtnetlink.Notification[S], rows []*T, yield func(query.Event[T], error) bool,
) bool {
	for _, row := range rows {
		event := query.Event[T]{Time: time.Now(), Kind: n.known.kind(notification, row), Row: row}
		if event.Kind != "" && !yield(event, nil) {
			return false
		}
	}
	return true
}
