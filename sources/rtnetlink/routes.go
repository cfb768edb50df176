package rtnetlink

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"net/netip"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/slab"
)

// A RouteQuery says which routes to list. The kernel leaves the others out if it can (Linux 4.20).
type RouteQuery struct {
	Family     uint8      // AF_INET or AF_INET6
	Table      uint32     // 0 for all
	Interface  uint32     // those with a nexthop on it (old kernels list others, too); 0 for all
	Exceptions Exceptions // whether with exceptions

	// Type and Protocol choose routes, not exceptions, by RTN_* and RTPROT_*; old kernels list others, too. 0 is for
	// all. Type is the one with which a route was made, where a nexthop object that is a blackhole may show another.
	Type, Protocol uint8

	// Kind and Dst choose routes and exceptions by their type and protocol, and by their destination, among those that
	// the kernel lists. They are asked before anything else of a route is read. nil is for all.
	Kind func(kind, protocol uint8) bool
	Dst  func(netip.Prefix) bool
}

// Exceptions says whether a list is of routes, of exceptions to routes (Route.Cached), or of both.
type Exceptions uint8

// The choices.
const (
	WithExceptions Exceptions = iota
	WithoutExceptions
	OnlyExceptions
)

// Routes lists routes, and reads them again if they change meanwhile. An error is the last item.
func Routes(ctx context.Context, transport netlink.Transport, q RouteQuery) iter.Seq2[*Route, error] {
	return netlink.Consistent(func(yield func(*Route, error) bool) {
		err := q.list(ctx, transport, q.requests(), yield)
		if errors.Is(err, netlink.ErrNotStrict) {
			err = q.list(ctx, transport, RouteQuery{Family: q.Family}.requests(), yield)
		}
		if err != nil {
			yield(nil, fmt.Errorf("list the routes of %s: %w", familyName(q.Family), err))
		}
	})
}

// list sends the requests in turn, and yields the wanted routes. It returns nil where the consumer stops.
func (q RouteQuery) list(
	ctx context.Context, transport netlink.Transport, requests []netlink.Request, yield func(*Route, error) bool,
) error {
	yieldWanted := func(r *Route, err error) bool { return !q.wants(r) || yield(r, err) }
	var interrupted error
	parse := q.parser()
	for _, request := range requests {
		routes := list[*Route]{request: request, parse: parse}
		stopped, err := routes.read(ctx, transport, yieldWanted)
		switch {
		case stopped:
			return nil
		case errors.Is(err, netlink.ErrInterrupted):
			interrupted = err
		case q.Table != 0 && errors.Is(err, unix.ENOENT): // the kernel's word for a table without routes
		case err != nil:
			return err
		}
	}
	return interrupted
}

// parser is parseRoute for the routes that Kind and Dst choose; others are nil.
func (q RouteQuery) parser() func(b []byte) (*Route, error) {
	var routes slab.Of[Route]
	return func(b []byte) (*Route, error) {
		if wanted, err := q.chooses(b); !wanted {
			return nil, err
		}
		r := routes.New()
		return r, r.parse(b)
	}
}

// chooses says whether Kind and Dst choose the route of a message, of which it reads no more than they are about.
func (q RouteQuery) chooses(b []byte) (bool, error) {
	if q.Kind != nil && len(b) >= routeMessage.Header && !q.Kind(b[routeType], b[routeProtocol]) {
		return false, nil
	}
	if q.Dst == nil {
		return true, nil
	}
	dst, err := parseDestination(b)
	return err == nil && q.Dst(dst), err
}

// wants says whether a route was asked for: an old kernel lists everything, and one without IPv6 the routes of IPv4.
func (q RouteQuery) wants(r *Route) bool {
	if r == nil || r.Family != q.Family || q.Table != 0 && r.Table != q.Table {
		return false
	}
	switch q.Exceptions {
	case WithoutExceptions:
		return !r.Cached()
	case OnlyExceptions:
		return r.Cached()
	}
	return true
}

func familyName(family uint8) string {
	if family == unix.AF_INET6 {
		return "IPv6"
	}
	return "IPv4"
}

// requests are one dump of everything or, where the kernel is to narrow it, one of routes and one of exceptions: a
// strict dump has never both (RTM_F_CLONED in ip_valid_fib_dump_req of net/ipv4/fib_frontend.c).
func (q RouteQuery) requests() (requests []netlink.Request) {
	if q.Table == 0 && q.Interface == 0 && q.Type == 0 && q.Protocol == 0 && q.Exceptions == WithExceptions {
		return []netlink.Request{q.request(0, false)}
	}
	if q.Exceptions != OnlyExceptions {
		r := q.request(0, true)
		r.Payload[routeType], r.Payload[routeProtocol] = q.Type, q.Protocol
		requests = append(requests, r)
	}
	if q.Exceptions != WithoutExceptions {
		requests = append(requests, q.request(unix.RTM_F_CLONED, true))
	}
	return requests
}

// request is a dump without the type and protocol: by those the kernel would choose exceptions by their route, which
// has others than they show (rt_fill_info of net/ipv4/route.c).
func (q RouteQuery) request(flags uint32, strict bool) netlink.Request {
	r := request(unix.RTM_GETROUTE, q.Family, unix.SizeofRtMsg)
	r.Strict = strict
	binary.NativeEndian.PutUint32(r.Payload[8:], flags)
	for _, filter := range []struct {
		kind  uint16
		value uint32
	}{{unix.RTA_TABLE, q.Table}, {unix.RTA_OIF, q.Interface}} {
		if filter.value != 0 {
			value := binary.NativeEndian.AppendUint32(nil, filter.value)
			r.Payload = netlink.AppendAttribute(r.Payload, filter.kind, value)
		}
	}
	return r
}
