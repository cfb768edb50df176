package rtnetlink

import (
	"encoding/binary"
	"slices"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// parseDevice reads struct ifinfomsg and the attributes behind it. The result shares no memory with b.
func parseDevice(b []byte) (*Device, error) {
	attributes, err := linkMessage.Decode(b)
	if err != nil {
		return nil, err
	}
	d := &Device{
		Link:  Link{Index: int(int32(binary.NativeEndian.Uint32(b[4:])))},
		Type:  binary.NativeEndian.Uint16(b[2:]),
		Flags: binary.NativeEndian.Uint32(b[8:]),
	}
	for attributes.Next() {
		if d.attribute(&attributes) {
			d.Present.Add(Attribute(attributes.Type()))
		}
	}
	if d.IsTunnel() {
		d.Detail.Local, d.Detail.Remote = tunnelEnd([]byte(d.Address)), tunnelEnd([]byte(d.Broadcast))
	}
	return d, attributes.Err()
}

// attribute reads one attribute. It is false for those that no column needs, and those of newer kernels.
func (d *Device) attribute(a *netlink.Attributes) (read bool) {
	kind := a.Type()
	if int(kind) < len(numbers) && numbers[kind] != nil {
		*numbers[kind](d) = a.Uint32()
		return true
	}
	if int(kind) < len(texts) && texts[kind] != nil {
		*texts[kind](d) = a.String()
		return true
	}
	switch kind {
	case unix.IFLA_ADDRESS:
		d.Address = string(a.Bytes())
	case unix.IFLA_PERM_ADDRESS:
		d.PermanentAddress = string(a.Bytes())
	case unix.IFLA_BROADCAST:
		d.Broadcast = string(a.Bytes())
	case unix.IFLA_OPERSTATE:
		d.OperState = a.Uint8()
	case unix.IFLA_LINKMODE:
		d.LinkMode = a.Uint8()
	case unix.IFLA_CARRIER:
		d.Carrier = a.Uint8() != 0
	case unix.IFLA_PROTO_DOWN:
		d.ProtoDown = a.Uint8() != 0
	case unix.IFLA_LINK_NETNSID:
		d.LowerNamespace = int32(a.Uint32())
	case unix.IFLA_PROP_LIST:
		a.Nested(d.properties)
	case unix.IFLA_LINKINFO:
		a.Nested(d.linkInfo)
	case unix.IFLA_XDP:
		a.Nested(d.XDP.parse)
	case unix.IFLA_STATS64:
		d.Counters = parseCounters(a.Bytes(), 8)
	case unix.IFLA_STATS:
		if d.Counters.known == 0 { // a kernel without IFLA_STATS64 has only these
			d.Counters = parseCounters(a.Bytes(), 4)
		}
	default:
		return false
	}
	return true
}

// numbers are the fields of the 32-bit attributes, by attribute type.
var numbers = [...]func(*Device) *uint32{
	unix.IFLA_MTU:                func(d *Device) *uint32 { return &d.MTU },
	unix.IFLA_MIN_MTU:            func(d *Device) *uint32 { return &d.MinMTU },
	unix.IFLA_MAX_MTU:            func(d *Device) *uint32 { return &d.MaxMTU },
	unix.IFLA_TXQLEN:             func(d *Device) *uint32 { return &d.TxQueueLength },
	unix.IFLA_NUM_TX_QUEUES:      func(d *Device) *uint32 { return &d.TxQueues },
	unix.IFLA_NUM_RX_QUEUES:      func(d *Device) *uint32 { return &d.RxQueues },
	unix.IFLA_GSO_MAX_SIZE:       func(d *Device) *uint32 { return &d.GSOMaxSize },
	unix.IFLA_GSO_MAX_SEGS:       func(d *Device) *uint32 { return &d.GSOMaxSegments },
	unix.IFLA_GRO_MAX_SIZE:       func(d *Device) *uint32 { return &d.GROMaxSize },
	unix.IFLA_TSO_MAX_SIZE:       func(d *Device) *uint32 { return &d.TSOMaxSize },
	unix.IFLA_GROUP:              func(d *Device) *uint32 { return &d.Group },
	unix.IFLA_PROMISCUITY:        func(d *Device) *uint32 { return &d.Promiscuity },
	unix.IFLA_ALLMULTI:           func(d *Device) *uint32 { return &d.AllMulti },
	unix.IFLA_MASTER:             func(d *Device) *uint32 { return &d.Master },
	unix.IFLA_LINK:               func(d *Device) *uint32 { return &d.Lower },
	unix.IFLA_CARRIER_CHANGES:    func(d *Device) *uint32 { return &d.CarrierChanges },
	unix.IFLA_CARRIER_UP_COUNT:   func(d *Device) *uint32 { return &d.CarrierUps },
	unix.IFLA_CARRIER_DOWN_COUNT: func(d *Device) *uint32 { return &d.CarrierDowns },
}

// texts are the fields of the text attributes, by attribute type.
var texts = [...]func(*Device) *string{
	unix.IFLA_IFNAME:              func(d *Device) *string { return &d.Name },
	unix.IFLA_QDISC:               func(d *Device) *string { return &d.Qdisc },
	unix.IFLA_IFALIAS:             func(d *Device) *string { return &d.Alias },
	unix.IFLA_PARENT_DEV_NAME:     func(d *Device) *string { return &d.Parent },
	unix.IFLA_PARENT_DEV_BUS_NAME: func(d *Device) *string { return &d.ParentBus },
}

// properties reads IFLA_PROP_LIST: the other names of the device (Linux 5.5).
func (d *Device) properties(a *netlink.Attributes) {
	for a.Next() {
		if a.Type() == unix.IFLA_ALT_IFNAME {
			d.AltNames = append(d.AltNames, a.String())
		}
	}
}

// parse reads IFLA_XDP. Where programs are attached in more than one way there is no IFLA_XDP_PROG_ID.
func (x *XDP) parse(a *netlink.Attributes) {
	fastestFirst := []uint16{
		unix.IFLA_XDP_PROG_ID, unix.IFLA_XDP_HW_PROG_ID, unix.IFLA_XDP_DRV_PROG_ID, unix.IFLA_XDP_SKB_PROG_ID,
	}
	programs := map[uint16]uint32{}
	for a.Next() {
		switch kind := a.Type(); {
		case kind == unix.IFLA_XDP_ATTACHED:
			x.Mode = a.Uint8()
		case slices.Contains(fastestFirst, kind):
			programs[kind] = a.Uint32()
		}
	}
	for _, kind := range fastestFirst {
		if x.Program == 0 {
			x.Program = programs[kind]
		}
	}
}
