package rtnetlink

import (
	"context"
	"fmt"
	"iter"
	"net/netip"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// A MulticastInterface is a virtual interface of IPv4 multicast routing.
type MulticastInterface struct {
	Table                uint32
	Vif                  int    // its number, by which the routing daemon knows it
	Index                int    // of the real interface
	Flags                uint16 // VIFF_* of linux/mroute.h
	BytesIn, PacketsIn   uint64
	BytesOut, PacketsOut uint64
	Local, Remote        netip.Addr // Local is no address where VIFF_USE_IFINDEX is set
}

// Attributes of linux/mroute.h: of a table, of its list, and of a virtual interface.
const (
	tableID   = 1
	tableVifs = 6

	vifElement = 1

	vifIndex      = 1
	vifID         = 2
	vifFlags      = 3
	vifBytesIn    = 4
	vifBytesOut   = 5
	vifPacketsIn  = 6
	vifPacketsOut = 7
	vifLocal      = 8
	vifRemote     = 9
)

// MulticastInterfaces lists the virtual interfaces of all tables of IPv4 multicast routing. A kernel that cannot (Linux
// before 4.13) lists none instead. An error is the last item.
func MulticastInterfaces(ctx context.Context, transport netlink.Transport) iter.Seq2[MulticastInterface, error] {
	type table struct { // what can be read of a torn one counts
		vifs  []MulticastInterface
		fault error
	}
	tables := list[table]{
		what: "multicast interfaces", request: request(unix.RTM_GETLINK, Multicast4, unix.SizeofIfInfomsg),
		parse: func(b []byte) (table, error) {
			vifs, err := parseMulticastInterfaces(b)
			return table{vifs, err}, nil
		},
	}
	return func(yield func(MulticastInterface, error) bool) {
		for table, err := range tables.settled(ctx, transport) {
			for _, vif := range table.vifs {
				if !yield(vif, nil) {
					return
				}
			}
			if err == nil && table.fault != nil {
				err = tables.failure(table.fault)
			}
			if err != nil {
				yield(MulticastInterface{}, err)
				return
			}
		}
	}
}

// parseMulticastInterfaces reads what ipmr_rtm_dumplink of net/ipv4/ipmr.c writes: struct ifinfomsg and, in IFLA_AF_SPEC, a
// table. A kernel that does not know the family lists its ordinary links, which are left out.
func parseMulticastInterfaces(b []byte) ([]MulticastInterface, error) {
	if len(b) < unix.SizeofIfInfomsg {
		return nil, fmt.Errorf("%w: a table of %d bytes, not %d", netlink.ErrTruncated, len(b), unix.SizeofIfInfomsg)
	}
	if b[0] != Multicast4 {
		return nil, nil
	}
	var list []MulticastInterface
	attributes := netlink.DecodeAttributes(b[unix.SizeofIfInfomsg:])
	for attributes.Next() {
		if attributes.Type() == unix.IFLA_AF_SPEC {
			attributes.Nested(func(table *netlink.Attributes) { list = append(list, readMulticastTable(table)...) })
		}
	}
	return list, attributes.Err()
}

func readMulticastTable(table *netlink.Attributes) (list []MulticastInterface) {
	var id uint32
	for table.Next() {
		switch table.Type() {
		case tableID:
			id = table.Uint32()
		case tableVifs:
			table.Nested(func(vifs *netlink.Attributes) {
				for vifs.Next() {
					if vifs.Type() == vifElement {
						vifs.Nested(func(vif *netlink.Attributes) { list = append(list, readMulticastInterface(vif)) })
					}
				}
			})
		}
	}
	for i := range list {
		list[i].Table = id
	}
	return list
}

func readMulticastInterface(vif *netlink.Attributes) (m MulticastInterface) {
	for vif.Next() {
		switch vif.Type() {
		case vifIndex:
			m.Index = int(int32(vif.Uint32()))
		case vifID:
			m.Vif = int(int32(vif.Uint32()))
		case vifFlags:
			m.Flags = vif.Uint16()
		case vifBytesIn:
			m.BytesIn = vif.Uint64()
		case vifBytesOut:
			m.BytesOut = vif.Uint64()
		case vifPacketsIn:
			m.PacketsIn = vif.Uint64()
		case vifPacketsOut:
			m.PacketsOut = vif.Uint64()
		case vifLocal:
			m.Local = address(vif.Bytes())
		case vifRemote:
			m.Remote = address(vif.Bytes())
		}
	}
	return m
}
