package rtnetlink

import (
	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// linkInfo reads IFLA_LINKINFO: the kind of a virtual device and, behind it, what only this kind has.
func (d *Device) linkInfo(a *netlink.Attributes) {
	for a.Next() {
		switch a.Type() {
		case unix.IFLA_INFO_KIND:
			d.Kind = a.String()
		case unix.IFLA_INFO_SLAVE_KIND:
			d.SlaveKind = a.String()
		case unix.IFLA_INFO_DATA:
			a.Nested(func(inner *netlink.Attributes) { d.Detail.read(d.Kind, inner) })
		}
	}
}

// details are the readers of an attribute in IFLA_INFO_DATA, by kind of device: attribute types differ by kind.
var details = []struct {
	kind string
	read func(*Detail, *netlink.Attributes)
}{
	{"vlan", (*Detail).vlan},
	{"vrf", (*Detail).vrf},
	{"vxlan", (*Detail).vxlan},
	{"geneve", (*Detail).geneve},
	{"bond", func(d *Detail, a *netlink.Attributes) { d.mode8(a, unix.IFLA_BOND_MODE) }},
	{"tun", func(d *Detail, a *netlink.Attributes) { d.mode8(a, unix.IFLA_TUN_TYPE) }}, // 1 for tun, 2 for tap
	{"macvlan", (*Detail).macvlan},
	{"macvtap", (*Detail).macvlan},
	{"ipvlan", (*Detail).ipvlan},
	{"ipvtap", (*Detail).ipvlan},
}

// read reads IFLA_INFO_DATA of a kind of device.
func (d *Detail) read(kind string, a *netlink.Attributes) {
	for _, detail := range details {
		if detail.kind != kind {
			continue
		}
		for a.Next() {
			detail.read(d, a)
		}
	}
}

func (d *Detail) vlan(a *netlink.Attributes) {
	if a.Type() == unix.IFLA_VLAN_ID {
		d.VLAN = a.Uint16()
	}
}

func (d *Detail) vrf(a *netlink.Attributes) {
	if a.Type() == unix.IFLA_VRF_TABLE {
		d.Table = a.Uint32()
	}
}

func (d *Detail) vxlan(a *netlink.Attributes) {
	switch a.Type() {
	case unix.IFLA_VXLAN_ID:
		d.VNI, d.HasVNI = a.Uint32(), true
	case unix.IFLA_VXLAN_GROUP, unix.IFLA_VXLAN_GROUP6:
		d.Remote = tunnelEnd(a.Bytes())
	case unix.IFLA_VXLAN_LOCAL, unix.IFLA_VXLAN_LOCAL6:
		d.Local = tunnelEnd(a.Bytes())
	}
}

func (d *Detail) geneve(a *netlink.Attributes) {
	switch a.Type() {
	case unix.IFLA_GENEVE_ID:
		d.VNI, d.HasVNI = a.Uint32(), true
	case unix.IFLA_GENEVE_REMOTE, unix.IFLA_GENEVE_REMOTE6:
		d.Remote = tunnelEnd(a.Bytes())
	}
}

func (d *Detail) mode8(a *netlink.Attributes, kind uint16) {
	if a.Type() == kind {
		d.Mode, d.HasMode = uint32(a.Uint8()), true
	}
}

func (d *Detail) macvlan(a *netlink.Attributes) {
	if a.Type() == unix.IFLA_MACVLAN_MODE {
		d.Mode, d.HasMode = a.Uint32(), true
	}
}

func (d *Detail) ipvlan(a *netlink.Attributes) {
	if a.Type() == unix.IFLA_IPVLAN_MODE {
		d.Mode, d.HasMode = uint32(a.Uint16()), true
	}
}

// IsTunnel says that the link-layer addresses are the ends of an IP tunnel.
func (d *Device) IsTunnel() bool {
	switch d.Type {
	case unix.ARPHRD_TUNNEL, unix.ARPHRD_TUNNEL6, unix.ARPHRD_SIT, unix.ARPHRD_IPGRE, unix.ARPHRD_IP6GRE:
		return true
	}
	return false
}
