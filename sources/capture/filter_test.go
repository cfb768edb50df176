package capture

import (
	"encoding/binary"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

func u32(n uint32) []byte { return binary.NativeEndian.AppendUint32(nil, n) }

// inet is an inet_diag_req_v2.
func inet(family, protocol, extensions uint8, states uint32, attributes ...byte) netlink.Request {
	payload := append([]byte{family, protocol, extensions, 0}, u32(states)...)
	payload = append(append(payload, make([]byte, 48)...), attributes...)
	return netlink.Request{Protocol: unix.NETLINK_SOCK_DIAG, Type: unix.SOCK_DIAG_BY_FAMILY, Payload: payload}
}

// legacy is an inet_diag_req.
func legacy(extensions uint8, states uint32) netlink.Request {
	payload := append([]byte{0, 0, 0, extensions}, make([]byte, 48)...)
	payload = append(append(payload, u32(states)...), u32(0)...)
	return netlink.Request{Protocol: unix.NETLINK_SOCK_DIAG, Type: uapi.TCPDIAG_GETSOCK, Payload: payload}
}

// ported is a request of inet or legacy for ports, whose place in it is given.
func ported(r netlink.Request, place int, local, remote uint16) netlink.Request {
	binary.BigEndian.PutUint16(r.Payload[place:], local)
	binary.BigEndian.PutUint16(r.Payload[place+2:], remote)
	return r
}

// rt is a request of rtnetlink: a header and attributes.
func rt(kind uint16, header int, set map[int]byte, attributes ...byte) netlink.Request {
	payload := make([]byte, header)
	for offset, value := range set {
		payload[offset] = value
	}
	return netlink.Request{Protocol: unix.NETLINK_ROUTE, Type: kind, Payload: append(payload, attributes...)}
}

func attr(kind uint16, value []byte) []byte { return netlink.AppendAttribute(nil, kind, value) }

// TestCovers: which recorded requests have the answer to which others.
func TestCovers(t *testing.T) {
	const all, listen, bound = 0xffe, 1 << 10, 1 << 13
	route := func(family, table byte, attributes ...byte) netlink.Request {
		return rt(unix.RTM_GETROUTE, unix.SizeofRtMsg, map[int]byte{0: family, 4: table}, attributes...)
	}
	link := func(mask uint32) netlink.Request {
		return rt(unix.RTM_GETLINK, unix.SizeofIfInfomsg, nil, attr(unix.IFLA_EXT_MASK, u32(mask))...)
	}
	neighbor := func(family, flags byte, attributes ...byte) netlink.Request {
		return rt(unix.RTM_GETNEIGH, unix.SizeofNdMsg, map[int]byte{0: family, 10: flags}, attributes...)
	}
	single := route(2, 0)
	single.Single = true
	mptcp := attr(uapi.INET_DIAG_REQ_PROTOCOL, u32(262))
	program := attr(uapi.INET_DIAG_REQ_BYTECODE, []byte{1, 2, 3, 4})
	table := func(n uint32) netlink.Request { return route(2, 0, attr(unix.RTA_TABLE, u32(n))...) }
	over := func(n uint32) netlink.Request { return route(2, 0, attr(unix.RTA_OIF, u32(n))...) }
	for name, test := range map[string]struct {
		recorded, asked netlink.Request
		want            bool
	}{
		"same":                 {inet(2, 17, 0, all), inet(2, 17, 0, all), true},
		"fewer states":         {inet(2, 17, 8, all), inet(2, 17, 0, listen), true},
		"more states":          {inet(2, 17, 0, listen), inet(2, 17, 0, all), false},
		"more extensions":      {inet(2, 17, 0, all), inet(2, 17, 8, all), false},
		"other family":         {inet(2, 17, 0, all), inet(10, 17, 0, all), false},
		"other protocol":       {inet(2, 17, 0, all), inet(2, 6, 0, all), false},
		"tcp of both families": {legacy(8, all|bound), inet(10, 6, 8, listen), true},
		"tcp of both, bound":   {legacy(8, all), inet(10, 6, 8, bound), false},
		"tcp of one family":    {inet(2, 6, 8, all), legacy(8, all), false},
		"a filter program":     {inet(2, 6, 8, all), inet(2, 6, 8, all, program...), true},
		"no filter program":    {inet(2, 6, 8, all, program...), inet(2, 6, 8, all), false},
		"one port":             {inet(2, 17, 0, all), ported(inet(2, 17, 0, all), 8, 53, 0), true},
		"every port":           {ported(inet(2, 17, 0, all), 8, 53, 0), inet(2, 17, 0, all), false},
		"the same port": {ported(inet(2, 17, 0, all), 8, 53, 0), ported(inet(2, 17, 0, all), 8, 53, 9),
			true},
		"another port": {ported(inet(2, 17, 0, all), 8, 53, 0), ported(inet(2, 17, 0, all), 8, 0, 53),
			false},
		"tcp of a port":              {ported(legacy(8, all), 4, 22, 0), ported(inet(10, 6, 8, all), 8, 22, 0), true},
		"tcp of every port":          {ported(legacy(8, all), 4, 22, 0), inet(10, 6, 8, all), false},
		"mptcp is not tcp":           {legacy(8, all), inet(2, 0, 0, all, mptcp...), false},
		"mptcp":                      {inet(2, 0, 0, all, mptcp...), inet(2, 0, 0, listen, mptcp...), true},
		"routes of both families":    {route(0, 0), route(10, 0), true},
		"routes of one":              {route(10, 0), route(0, 0), false},
		"one table":                  {route(0, 0), table(254), true},
		"all tables":                 {table(254), route(2, 0), false},
		"other table":                {table(254), table(255), false},
		"one interface":              {route(2, 0), over(1), true},
		"all interfaces":             {over(1), route(2, 0), false},
		"same interface":             {over(1), over(1), true},
		"other interface":            {over(1), over(2), false},
		"multicast routes":           {route(0, 0), route(128, 0), false},
		"one route":                  {route(0, 0), single, false},
		"without counters":           {link(0), link(uapi.RTEXT_FILTER_SKIP_STATS), true},
		"with counters":              {link(uapi.RTEXT_FILTER_SKIP_STATS), link(0), false},
		"virtual functions":          {link(1), link(0), true},
		"no virtual functions":       {link(0), link(1), false},
		"neighbors of one interface": {neighbor(0, 0), neighbor(2, 0, attr(unix.NDA_IFINDEX, u32(3))...), true},
		"proxies are others":         {neighbor(0, 0), neighbor(2, 8), false},
		"bridge tables are others":   {neighbor(0, 0), neighbor(7, 0), false},
		"unknown kind":               {rt(999, 4, nil), rt(999, 4, nil), false},
	} {
		t.Run(name, func(t *testing.T) {
			a, known := filterOf(test.recorded)
			b, alike := filterOf(test.asked)
			if got := known && alike && a.covers(b); got != test.want {
				t.Errorf("%v", got)
			}
		})
	}
}

// TestWants: which messages of a wide answer belong to a narrow one.
func TestWants(t *testing.T) {
	tcp := func(family, state byte) []byte { return append([]byte{family, state}, make([]byte, 70)...) }
	ends := func(local, remote uint16) []byte {
		b := tcp(2, 1)
		binary.BigEndian.PutUint16(b[4:], local)
		binary.BigEndian.PutUint16(b[6:], remote)
		return b
	}
	route := func(family byte, table uint32) []byte {
		return append(append([]byte{family}, make([]byte, unix.SizeofRtMsg-1)...), attr(unix.RTA_TABLE, u32(table))...)
	}
	main := rt(unix.RTM_GETROUTE, unix.SizeofRtMsg, map[int]byte{0: 2}, attr(unix.RTA_TABLE, u32(254))...)
	neighbor := func(index byte) []byte { return []byte{2, 0, 0, 0, index, 0, 0, 0, 0, 0, 0, 0} }
	eth0 := rt(unix.RTM_GETNEIGH, unix.SizeofNdMsg, nil, attr(unix.NDA_IFINDEX, u32(3))...)
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		t.Skip("the neighbours below are little-endian")
	}
	for name, test := range map[string]struct {
		asked   netlink.Request
		message []byte
		want    bool
	}{
		"family":               {inet(10, 6, 0, 0xffe), tcp(10, 1), true},
		"other family":         {inet(10, 6, 0, 0xffe), tcp(2, 1), false},
		"both families":        {legacy(0, 0xffe), tcp(2, 1), true},
		"state":                {legacy(0, 1<<10), tcp(2, 10), true},
		"other state":          {legacy(0, 1<<10), tcp(2, 1), false},
		"bound":                {legacy(0, 1<<13), tcp(2, 7), true},
		"not bound":            {legacy(0, 0xffe), tcp(2, 7), false},
		"unconnected datagram": {inet(2, 17, 0, 1<<7), tcp(2, 7), true},
		"port":                 {ported(inet(2, 17, 0, 0xffe), 8, 53, 0), ends(53, 9), true},
		"peer's port":          {ported(inet(2, 17, 0, 0xffe), 8, 0, 9), ends(53, 9), true},
		"other port":           {ported(inet(2, 17, 0, 0xffe), 8, 9, 0), ends(53, 9), false},
		"ports of tcp":         {ported(legacy(0, 0xffe), 4, 53, 9), ends(53, 9), true},
		"other ports of tcp":   {ported(legacy(0, 0xffe), 4, 53, 8), ends(53, 9), false},
		"absurd state":         {legacy(0, 0xffe), tcp(2, 255), false},
		"empty message":        {legacy(0, 0xffe), nil, true},
		"table":                {main, route(2, 254), true},
		"other table":          {main, route(2, 255), false},
		"table, other family":  {main, route(10, 254), false},
		"no table":             {main, make([]byte, 3), false},
		"interface":            {eth0, neighbor(3), true},
		"other interface":      {eth0, neighbor(4), false},
	} {
		d, ok := filterOf(test.asked)
		if got := d.wants(netlink.Message{Data: test.message}); !ok || got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestFind: an unknown kind of request is answered by itself, or by the only one of its kind, never by a guess.
func TestFind(t *testing.T) {
	get := func(payload ...byte) netlink.Request {
		return netlink.Request{Protocol: 16, Type: 30, Payload: payload}
	}
	f := newFacts()
	f.answers = []*answer{{request: get(1, 7)}, {request: get(2, 7)}, {request: get(2, 8)}}
	lookup := get(1, 9)
	lookup.Single = true
	for name, test := range map[string]struct {
		asked netlink.Request
		want  int
	}{
		"exact": {get(2, 8), 2}, "only one of its kind": {get(1, 9), 0}, "two of its kind": {get(2, 9), -1},
		"none of its kind": {get(3), -1}, "one object": {lookup, -1},
	} {
		var want *answer
		if test.want >= 0 {
			want = f.answers[test.want]
		}
		if got := f.find(test.asked); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestUnrecorded: a recorder asks without the conditions that are for one query alone.
func TestUnrecorded(t *testing.T) {
	mptcp, program := attr(uapi.INET_DIAG_REQ_PROTOCOL, u32(262)), attr(uapi.INET_DIAG_REQ_BYTECODE, []byte{1, 2, 3, 4})
	for name, test := range map[string]struct{ asked, sent netlink.Request }{
		"ports":        {ported(inet(2, 17, 8, 0xffff), 8, 53, 9), inet(2, 17, 8, 0xffff)},
		"ports of tcp": {ported(legacy(8, 0xffff), 4, 53, 9), legacy(8, 0xffff)},
		"program":      {inet(2, 6, 8, 0xffff, program...), inet(2, 6, 8, 0xffff)},
		"program, and what is listed": {inet(2, 0, 0, 0xffff, append(program, mptcp...)...),
			inet(2, 0, 0, 0xffff, mptcp...)},
		"routes of a table": {rt(unix.RTM_GETROUTE, unix.SizeofRtMsg, nil, attr(unix.RTA_TABLE, u32(5))...),
			rt(unix.RTM_GETROUTE, unix.SizeofRtMsg, nil, attr(unix.RTA_TABLE, u32(5))...)},
	} {
		if got, want := widened(test.asked), widened(test.sent); !same(got, want) || !same(got, widened(got)) {
			t.Errorf("%s: % x, want % x", name, got.Payload, want.Payload)
		}
	}
}
