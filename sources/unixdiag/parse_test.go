package unixdiag

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

// message is struct unix_diag_msg and attributes.
func message(kind uint8, state State, attributes map[Attribute][]byte) []byte {
	return netlinktest.WithAttributes(append([]byte{unix.AF_UNIX, kind, byte(state), 0},
		netlinktest.Numbers(80767, 7, 1)...), attributes)
}

var full = message(unix.SOCK_STREAM, Listen, map[Attribute][]byte{
	AttrName: []byte("/run/x\x00"), AttrVFS: netlinktest.Numbers(5, 254<<20|3), AttrPeer: netlinktest.Numbers(9),
	AttrPending: netlinktest.Numbers(1, 0, 3), AttrQueues: netlinktest.Numbers(3, 128),
	AttrMemory: netlinktest.Numbers(1, 2), AttrShutdown: {2}, AttrUID: netlinktest.Numbers(1000), 40: {1},
})

func TestParse(t *testing.T) {
	memory := &sockdiag.Memory{}
	memory.Set(sockdiag.ReadAllocated, 1)
	memory.Set(sockdiag.ReceiveBuffer, 2)
	want := &Socket{
		Type: unix.SOCK_STREAM, State: Listen, Inode: 80767, Cookie: 1<<32 | 7, Name: "/run/x", VFSInode: 5,
		VFSDevice: 254<<20 | 3, Peer: 9,
		Pending: []uint32{1, 0, 3}, RecvQueue: 3, SendQueue: 128, Memory: memory, Shutdown: 2, UID: 1000, Present: 0xff,
	}
	if got, err := parseSocket(full); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v\nwant %+v", got, err, want)
	}
	for text, want := range map[string]string{
		"": "", "\x00": "\x00", "\x00a\x00b\x00": "\x00a\x00b\x00", "/a\x00b": "/a", "\xff\n": "\xff\n",
	} {
		s, err := parseSocket(message(unix.SOCK_DGRAM, Closed, map[Attribute][]byte{AttrName: []byte(text)}))
		if err != nil || s.Name != want || !s.Has(AttrName) || s.Has(AttrPeer) {
			t.Errorf("%q: %+v, %v", text, s, err)
		}
	}
}

// TestBroken: what is too short for its meaning is absent, or an error where the message itself is damaged.
func TestBroken(t *testing.T) {
	for size := range socketMessage.Header {
		if _, err := parseSocket(full[:size]); !errors.Is(err, netlink.ErrTruncated) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	s, err := parseSocket(message(unix.SOCK_STREAM, Listen,
		map[Attribute][]byte{AttrVFS: {1, 2}, AttrQueues: {1, 2, 3, 4}, AttrPending: {1}}))
	if err != nil || s.Has(AttrVFS) || s.Has(AttrQueues) || s.Pending != nil {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := parseSocket(message(unix.SOCK_STREAM, Listen,
		map[Attribute][]byte{AttrPeer: {1, 2}})); !errors.Is(err, netlink.ErrTruncated) {
		t.Errorf("half a peer: %v", err)
	}
}

// TestList writes out what the kernel is asked, and how a list ends.
func TestList(t *testing.T) {
	var asked netlink.Request
	for name, failure := range map[string]error{"": nil, "no module": unix.ENOENT, "refused": unix.EPERM} {
		kernel := netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
			asked = r
			return []netlink.Message{{Data: full}, {Data: full}}, failure
		})
		var err error
		n := 0
		for s, e := range List(t.Context(), kernel, Query{States: 1 << Listen, Show: ShowName | ShowUID}) {
			if err = e; e == nil {
				n++
				if s.Name != "/run/x" {
					t.Errorf("%+v", s)
				}
			}
		}
		if n != 2 || !errors.Is(err, failure) || errors.Is(err, netlink.ErrNoModule) != (failure == unix.ENOENT) {
			t.Errorf("%s: %d sockets, %v", name, n, err)
		}
	}
	want := append([]byte{unix.AF_UNIX, 0, 0, 0}, netlinktest.Numbers(1<<Listen, 0, 0x41, 0, 0)...)
	if asked.Protocol != unix.NETLINK_SOCK_DIAG || asked.Type != unix.SOCK_DIAG_BY_FAMILY ||
		string(asked.Payload) != string(want) {
		t.Errorf("asked %+v, want %x", asked, want)
	}
}

func FuzzDecoders(f *testing.F) {
	decodetest.Fuzz(f, map[string]decodetest.Decoder{
		"socket": func(b []byte) any { return decodetest.Result(parseSocket(b)) },
	}, full)
}
