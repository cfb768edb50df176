package procfs

import (
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"

	"netql/sources/vfs"
)

// A MulticastRoute is an entry of the multicast forwarding cache, in the default table.
type MulticastRoute struct {
	Group, Source  netip.Addr
	In             int // the virtual interface that packets must come from; -1 of an entry that is not resolved
	Packets, Bytes uint64
	Wrong          uint64 // packets that came from another one
	Out            []MulticastOutput
}

// A MulticastOutput is a virtual interface that packets are sent to, if their TTL is above a threshold.
type MulticastOutput struct{ Vif, TTL int }

// MulticastRoutes reads /proc/net/ip_mr_cache (ipmr_mfc_seq_show in net/ipv4/ipmr.c).
func MulticastRoutes(files vfs.Files) ([]MulticastRoute, error) {
	return parseFile(files, "/proc/net/ip_mr_cache", ParseMulticastRoutes)
}

// MulticastRoutes6 reads /proc/net/ip6_mr_cache (ipmr_mfc_seq_show in net/ipv6/ip6mr.c).
func MulticastRoutes6(files vfs.Files) ([]MulticastRoute, error) {
	return parseFile(files, "/proc/net/ip6_mr_cache", ParseMulticastRoutes6)
}

// ParseMulticastRoutes reads such a file of IPv4.
func ParseMulticastRoutes(r io.Reader) ([]MulticastRoute, error) {
	return parseMulticastRoutes(r, (*record).nativeAddress)
}

// ParseMulticastRoutes6 reads such a file of IPv6.
func ParseMulticastRoutes6(r io.Reader) ([]MulticastRoute, error) {
	return parseMulticastRoutes(r, (*record).plainAddress)
}

func parseMulticastRoutes(r io.Reader, address func(*record, string) netip.Addr) ([]MulticastRoute, error) {
	return parseRecords(r, nil, strings.NewReplacer(), func(r *record) MulticastRoute {
		route := MulticastRoute{
			Group: address(r, "Group"), Source: address(r, "Origin"), In: r.int("Iif"),
			Packets: r.uint64("Pkts", 10), Bytes: r.uint64("Bytes", 10), Wrong: r.uint64("Wrong", 10),
		}
		for _, pair := range r.tail("Oifs") {
			output, err := parseMulticastOutput(pair)
			r.fail("Oifs", err)
			route.Out = append(route.Out, output)
		}
		return route
	})
}

// parseMulticastOutput reads "1:64".
func parseMulticastOutput(pair string) (MulticastOutput, error) {
	number, threshold, found := strings.Cut(pair, ":")
	vif, err := strconv.ParseUint(number, 10, 16)
	if err != nil || !found {
		return MulticastOutput{}, fmt.Errorf("%q is no virtual interface and TTL", pair)
	}
	ttl, err := strconv.ParseUint(threshold, 10, 8)
	return MulticastOutput{int(vif), int(ttl)}, err
}
