package procfs

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/netip"
	"strconv"
	"strings"

	"netql/sources/multierror"
	"netql/sources/vfs"
)

// An IPv6Route is a line of /proc/net/ipv6_route (ipv6_route_seq_show in net/ipv6/ip6_fib.c). It has counters that
// rtnetlink lacks, but not the routing table.
type IPv6Route struct {
	IPv6RouteKey
	References, Used uint32
	Flags            uint32 // RTF_* of linux/route.h and linux/ipv6_route.h
}

// IPv6RouteKey is what identifies a line; several lines may have the same.
type IPv6RouteKey struct {
	Dst, Src  netip.Prefix
	Gateway   netip.Addr // :: for none
	Metric    uint32
	Interface string // "" for none
}

// IPv6Routes reads /proc/net/ipv6_route. An error is the last item.
func IPv6Routes(files vfs.Files) iter.Seq2[IPv6Route, error] {
	return readTable(files, "/proc/net/ipv6_route", ParseIPv6Routes)
}

// ParseIPv6Routes reads such a file, whose lines have no heading: destination, its length, source, its length,
// gateway, metric, references, uses, flags, interface; all numbers hexadecimal. It ends with the first line that it
// cannot read.
func ParseIPv6Routes(r io.Reader) iter.Seq2[IPv6Route, error] {
	return func(yield func(IPv6Route, error) bool) {
		for l, err := range lines(r) {
			var route IPv6Route
			if err == nil {
				if route, err = parseIPv6Route(strings.Fields(l.text)); err != nil {
					err = l.fault("%w", err)
				}
			}
			if !yield(route, err) || err != nil {
				return
			}
		}
	}
}

func parseIPv6Route(fields []string) (r IPv6Route, err error) {
	if len(fields) < 9 {
		return r, errors.New("too few columns")
	}
	var numbers [4]uint32
	for i := range numbers {
		n, e := strconv.ParseUint(fields[5+i], 16, 32)
		numbers[i], err = uint32(n), multierror.Join(err, e)
	}
	r.Metric, r.References, r.Used, r.Flags = numbers[0], numbers[1], numbers[2], numbers[3]
	var faults [3]error
	r.Dst, faults[0] = hexPrefix(fields[0], fields[1])
	r.Src, faults[1] = hexPrefix(fields[2], fields[3])
	r.Gateway, faults[2] = hexIPv6(fields[4])
	if len(fields) > 9 {
		r.Interface = fields[9]
	}
	return r, multierror.Join(err, multierror.Join(faults[:]...))
}

func hexPrefix(address, length string) (netip.Prefix, error) {
	addr, err := hexIPv6(address)
	if err != nil {
		return netip.Prefix{}, err
	}
	bits, err := strconv.ParseUint(length, 16, 8)
	if err != nil || bits > 128 {
		return netip.Prefix{}, fmt.Errorf("%q is no length of a prefix", length)
	}
	return netip.PrefixFrom(addr, int(bits)), nil
}

// hexIPv6 reads 32 digits, in the order of the network.
func hexIPv6(text string) (netip.Addr, error) {
	b, err := hex.DecodeString(text)
	addr, ok := netip.AddrFromSlice(b)
	if err != nil || !ok || addr.Is4() {
		return netip.Addr{}, fmt.Errorf("%q is no IPv6 address", text)
	}
	return addr, nil
}
