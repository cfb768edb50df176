package capture

import (
	"bytes"
	"encoding/binary"
	"strings"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// attributes redacts a list of attributes by their groups. The header is the message's, with the lengths of prefixes.
func (r *redactor) attributes(list []byte, groups []netlink.AttributeGroup, header []byte) []byte {
	var redacted []byte
	for attributes := netlink.DecodeAttributes(list); attributes.Next(); {
		group := netlink.GroupOf(groups, attributes.Type())
		if group == nil {
			continue
		}
		kind := ""
		if group.Kinds != nil {
			kind = text(attribute(list, group.KindType))
		}
		if value := r.value(attributes.Bytes(), group, kind, header); value != nil {
			redacted = netlink.AppendAttribute(redacted, attributes.Type(), value)
		}
	}
	return redacted
}

// value redacts the value of an attribute; nil leaves it out.
func (r *redactor) value(b []byte, group *netlink.AttributeGroup, kind string, header []byte) []byte {
	switch group.Class {
	case netlink.Keep:
		return b
	case netlink.KeepShort:
		if len(b) <= 2 {
			return b
		}
	case netlink.Blank:
		return make([]byte, len(b))
	case netlink.Address:
		if at := group.Offset; len(b) >= at {
			return append(b[:at:at], r.addressBytes(b[at:])...)
		}
	case netlink.Prefix:
		return r.prefixBytes(b, int(header[group.Offset]))
	case netlink.LinkAddress:
		return r.hardware(b)
	case netlink.Addresses:
		return r.elements(b, group.Array)
	case netlink.Text:
		return []byte(r.name("alias", text(b)) + "\x00")
	case netlink.Label:
		return []byte(r.label(text(b)) + "\x00")
	case netlink.SocketPath:
		return r.socketPath(b)
	case netlink.Nested:
		return r.attributes(b, group.InnerOf(kind), header)
	case netlink.Structures:
		return r.structures(b, group, header)
	}
	return nil
}

// label redacts the label of an address, which may be any text. Only the name of an interface at its start is kept.
func (r *redactor) label(label string) string {
	device, words, _ := strings.Cut(label, ":")
	switch {
	case r.interfaces[label]:
		return label
	case r.interfaces[device]:
		return device + ":" + r.name("label", words)
	}
	return r.name("label", label)
}

// interfaceNames are the names of the interfaces that have been recorded.
func interfaceNames(f *facts) map[string]bool {
	names := map[string]bool{}
	for _, a := range f.answers {
		if a.request.Protocol != unix.NETLINK_ROUTE || a.request.Type != unix.RTM_GETLINK {
			continue
		}
		for m, err := range a.messages() {
			if err == nil && m.Type == unix.RTM_NEWLINK && len(m.Data) >= unix.SizeofIfInfomsg {
				names[text(attribute(m.Data[unix.SizeofIfInfomsg:], unix.IFLA_IFNAME))] = true
			}
		}
	}
	return names
}

// elements redacts an array of structures with link-layer addresses.
func (r *redactor) elements(list []byte, e *netlink.Elements) []byte {
	redacted := []byte{}
	for ; len(list) >= e.Size; list = list[e.Size:] {
		element := make([]byte, e.Size)
		copy(element, list[:e.Address])
		copy(element[e.Address:], r.hardware(e.AddressOf(list)))
		redacted = append(redacted, element...)
	}
	return redacted
}

// structures redacts a list of structures with attributes behind each, such as the nexthops of a route.
func (r *redactor) structures(list []byte, group *netlink.AttributeGroup, header []byte) []byte {
	redacted := []byte{} // an empty list says something, too
	for {
		first, rest, err := netlink.CutStructure(list, group.Size)
		if err != nil {
			return redacted
		}
		attributes := r.attributes(first[group.Size:], group.Inner, header)
		redacted = binary.NativeEndian.AppendUint16(redacted, uint16(group.Size+len(attributes)))
		redacted = append(append(redacted, first[2:group.Size]...), attributes...)
		list = rest
	}
}

// socketPath redacts the name of a unix socket. An abstract one begins with NUL.
func (r *redactor) socketPath(value []byte) []byte {
	if len(value) > 0 && value[0] == 0 {
		return append([]byte{0}, r.name("abstract", string(value[1:]))...)
	}
	return []byte(r.path(text(value)) + "\x00")
}

// text is the bytes before the first NUL.
func text(b []byte) string {
	before, _, _ := bytes.Cut(b, []byte{0})
	return string(before)
}
