package rtnetlink

import (
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/decodetest"
	"netql/sources/netlink/netlinktest"
)

func FuzzDecoders(f *testing.F) {
	decodetest.Fuzz(f, map[string]decodetest.Decoder{
		"link":     func(b []byte) any { return decodetest.Result(parseLink(b)) },
		"neighbor": func(b []byte) any { return decodetest.Result(parseNeighbor(b)) },
		"qdisc limit": func(b []byte) any {
			for _, l := range qdiscLimits {
				parseQdiscLimit(l.kinds[0], b)
			}
			return nil
		},
		"qdisc":               func(b []byte) any { return decodetest.Result(parseQdisc(b)) },
		"device":              func(b []byte) any { return decodetest.Result(parseDevice(b)) },
		"address":             func(b []byte) any { return decodetest.Result(parseAddress(b)) },
		"namespace":           func(b []byte) any { return decodetest.Result(parseNamespace(b)) },
		"multicastRoute":      func(b []byte) any { return decodetest.Result(parseMulticastRoute(b)) },
		"multicastInterfaces": func(b []byte) any { return decodetest.Result(parseMulticastInterfaces(b)) },
		"route":               func(b []byte) any { return decodetest.Result(parseRoute(b)) },
		"destination":         func(b []byte) any { return decodetest.Result(parseDestination(b)) },
		"rule":                func(b []byte) any { return decodetest.Result(parseRule(b)) },
		"nexthop":             func(b []byte) any { return decodetest.Result(parseNexthopObject(b)) },
		"multipath": func(b []byte) any {
			r := new(Route)
			return decodetest.Result(r.multipath(b),
				r.Nexthops)
		},
	}, single, several, multipath, fullRule, object, group, message(1, "lo"), message(1<<31, ""), resolved, unresolved,
		twoVifs, encodeNeighbor(), encodeQdisc(), full(),
		encodeAddress(unix.AF_INET, 24, 0, 0, attr{unix.IFA_LOCAL, []byte{192, 0, 2, 1}},
			attr{unix.IFA_CACHEINFO, make([]byte, 16)}),
		append(make([]byte, 4), with(nil, attr{unix.NETNSA_NSID, netlinktest.Numbers(6)})...))
}
