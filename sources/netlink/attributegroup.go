package netlink

import "slices"

// A Class says what becomes of an attribute's value in a redacted capture.
type Class uint8

// The classes. An attribute that no group lists is dropped.
const (
	Drop        Class = iota
	Keep              // a number, the name of an interface or of a kernel module, what all machines have alike
	KeepShort         // kept if it has one or two bytes, in which there is no address
	Blank             // zeros, as many as there are bytes
	Address           // an IP address, behind Offset bytes that are kept
	Prefix            // the IP address of a network; the header's byte at Offset is the length of its prefix
	LinkAddress       // a link-layer address, which is an IP address for a tunnel
	Addresses         // an array of Elements, each with a link-layer address
	Text              // somebody's own words
	Label             // the name of an interface and, behind a colon, somebody's own words
	SocketPath        // the name of a unix socket: a path or, behind a NUL, an abstract name
	Nested            // attributes: those of Inner and, by the kind of a device, of Kinds
	Structures        // structures of Size bytes as CutStructure takes them, with the attributes of Inner behind each
)

// AnyType stands in a group for the types of attributes that no other group of the list has.
const AnyType = 0xffff

// An AttributeGroup is a set of attribute types of one class, with the details that the class needs.
type AttributeGroup struct {
	Class  Class
	Types  []uint16
	Offset int              // of Address and Prefix
	Size   int              // of Structures
	Array  *Elements        // of Addresses
	Inner  []AttributeGroup // of Nested and Structures

	KindType uint16        // of Nested: the type of the attribute beside it that names the kind
	Kinds    []NestedGroup // what there is beside Inner for some kinds
}

// A NestedGroup describes the attributes inside IFLA_INFO_DATA for one kind of device.
type NestedGroup struct {
	Kind       string
	Attributes []AttributeGroup
}

// Elements describe an array of structures of Size bytes. Each has an address at Address, up to the structure's end,
// and at Length how many bytes of it count, in 16 bits.
type Elements struct{ Size, Length, Address int }

// AddressOf gives the bytes of the address of the first element of b, which must hold one.
func (e *Elements) AddressOf(b []byte) []byte {
	room := b[e.Address:e.Size]
	return room[:min(int(native.Uint16(b[e.Length:])), len(room))]
}

// GroupOf finds the group of an attribute; nil if it is not listed.
func GroupOf(list []AttributeGroup, kind uint16) *AttributeGroup {
	for _, kind := range []uint16{kind, AnyType} {
		i := slices.IndexFunc(list, func(g AttributeGroup) bool { return slices.Contains(g.Types, kind) })
		if i >= 0 {
			return &list[i]
		}
	}
	return nil
}

// InnerOf describes the attributes inside a nested one. kind is the name in the attribute KindType beside it; "" if
// there is none.
func (g *AttributeGroup) InnerOf(kind string) []AttributeGroup {
	i := slices.IndexFunc(g.Kinds, func(n NestedGroup) bool { return n.Kind == kind })
	if i < 0 {
		return g.Inner
	}
	return slices.Concat(g.Kinds[i].Attributes, g.Inner)
}
