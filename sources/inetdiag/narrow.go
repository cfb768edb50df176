package inetdiag

import (
	"context"
	"encoding/binary"
	"errors"
	"iter"
	"slices"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// sockIDSize is the size of struct inet_diag_sockid.
const sockIDSize = 48

// header takes the ports out of the filter that a request's header has, because one alone is wanted, or else 0. rest is
// what is left for a program, which costs the kernel more. Where rest is too long, it is a wider filter.
func (f Filter) header() (ports [2]uint16, rest Filter) {
	parts := []Filter{f}
	if f.kind == allOf {
		parts = slices.Clone(f.parts)
	}
	for i, part := range parts {
		if port, single := part.ports.single(); single && part.kind == inPorts {
			ports[part.end], parts[i] = port, Filter{}
		}
	}
	return ports, And(parts...).limited(maxProgram)
}

// Sent is the filter as the kernel gets it: without what is too long for a request.
func (f Filter) Sent() Filter {
	ports, rest := f.header()
	for end, port := range ports {
		if port != 0 {
			rest = And(Ports(End(end), PortRange{port, port}), rest)
		}
	}
	return rest
}

// appendID appends struct inet_diag_sockid to a request. Of its fields a dump heeds the two ports, where they are not
// 0. Listeners are left out where a peer's port is asked for: they have none. The ports of bound and inactive sockets
// are not tested: all are listed.
func appendID(b []byte, ports [2]uint16) []byte {
	b = binary.BigEndian.AppendUint16(b, ports[Local])
	b = binary.BigEndian.AppendUint16(b, ports[Remote])
	return append(b, make([]byte, sockIDSize-4)...)
}

// appendProgram appends the attribute with the filter's program to a request, if it has one.
func appendProgram(b []byte, f Filter) []byte {
	program := f.program()
	if program == nil {
		return b
	}
	return netlink.AppendAttribute(b, uapi.INET_DIAG_REQ_BYTECODE, program)
}

// widening is a Transport that asks again without the program where the kernel refuses a request that has one: an old
// kernel lacks some operations, and a security module may forbid them.
type widening struct{ netlink.Transport }

// Dump sends the request, or else the wider one.
func (w widening) Dump(ctx context.Context, r netlink.Request) iter.Seq2[netlink.Message, error] {
	wide, narrowed := withoutProgram(r)
	if !narrowed {
		return w.Transport.Dump(ctx, r)
	}
	return func(yield func(netlink.Message, error) bool) {
		answered := false
		for m, err := range w.Transport.Dump(ctx, r) {
			if !answered && (errors.Is(err, unix.EINVAL) || errors.Is(err, unix.EPERM)) {
				w.Transport.Dump(ctx, wide)(yield)
				return
			}
			if answered = true; !yield(m, err) {
				return
			}
		}
	}
}

// withoutProgram is the request without the attribute of the program; false if it has none.
func withoutProgram(r netlink.Request) (wide netlink.Request, narrowed bool) {
	header := requestSize
	if r.Type == uapi.TCPDIAG_GETSOCK {
		header = legacyRequestSize
	}
	wide = r
	wide.Payload = slices.Clone(r.Payload[:header])
	for attributes := netlink.DecodeAttributes(r.Payload[header:]); attributes.Next(); {
		if attributes.Type() == uapi.INET_DIAG_REQ_BYTECODE {
			narrowed = true
		} else {
			wide.Payload = netlink.AppendAttribute(wide.Payload, attributes.Type(), attributes.Bytes())
		}
	}
	return wide, narrowed
}
