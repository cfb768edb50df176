package netlinkdiag

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"reflect"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/decodetest"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/sockdiag"
)

// longs is an array of C's unsigned long.
func longs(list ...uint) (b []byte) {
	for _, n := range list {
		if bits.UintSize == 64 {
			b = binary.NativeEndian.AppendUint64(b, uint64(n))
			continue
		}
		b = binary.NativeEndian.AppendUint32(b, uint32(n))
	}
	return b
}

// message is struct netlink_diag_msg and attributes.
func message(attributes map[Attribute][]byte) []byte {
	return netlinktest.WithAttributes(
		append([]byte{unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_ROUTE, byte(Connected)},
			netlinktest.Numbers(4711, 12, 3, 80775, 7, 1)...), attributes)
}

var full = message(map[Attribute][]byte{AttrMemory: netlinktest.Numbers(1), AttrGroups: longs(0x11, 1),
	AttrFlags: netlinktest.Numbers(0x21), 2: {1}, 40: {1}})

func TestParse(t *testing.T) {
	memory := &sockdiag.Memory{}
	memory.Set(sockdiag.ReadAllocated, 1)
	want := &Socket{
		Protocol: unix.NETLINK_ROUTE, State: Connected, Port: 4711, PeerPort: 12, PeerGroup: 3, Inode: 80775,
		Cookie: 1<<32 | 7,
		Memory: memory, Groups: []uint32{1, 5, bits.UintSize + 1}, Flags: FlagDumping | 0x20,
		Present: 1<<AttrMemory | 1<<AttrGroups | 1<<AttrFlags,
	}
	if got, err := parseSocket(full); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v\nwant %+v", got, err, want)
	}
	for size := range socketMessage.Header {
		if _, err := parseSocket(full[:size]); !errors.Is(err, netlink.ErrTruncated) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	if s, err := parseSocket(message(map[Attribute][]byte{AttrGroups: {1, 2, 3}})); err != nil || s.Groups != nil {
		t.Errorf("half a word of groups: %+v, %v", s, err)
	}
	if _, err := parseSocket(message(map[Attribute][]byte{AttrFlags: {1}})); !errors.Is(err, netlink.ErrTruncated) {
		t.Errorf("half of the flags: %v", err)
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
	for s, e := range List(t.Context(), kernel, ShowGroups|ShowFlags) {
		if err = e; e == nil && s.Inode != 80775 {
			t.Errorf("%+v", s)
		}
	}
	want := append([]byte{unix.AF_NETLINK, 0xff, 0, 0}, netlinktest.Numbers(0, 0xa, 0, 0)...)
	if !errors.Is(err, netlink.ErrNoModule) || string(asked.Payload) != string(want) {
		t.Errorf("%v; asked %+v, want %x", err, asked, want)
	}
}

func FuzzDecoders(f *testing.F) {
	decodetest.Fuzz(f, map[string]decodetest.Decoder{
		"socket": func(b []byte) any { return decodetest.Result(parseSocket(b)) },
	}, full)
}
