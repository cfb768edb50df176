package tables

import (
	"iter"
	"strings"
	"time"

	"netql/query"
	"netql/sources/inetdiag"
)

// followSockets follows sockets of TCP and UDP that the kernel destroys (SKNLGRP_* of linux/sock_diag.h), of the
// protocols that the conditions allow. There are no notifications of other protocols, and none of new sockets.
func followSockets(request query.Request) query.Follow[socket] {
	var names []string
	var numbers []int
	for _, p := range protocols {
		if p.number != inetdiag.TCP && p.number != inetdiag.UDP {
			continue
		}
		if mayBe(request.Where, "proto", p.name) {
			names, numbers = append(names, p.name), append(numbers, p.number)
		}
	}
	text := "sock_diag's destroy groups, " + strings.Join(names, " and ")
	if readsOwners(request.Columns) {
		text += ", and lists of sockets for their owners"
	}
	if len(names) == 0 {
		text = "nothing: the kernel tells of tcp and udp sockets only"
	}
	return eventFollow[socket]{text, request,
		func(s *scanState) iter.Seq2[query.Event[socket], error] { return closing(s, numbers) }}
}

// closing are the events of destroyed sockets of these protocols.
func closing(s *scanState, numbers []int) iter.Seq2[query.Event[socket], error] {
	return func(yield func(query.Event[socket], error) bool) {
		if s.system.Events == nil {
			yield(query.Event[socket]{}, errNoEvents(s.system))
			return
		}
		if len(numbers) == 0 {
			return
		}
		facts, remembered := newSocketFacts(s), rememberOwners(s, numbers)
		stop := func() {}
		defer func() { stop() }()
		joined := func() { stop = remembered.keepListing(s) } // the events of what ends during the first list wait
		for record, err := range inetdiag.Destroyed(s.ctx, s.system.Events, numbers, joined) {
			remembered.tell(s.warn)
			event := query.Event[socket]{Time: time.Now(), Kind: "gone"}
			if err == nil {
				owner := remembered.take(record.Cookie)
				event.Row = &socket{
					Socket: record, facts: facts, proto: protocolName(record.Protocol), gone: &owner,
				}
			}
			if !yield(event, err) {
				return
			}
		}
	}
}

func protocolName(number int) string {
	for _, p := range protocols {
		if p.number == number {
			return p.name
		}
	}
	return ""
}
