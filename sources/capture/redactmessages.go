package capture

import (
	"bytes"

	"golang.org/x/sys/unix"

	"netql/sources/ethtool"
	"netql/sources/netlink"
)

// answer redacts an answer; nil if there is no rule for all of it, so that a query says that it is missing.
func (r *redactor) answer(a *answer) *answer {
	if !r.knows(a.request) {
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

// knows says whether a request tells nothing itself, and its answers can be redacted.
func (r *redactor) knows(q netlink.Request) bool {
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

// genericFamilies finds the numbers of generic netlink's families in the answers of its controller, by name.
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
