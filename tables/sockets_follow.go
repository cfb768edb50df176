package tables

import (
	"context"
	"iter"
	"strings"
	"time"

	"netql/query"
	"netql/sources"
	"netql/sources/inetdiag"
)

// planClosing listens to sockets that close, of the protocols that the query can want. The kernel tells of no others, and
// not of new ones.
func planClosing(system *sources.System, request query.Request) query.Follow[socket] {
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
	if len(names) == 0 {
		text = "nothing: the kernel tells of tcp and udp sockets only"
	}
	return following[socket]{text, request.Warn, func(ctx context.Context) iter.Seq2[query.Event[socket], error] {
		return closing(ctx, system, numbers, newSocketFacts(ctx, system, request.Warn))
	}}
}

func closing(ctx context.Context, system *sources.System, numbers []int, facts *socketFacts) iter.Seq2[query.Event[socket], error] {
	return func(yield func(query.Event[socket], error) bool) {
		if system.Events == nil {
			yield(query.Event[socket]{}, errNoEvents(system))
			return
		}
		if len(numbers) == 0 {
			return
		}
		for record, err := range inetdiag.Destroyed(ctx, system.Events, numbers) {
			event := query.Event[socket]{Time: time.Now(), Kind: "gone"}
			if err == nil {
				event.Row = &socket{Socket: record, facts: facts, proto: protocolName(record.Protocol), gone: true}
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
