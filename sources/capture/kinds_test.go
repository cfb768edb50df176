package capture

import (
	"testing"

	"netql/sources/netlink"
)

// TestKinds: the descriptions of messages fit their headers, and no message or attribute is described twice.
func TestKinds(t *testing.T) {
	type message struct {
		protocol int
		kind     uint16
		generic  string
		first    int
	}
	seen := map[message]string{}
	for m := range messageKinds {
		types := m.Types
		if m.Generic != "" {
			types = []uint16{0}
		}
		for _, kind := range types {
			for _, first := range firsts(m.First) {
				key := message{m.Protocol, kind, m.Generic, first}
				if other, ok := seen[key]; ok {
					t.Errorf("%+v is %s and %s", key, other, m.What)
				}
				seen[key] = m.What
			}
		}
		for _, offset := range m.Addresses {
			if offset+16 > m.Header {
				t.Errorf("%s: an address at %d, behind the header of %d bytes", m.What, offset, m.Header)
			}
		}
		checkGroups(t, m.What, m.Header, m.Attributes)
		for _, k := range m.Requests {
			checkRequest(t, m.What, k)
		}
	}
}

// firsts are the first bytes of messages; -1 for any.
func firsts(list []uint8) []int {
	if list == nil {
		return []int{-1}
	}
	var all []int
	for _, b := range list {
		all = append(all, int(b))
	}
	return all
}

func checkGroups(t *testing.T, path string, header int, groups []netlink.AttributeGroup) {
	t.Helper()
	seen := map[uint16]bool{}
	for _, g := range groups {
		if g.Class == netlink.Prefix && g.Offset >= header {
			t.Errorf("%s: a prefix whose length is at %d, behind the header of %d bytes", path, g.Offset, header)
		}
		for _, kind := range g.Types {
			if seen[kind] {
				t.Errorf("%s: attribute %d is in two groups", path, kind)
			}
			seen[kind] = true
		}
		checkGroups(t, path, header, g.Inner)
		for _, k := range g.Kinds {
			checkGroups(t, path+" "+k.Kind, header, k.Attributes)
		}
	}
}

func checkRequest(t *testing.T, path string, k netlink.RequestKind) {
	t.Helper()
	fields := append([]netlink.Field{}, k.Fields...)
	for _, b := range k.Bits {
		fields = append(fields, netlink.Field{Offset: b.Offset, Size: b.Size})
		if b.Recorded != 0 && b.Size != 4 {
			t.Errorf("%s: a recorder cannot add bits to a field of %d bytes", path, b.Size)
		}
	}
	if k.Choice != nil {
		fields = append(fields, netlink.Field{Offset: k.Choice.Offset, Size: choiceSize})
	}
	for _, f := range fields {
		if f.Offset+f.Size > k.Header {
			t.Errorf("%s: a field of %d bytes at %d, behind the header of %d bytes", path, f.Size, f.Offset, k.Header)
		}
	}
}
