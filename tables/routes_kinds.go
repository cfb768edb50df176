package tables

import (
	"strconv"

	"netql/query"
	"netql/sources/rtnetlink"
)

// routeKinds says of which types and protocols the routes are that are listed. The kernel picks by one of each, and
// netql by any, before it reads more of a route. Neither does where positions are read: they count all routes that
// agree in the rest.
type routeKinds struct {
	kind, protocol uint8 // RTN_* and RTPROT_* that the kernel picks; 0 for any
	names          [2]string
	tested         bool // the conditions are about types or protocols
}

// planRouteKinds finds what the conditions say of types and protocols.
func planRouteKinds(r query.Request) (kinds routeKinds) {
	if r.Columns.Has("position") {
		return kinds
	}
	kinds.tested = len(r.Where.Values("type"))+len(r.Where.Values("protocol")) > 0
	if name := onlyText(r.Where, "type"); name != "" {
		kinds.kind, kinds.names[0] = pickedType(name), name
	}
	if name := onlyText(r.Where, "protocol"); name != "" {
		kinds.protocol, kinds.names[1] = routeProtocolNumber(r, name), name
	}
	return kinds
}

// onlyText is the text that the conditions leave for a column; "" where they leave none, or several.
func onlyText(where query.Predicate, column string) string {
	values, limited := where.Only(column)
	if !limited || len(values) != 1 {
		return ""
	}
	text, _ := values[0].(string)
	return text
}

// pickedType is the number of a type by which the kernel picks routes; 0 for none. It picks by the type with which a
// route was made, and lists one whose nexthop object is a blackhole as such, too (fib_dump_info of
// net/ipv4/fib_semantics.c, rt6_fill_node of net/ipv6/route.c).
func pickedType(name string) uint8 {
	for _, each := range routeTypes() {
		if each.Name == name && each.number != rtnetlink.Blackhole {
			return uint8(each.number)
		}
	}
	return 0
}

// routeProtocolNumber is the number of the protocol of a name; 0 where it has several, or is not known.
func routeProtocolNumber(r query.Request, name string) uint8 {
	known, err := routeProtos.read(ofQuery(r.State).system.Files)
	if err != nil {
		return 0
	}
	if numbers := numbersOf(known, name); len(numbers) == 1 && numbers[0] <= 1<<8-1 {
		return uint8(numbers[0])
	}
	return 0
}

// String is what explain says of the types and protocols that the kernel picks.
func (k routeKinds) String() (text string) {
	if k.kind != 0 {
		text += "; of type " + k.names[0]
	}
	if k.protocol != 0 {
		text += "; of protocol " + strconv.Quote(k.names[1])
	}
	return text
}

// narrow has a list leave out what the conditions do not allow.
func (k routeKinds) narrow(q *rtnetlink.RouteQuery, where query.Predicate, s *scanState) {
	q.Type, q.Protocol = k.kind, k.protocol
	if !k.tested {
		return
	}
	types := routeTypes()
	var wanted memo[[2]uint8, bool]
	q.Kind = func(kind, protocol uint8) bool {
		return wanted.get([2]uint8{kind, protocol}, func(key [2]uint8) bool {
			known := map[string]any{"type": nil, "protocol": s.routeProtocol(uint32(key[1]))}
			if name := types.name(uint32(key[0])); name != "" {
				known["type"] = name
			}
			return mayHold(where, known)
		})
	}
}
