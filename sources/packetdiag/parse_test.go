package packetdiag

import (
	"errors"
	"reflect"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/decodetest"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/sockdiag"
)

// message is struct packet_diag_msg and attributes.
func message(attributes map[Attribute][]byte) []byte {
	b := append([]byte{unix.AF_PACKET, unix.SOCK_RAW}, netlinktest.Halves(0x88cc)...)
	b = append(b, netlinktest.Numbers(80773, 7, 1)...)
	return netlinktest.WithAttributes(b, attributes)
}

// encodeMembership writes struct packet_diag_mclist.
func encodeMembership(index, count uint32, kind, length uint16, address string) []byte {
	b := append(netlinktest.Numbers(index, count), netlinktest.Halves(kind, length)...)
	return append(b, append([]byte(address), make([]byte, 32-len(address))...)...)
}

var full = message(map[Attribute][]byte{
	AttrInfo: netlinktest.Numbers(3, 2, 4, 5, 6, 3),
	AttrMemberships: append(encodeMembership(3, 1, MembershipPromiscuous, 0, ""),
		encodeMembership(4, 2, MembershipMulticast, 6, "\x01\x80\xc2\x00\x00\x0e")...),
	AttrRXRing: netlinktest.Numbers(65536, 2, 2048, 64, 60, 8, 1), AttrTXRing: netlinktest.Numbers(4096, 1, 2048, 2),
	AttrFanout: netlinktest.Numbers(1<<16 | 0x8000<<16 | 42), AttrUID: netlinktest.Numbers(1000),
	AttrMemory: netlinktest.Numbers(1), AttrFilter: make([]byte, 24), 40: {1},
})

func TestParse(t *testing.T) {
	memory := &sockdiag.Memory{}
	memory.Set(sockdiag.ReadAllocated, 1)
	want := &Socket{
		Type: unix.SOCK_RAW, Protocol: 0x88cc, Inode: 80773, Cookie: 1<<32 | 7, UID: 1000,
		Info: Info{Interface: 3, Version: 2, Flags: FlagRunning | 2},
		Memberships: []Membership{{Interface: 3, Type: MembershipPromiscuous},
			{Interface: 4, Address: "\x01\x80\xc2\x00\x00\x0e"}},
		RXRing: Ring{65536, 2, 64}, TXRing: Ring{BlockSize: 4096, Blocks: 1, Frames: 2},
		Fanout: Fanout{ID: 42, Type: 1}, Memory: memory, Filter: 3, Present: 0xff,
	}
	if got, err := parseSocket(full); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v\nwant %+v", got, err, want)
	}
	if s, err := parseSocket(message(nil)); err != nil || s.Has(AttrInfo) || s.Has(AttrFilter) || s.Protocol != 0x88cc {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestBroken: an address never runs over its field, and half a membership is none.
func TestBroken(t *testing.T) {
	for size := range socketMessage.Header {
		if _, err := parseSocket(full[:size]); !errors.Is(err, netlink.ErrTruncated) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	s, err := parseSocket(message(
		map[Attribute][]byte{AttrMemberships: append(encodeMembership(1, 1, 0, 999, "x"), 1, 2, 3),
			AttrInfo: netlinktest.Numbers(7)}))
	if err != nil || len(s.Memberships) != 1 || len(s.Memberships[0].Address) != 32 || s.Info.Interface != 7 {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestList writes out what the kernel is asked.
func TestList(t *testing.T) {
	var asked netlink.Request
	kernel := netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
		asked = r
		return []netlink.Message{{Data: full}}, unix.ENOENT
	})
	var err error
	for s, e := range List(t.Context(), kernel, ShowInfo|ShowFilter) {
		if err = e; e == nil && s.Inode != 80773 {
			t.Errorf("%+v", s)
		}
	}
	want := append([]byte{unix.AF_PACKET, 0, 0, 0}, netlinktest.Numbers(0, 0x21, 0, 0)...)
	if !errors.Is(err, netlink.ErrNoModule) || string(asked.Payload) != string(want) {
		t.Errorf("%v; asked %+v, want %x", err, asked, want)
	}
}

func FuzzDecoders(f *testing.F) {
	decodetest.Fuzz(f, map[string]decodetest.Decoder{
		"socket": func(b []byte) any { return decodetest.Result(parseSocket(b)) },
	}, full)
}
