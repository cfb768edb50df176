package rtnetlink

import (
	"context"
	"encoding/binary"
	"iter"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// An Address is an IP address of an interface: struct ifaddrmsg of linux/if_addr.h and the IFA_* attributes behind it.
type Address struct {
	Index     int // of the interface
	Family    uint8
	Bits      int    // the length of the prefix; the prefix is Remote's where there is one
	Flags     uint32 // IFA_F_* of linux/if_addr.h
	Scope     uint8  // RT_SCOPE_* of linux/rtnetlink.h
	Local     netip.Addr
	Remote    netip.Addr // the other end of a point-to-point link; not valid where there is none
	Broadcast netip.Addr
	Label     string
	Protocol  uint8  // IFAPROT_*: who added it (Linux 5.18)
	Metric    uint32 // of the route to the prefix, 0 for the usual one

	Lifetimes *Lifetimes // nil where the kernel does not tell
}

// Lifetimes say how long an address stays, and since when it is there: struct ifa_cacheinfo.
type Lifetimes struct {
	Preferred, Valid Lifetime
	Created, Updated time.Duration // after the kernel started; time asleep does not count
}

// Lifetime is what is left of a time, negative for one without an end.
type Lifetime time.Duration

// Forever is a lifetime without an end.
const Forever Lifetime = -1

var addressMessage = netlink.MessageKind{
	What: "an address", Protocol: unix.NETLINK_ROUTE, Types: []uint16{unix.RTM_NEWADDR}, Header: unix.SizeofIfAddrmsg,
	Attributes: []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{
			unix.IFA_CACHEINFO, unix.IFA_FLAGS, unix.IFA_RT_PRIORITY, unix.IFA_TARGET_NETNSID,
			uapi.IFA_PROTO,
		}},
		{Class: netlink.Label, Types: []uint16{unix.IFA_LABEL}},
		{Class: netlink.Address, Types: []uint16{
			unix.IFA_ADDRESS, unix.IFA_LOCAL, unix.IFA_BROADCAST, unix.IFA_ANYCAST, unix.IFA_MULTICAST,
		}},
	},
	Requests: []netlink.RequestKind{{
		Type: unix.RTM_GETADDR, Header: unix.SizeofIfAddrmsg, ByFamily: true,
		Fields: []netlink.Field{{Offset: 4, Size: 4}}, // ifa_index
	}},
}

// Addresses lists the IP addresses of the network namespace's interfaces, of both families, and reads them again if
// they change meanwhile. An error is the last item.
func Addresses(ctx context.Context, transport netlink.Transport) iter.Seq2[*Address, error] {
	r := request(unix.RTM_GETADDR, unix.AF_UNSPEC, unix.SizeofIfAddrmsg)
	return list[*Address]{what: "addresses", request: r, parse: parseAddress}.consistent(ctx, transport)
}

// parseAddress reads struct ifaddrmsg and the attributes behind it. The result shares no memory with b.
func parseAddress(b []byte) (*Address, error) {
	attributes, err := addressMessage.Decode(b)
	if err != nil {
		return nil, err
	}
	a := &Address{
		Family: b[0], Bits: int(b[1]), Flags: uint32(b[2]), Scope: b[3],
		Index: int(int32(binary.NativeEndian.Uint32(b[4:]))),
	}
	for attributes.Next() {
		a.attribute(&attributes)
	}
	// IFA_LOCAL is missing where it would repeat IFA_ADDRESS (IPv6), and repeats it where there is no other end
	// (IPv4).
	if !a.Local.IsValid() {
		a.Local, a.Remote = a.Remote, netip.Addr{}
	}
	if a.Remote == a.Local {
		a.Remote = netip.Addr{}
	}
	return a, attributes.Err()
}

func (a *Address) attribute(attributes *netlink.Attributes) {
	switch attributes.Type() {
	case unix.IFA_ADDRESS:
		a.Remote = address(attributes.Bytes())
	case unix.IFA_LOCAL:
		a.Local = address(attributes.Bytes())
	case unix.IFA_BROADCAST:
		a.Broadcast = address(attributes.Bytes())
	case unix.IFA_LABEL:
		a.Label = attributes.String()
	case unix.IFA_FLAGS: // the structure has room for eight
		a.Flags = attributes.Uint32()
	case unix.IFA_RT_PRIORITY:
		a.Metric = attributes.Uint32()
	case uapi.IFA_PROTO:
		a.Protocol = attributes.Uint8()
	case unix.IFA_CACHEINFO:
		a.Lifetimes = parseLifetimes(attributes.Bytes())
	}
}

// parseLifetimes reads struct ifa_cacheinfo, nil if it is cut short: two times in seconds, two in hundredths of one.
func parseLifetimes(b []byte) *Lifetimes {
	if len(b) < unix.SizeofIfaCacheinfo {
		return nil
	}
	number := func(i int) uint32 { return binary.NativeEndian.Uint32(b[4*i:]) }
	return &Lifetimes{
		Preferred: lifetime(number(0)), Valid: lifetime(number(1)),
		Created: time.Duration(number(2)) * clockTick, Updated: time.Duration(number(3)) * clockTick,
	}
}

// lifetime reads INFINITY_LIFE_TIME of net/addrconf.h, or seconds.
func lifetime(seconds uint32) Lifetime {
	if seconds == 1<<32-1 {
		return Forever
	}
	return Lifetime(time.Duration(seconds) * time.Second)
}
