package rtnetlink

import (
	"context"
	"iter"
	"net/netip"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
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

// multicastTableMessage is struct ifinfomsg of a family of its own, and in IFLA_AF_SPEC a table (linux/mroute.h).
var multicastTableMessage = netlink.MessageKind{
	What: "a multicast routing table", Protocol: unix.NETLINK_ROUTE, Types: []uint16{unix.RTM_NEWLINK},
	First: []uint8{uapi.RTNL_FAMILY_IPMR}, Header: unix.SizeofIfInfomsg,
	Attributes: []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{unix.IFLA_IFNAME}},
		{Class: netlink.Nested, Types: []uint16{unix.IFLA_AF_SPEC}, Inner: []netlink.AttributeGroup{
			{Class: netlink.Keep, Types: []uint16{
				uapi.IPMRA_TABLE_ID, uapi.IPMRA_TABLE_CACHE_RES_QUEUE_LEN, uapi.IPMRA_TABLE_MROUTE_REG_VIF_NUM,
				uapi.IPMRA_TABLE_MROUTE_DO_ASSERT, uapi.IPMRA_TABLE_MROUTE_DO_PIM,
			}},
			{Class: netlink.Nested, Types: []uint16{uapi.IPMRA_TABLE_VIFS}, Inner: []netlink.AttributeGroup{
				{Class: netlink.Nested, Types: []uint16{uapi.IPMRA_VIF}, Inner: []netlink.AttributeGroup{
					{Class: netlink.Keep, Types: []uint16{
						uapi.IPMRA_VIFA_IFINDEX, uapi.IPMRA_VIFA_VIF_ID, uapi.IPMRA_VIFA_FLAGS,
						uapi.IPMRA_VIFA_BYTES_IN, uapi.IPMRA_VIFA_BYTES_OUT, uapi.IPMRA_VIFA_PACKETS_IN,
						uapi.IPMRA_VIFA_PACKETS_OUT,
					}},
					{Class: netlink.Address, Types: []uint16{uapi.IPMRA_VIFA_LOCAL_ADDR, uapi.IPMRA_VIFA_REMOTE_ADDR}},
				}},
			}},
		}},
	},
	Requests: []netlink.RequestKind{
		{Type: unix.RTM_GETLINK, First: []uint8{uapi.RTNL_FAMILY_IPMR}, Header: unix.SizeofIfInfomsg},
	},
}

// MulticastInterfaces lists the virtual interfaces of all tables of IPv4 multicast routing. A kernel that cannot list
// them (Linux before 4.13) has none. An error is the last item.
func MulticastInterfaces(ctx context.Context, transport netlink.Transport) iter.Seq2[MulticastInterface, error] {
	type table struct { // what could be read of one with a fault is kept
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
		for table, err := range tables.consistent(ctx, transport) {
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

// parseMulticastInterfaces reads what ipmr_rtm_dumplink of net/ipv4/ipmr.c writes: struct ifinfomsg and, in
// IFLA_AF_SPEC, a table. A kernel that does not know the family lists its ordinary links, which are left out.
func parseMulticastInterfaces(b []byte) ([]MulticastInterface, error) {
	attributes, err := multicastTableMessage.Decode(b)
	if err != nil {
		return nil, err
	}
	if b[0] != Multicast4 {
		return nil, nil
	}
	var list []MulticastInterface
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
		case uapi.IPMRA_TABLE_ID:
			id = table.Uint32()
		case uapi.IPMRA_TABLE_VIFS:
			table.Nested(func(vifs *netlink.Attributes) {
				for vifs.Next() {
					if vifs.Type() == uapi.IPMRA_VIF {
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
		case uapi.IPMRA_VIFA_IFINDEX:
			m.Index = int(int32(vif.Uint32()))
		case uapi.IPMRA_VIFA_VIF_ID:
			m.Vif = int(int32(vif.Uint32()))
		case uapi.IPMRA_VIFA_FLAGS:
			m.Flags = vif.Uint16()
		case uapi.IPMRA_VIFA_BYTES_IN:
			m.BytesIn = vif.Uint64()
		case uapi.IPMRA_VIFA_BYTES_OUT:
			m.BytesOut = vif.Uint64()
		case uapi.IPMRA_VIFA_PACKETS_IN:
			m.PacketsIn = vif.Uint64()
		case uapi.IPMRA_VIFA_PACKETS_OUT:
			m.PacketsOut = vif.Uint64()
		case uapi.IPMRA_VIFA_LOCAL_ADDR:
			m.Local = address(vif.Bytes())
		case uapi.IPMRA_VIFA_REMOTE_ADDR:
			m.Remote = address(vif.Bytes())
		}
	}
	return m
}
