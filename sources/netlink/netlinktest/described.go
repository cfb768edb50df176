package netlinktest

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// A Parser reads a message of one kind.
type Parser func([]byte) (any, error)

// Parsers are those of a package, by the kind of message.
type Parsers map[*netlink.MessageKind][]Parser

// Parse makes a Parser of a function with a result of its own.
func Parse[T any](parse func([]byte) (T, error)) Parser {
	return func(b []byte) (any, error) { return parse(b) }
}

// CheckDescribed holds the parsers of a package to the descriptions of their messages: an attribute that is not
// listed changes nothing, whatever is in it. So a parser that reads one more has to say, in that one place, what
// becomes of it in a capture.
func CheckDescribed(t *testing.T, messages []*netlink.MessageKind, parsers Parsers) {
	t.Helper()
	for _, kind := range messages {
		if len(parsers[kind]) == 0 {
			t.Errorf("%s has a description and no parser", kind.What)
		}
		checkDescribed(t, kind, parsers[kind])
	}
}

func checkDescribed(t *testing.T, kind *netlink.MessageKind, parsers []Parser) {
	t.Helper()
	first := kind.First
	if first == nil {
		first = []uint8{unix.AF_INET, unix.AF_INET6}
	}
	for _, f := range first {
		header := make([]byte, kind.Header)
		header[0] = f
		for i, parse := range parsers {
			c := checker{t: t, parse: parse, kind: kind}
			c.list(fmt.Sprintf("%s, parser %d", kind.What, i), kind.Attributes, func(list []byte) []byte {
				return append(bytes.Clone(header), list...)
			})
		}
	}
}

// A checker checks one parser.
type checker struct {
	t     *testing.T
	kind  *netlink.MessageKind
	parse Parser
}

// list checks a list of attributes, which message puts into a message, and those that lie deeper.
func (c checker) list(path string, groups []netlink.AttributeGroup, message func(list []byte) []byte) {
	c.t.Helper()
	want, err := c.parse(message(nil))
	if err != nil {
		c.t.Errorf("%s: %v", path, err)
		return
	}
	for kind := range uint16(256) {
		if listed(groups, kind) {
			continue
		}
		for _, size := range []int{0, 1, 2, 4, 8, 16, 64} {
			value := bytes.Repeat([]byte{1}, size)
			got, err := c.parse(message(netlink.AppendAttribute(nil, kind, value)))
			if err != nil || !reflect.DeepEqual(got, want) {
				c.t.Errorf("%s: attribute %d is read, and not described", path, kind)
				break
			}
		}
	}
	for _, group := range groups {
		for _, kind := range group.Types {
			c.nested(fmt.Sprintf("%s, in attribute %d", path, kind), kind, group, message)
		}
	}
}

// nested checks what lies in an attribute.
func (c checker) nested(path string, kind uint16, group netlink.AttributeGroup, message func(list []byte) []byte) {
	c.t.Helper()
	switch group.Class {
	case netlink.Nested:
		for _, k := range append(group.Kinds, netlink.NestedGroup{}) { // and of a kind that is not known
			c.list(path+" "+k.Kind, group.InnerOf(k.Kind), func(list []byte) []byte {
				var outer []byte
				if group.Kinds != nil {
					outer = netlink.AppendAttribute(outer, group.KindType, []byte(k.Kind))
				}
				return message(netlink.AppendAttribute(outer, kind, list))
			})
		}
	case netlink.Structures:
		c.list(path, group.Inner, func(list []byte) []byte {
			structure := make([]byte, group.Size)
			copy(structure, Halves(uint16(group.Size+len(list))))
			return message(netlink.AppendAttribute(nil, kind, append(structure, list...)))
		})
	}
}

// listed says whether a type is in a group by itself, and not as any type.
func listed(groups []netlink.AttributeGroup, kind uint16) bool {
	group := netlink.GroupOf(groups, kind)
	return group != nil && slices.Contains(group.Types, kind)
}
