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

// rtnetlinkFollow is how a table of rows T follows what rtnetlink tells of objects S.
type rtnetlinkFollow[S, T any] struct {
	request  query.Request
	group    string  // of linux/rtnetlink.h, with * for the digit of the family: RTNLGRP_IPV*_ROUTE
	families []uint8 // nil for interfaces, which have none
	listen   func(
		context.Context, netlink.Subscriber, rtnetlink.Subscription,
	) iter.Seq2[rtnetlink.Notification[S], error]
	rows  func(*scanState) func(S) []*T
	known *lastKnown[S, T] // nil where the kernel says itself whether an object is new
}

// follow is the plan. Where no family can be wanted there is nothing to listen to.
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

// nothing says that no family can be wanted.
func (n rtnetlinkFollow[S, T]) nothing() bool { return n.families != nil && len(n.families) == 0 }

// events are those of the rows of each object. Interfaces are listened to in any case, so that names are those of the
// moment.
func (n rtnetlinkFollow[S, T]) events(s *scanState) iter.Seq2[query.Event[T], error] {
	return func(yield func(query.Event[T], error) bool) {
		if s.system.Events == nil {
			yield(query.Event[T]{}, errNoEvents(s.system))
			return
		}
		if n.nothing() {
			return
		}
		names := livingNames{}
		s.links = names.names()
		rows := n.rows(s)
		learn := func() {
			names.read(s)
			n.known.read(s, rows)
		}
		subscription := rtnetlink.Subscription{Families: n.families, Link: names.set, Joined: learn}
		for notification, err := range n.listen(s.ctx, s.system.Events, subscription) {
			if err != nil { // an overrun, or the end
				if !yield(query.Event[T]{}, err) {
					return
				}
				learn()
			} else if !n.tell(notification, rows(notification.Object), yield) {
				return
			}
		}
	}
}

// tell hands on what has happened to the rows of an object, and says whether more is wanted.
func (n rtnetlinkFollow[S, T]) tell(
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
