package capture

import (
	"bytes"

	"golang.org/x/sys/unix"

	"netql/sources/ethtool"
	"netql/sources/netlink"
)

// answer redacts an answer. It is nil where a part of it has no description: then the answer is left out, and a query
// that needs it says so.
func (r *redactor) answer(a *answer) *answer {
	if !r.covers(a.request) {
		return nil
	}
	redacted := &answer{request: a.request, failure: r.failure(a.failure)}
	for m, err := range a.messages() {
		if err != nil {
			break // the answer's own failure, or one of memory
		}
		data, ok := r.message(a.request.Protocol, m)
		if !ok {
			return nil
		}
		redacted.add(netlink.Message{Type: m.Type, Flags: m.Flags, Data: data})
	}
	return redacted
}

// covers says whether a request is described, so that it holds nothing to redact and its answer can be redacted.
func (r *redactor) covers(q netlink.Request) bool {
	for m := range messageKinds {
		for _, k := range m.Requests {
			if m.Generic != "" { // whose number is given at run time
				k.Type = r.families[m.Generic]
			}
			if m.Protocol == q.Protocol && k.Is(q) {
				return true
			}
		}
	}
	return false
}

// message redacts one message of a protocol.
func (r *redactor) message(protocol int, m netlink.Message) ([]byte, bool) {
	for kind := range messageKinds {
		known := kind.Is(protocol, m) && (kind.Generic == "" || r.families[kind.Generic] == m.Type)
		if known && len(m.Data) >= kind.Header {
			header := r.header(kind, m.Data[:kind.Header])
			return append(header, r.attributes(m.Data[kind.Header:], kind.Attributes, header)...), true
		}
	}
	return nil, false
}

// header redacts the addresses in a message's header.
func (r *redactor) header(kind *netlink.MessageKind, b []byte) []byte {
	header := bytes.Clone(b)
	for _, offset := range kind.Addresses {
		size := 4
		if header[0] == unix.AF_INET6 {
			size = 16
		}
		field := header[offset : offset+16]
		clear(field[copy(field, r.addressBytes(field[:size])):])
	}
	return header
}

// genericFamilies are the numbers of generic netlink's families by name, from the recorded answers of its controller.
func genericFamilies(f *facts) map[string]uint16 {
	numbers := map[string]uint16{}
	for _, a := range f.answers {
		if a.request.Protocol != unix.NETLINK_GENERIC || a.request.Type != unix.GENL_ID_CTRL {
			continue
		}
		for m, err := range a.messages() {
			if err != nil {
				continue
			}
			if name, id, err := ethtool.ParseFamily(m.Data); err == nil {
				numbers[name] = id
			}
		}
	}
	return numbers
}
