package inetdiag

import (
	"encoding/hex"
	"net/netip"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/sockdiag"
)

// recorded reads a message of a real kernel: Linux 6.18 on a little-endian machine, asked for every extension.
func recorded(t testing.TB, name string) []byte {
	t.Helper()
	if bigEndian() {
		t.Skip("the recorded messages are little-endian")
	}
	text, err := os.ReadFile("testdata/" + name + ".hex")
	if err != nil {
		t.Fatal(err)
	}
	b, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// set is what Socket.Present holds for these.
func set(attributes ...Attribute) (p netlink.Present[Attribute]) {
	for _, a := range attributes {
		p.Add(a)
	}
	return p
}

const tcpMem = 131072

// always are the attributes that every socket has, but not those light-weight ones of TIME_WAIT and SYN_RECEIVED.
var always = set(AttrTOS, AttrMemory, AttrShutdown, AttrMark, AttrCgroupID)

// memory is a socket's, of a kernel that tells all of it; what is not given is 0.
func memory(values ...uint32) *sockdiag.Memory {
	m := &sockdiag.Memory{}
	for f := range sockdiag.Drops + 1 {
		m.Set(f, 0)
	}
	for i, value := range values {
		m.Set(sockdiag.MemoryField(i), value)
	}
	return m
}

// golden are the recorded messages, as ss printed them, but for Info.
var golden = map[string]*Socket{
	"listener": {
		Protocol: TCP, Family: unix.AF_INET, State: Listen, Cookie: 206226, RecvQueue: 2, SendQueue: 7, Inode: 488208,
		Local: netip.MustParseAddrPort("127.0.0.1:50513"), Remote: netip.MustParseAddrPort("0.0.0.0:0"),
		CgroupID: 1, Congestion: "bbr", Present: always | set(AttrInfo, AttrCongestion),
		Memory: memory(0, tcpMem, 0, 16384),
	},
	"marked": {
		Protocol: TCP, Family: unix.AF_INET, State: Established, Cookie: 206272, Inode: 488384, Mark: 0x2a,
		Local: netip.MustParseAddrPort("127.0.0.1:54730"), Remote: netip.MustParseAddrPort("127.0.0.1:58241"),
		CgroupID: 1, Congestion: "bbr", Present: always | set(AttrInfo, AttrCongestion, AttrBBR),
		Memory: memory(0, tcpMem, 0, 3939840),
		BBR:    &BBR{MinRTT: 6 * time.Microsecond, PacingGain: 1, CwndGain: 1},
	},
	"keepalive": {
		Protocol: TCP, Family: unix.AF_INET, State: Established, Cookie: 206279, Inode: 488387,
		Timer: TimerKeepalive, Expires: 3599904 * time.Millisecond,
		Local: netip.MustParseAddrPort("127.0.0.1:59228"), Remote: netip.MustParseAddrPort("127.0.0.1:47815"),
		CgroupID: 1, Congestion: "bbr", Present: always | set(AttrInfo, AttrCongestion, AttrBBR),
		Memory: memory(0, tcpMem, 0, 3939840),
		BBR:    &BBR{MinRTT: 7 * time.Microsecond, PacingGain: 1, CwndGain: 1},
	},
	"mapped": {
		Protocol: TCP, Family: unix.AF_INET6, State: Established, Cookie: 206284, RecvQueue: 1000, Inode: 488365,
		Local:  netip.MustParseAddrPort("[::ffff:127.0.0.1]:54351"),
		Remote: netip.MustParseAddrPort("[::ffff:127.0.0.1]:58014"), CgroupID: 1,
		Congestion: "bbr",
		Memory:     memory(1832, tcpMem, 0, 3939840, 2264),
		Present:    always | set(AttrInfo, AttrCongestion, AttrBBR, AttrTClass),
		BBR:        &BBR{MinRTT: 12 * time.Microsecond},
	},
	"time_wait": {
		Protocol: TCP, Family: unix.AF_INET6, State: TimeWait, Cookie: 206255, Interface: 3,
		Timer: TimerTimeWait, Expires: 59848 * time.Millisecond,
		Local: netip.MustParseAddrPort("[fe80::1]:47044"), Remote: netip.MustParseAddrPort("[fe80::1]:35597"),
		Present: set(AttrMark),
	},
	"syn_received": {
		Protocol: TCP, Family: unix.AF_INET, State: SynReceived, Cookie: 206275,
		Timer: TimerRetransmit, Expires: 728 * time.Millisecond,
		Local: netip.MustParseAddrPort("127.0.0.1:35473"), Remote: netip.MustParseAddrPort("127.0.0.1:33556"),
		Present: set(AttrMark),
	},
	"bound": {
		Protocol: TCP, Family: unix.AF_INET, State: BoundInactive, Cookie: 206245, Inode: 488201,
		Local: netip.MustParseAddrPort("127.0.0.1:60205"), Remote: netip.MustParseAddrPort("0.0.0.0:0"),
		CgroupID: 1, Present: always,
		Memory: memory(0, tcpMem, 0, 16384),
	},
	"mptcp_subflow": {
		Protocol: TCP, Family: unix.AF_INET, State: Established, Cookie: 206250, Inode: 488407,
		Local: netip.MustParseAddrPort("127.0.0.1:33304"), Remote: netip.MustParseAddrPort("127.0.0.1:35403"),
		CgroupID: 1, Congestion: "bbr", ULP: "mptcp",
		Memory:  memory(0, tcpMem, 0, 3939840),
		Present: always | set(AttrInfo, AttrCongestion, AttrBBR, AttrULP),
		BBR:     &BBR{MinRTT: 17 * time.Microsecond, PacingGain: 1, CwndGain: 1},
	},
	"mptcp": {
		Protocol: MPTCP, Family: unix.AF_INET, State: Listen, Cookie: 206358, SendQueue: 128, Inode: 488405,
		Local: netip.MustParseAddrPort("127.0.0.1:35403"), Remote: netip.MustParseAddrPort("0.0.0.0:0"),
		CgroupID: 1, Present: always,
		Memory: memory(0, tcpMem, 0, 16384),
	},
	"udp6": {
		Protocol: UDP, Family: unix.AF_INET6, State: Established, Cookie: 206350, Inode: 488413,
		Local: netip.MustParseAddrPort("[::1]:44675"), Remote: netip.MustParseAddrPort("[::1]:53"),
		CgroupID: 1, Present: always | set(AttrTClass),
		Memory: memory(0, 212992, 0, 212992),
	},
}

func TestSocket(t *testing.T) {
	for name, want := range golden {
		t.Run(name, func(t *testing.T) {
			b := recorded(t, name)
			s, err := newDecoder(want.Protocol).socket(b)
			clear(b) // a socket owns its memory
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := s.Info.Uint(RTT); ok != s.Has(AttrInfo) {
				t.Errorf("tcp_info is there: %v, Has says %v", ok, s.Has(AttrInfo))
			}
			got := *s
			got.Info = TCPInfo{}
			if !reflect.DeepEqual(&got, want) {
				t.Errorf("got  %+v (memory %+v)\nwant %+v (memory %+v)", &got, got.Memory, want, want.Memory)
			}
		})
	}
}

// TestSocketInfo compares numbers with what ss printed of the same socket: rto:200 rtt:0.006/0.003 mss:32741 ...
func TestSocketInfo(t *testing.T) {
	s, err := newDecoder(TCP).socket(recorded(t, "marked"))
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[TCPField]uint64{
		RTO: 200_000, RTT: 6, RTTVar: 3, SendMSS: 32741, PMTU: 65535, ReceiveMSS: 536, AdvMSS: 65483, SendCwnd: 10,
		BytesAcked: 1, SegsOut: 2, SegsIn: 1, PacingRate: 1329370305 + 36<<32, MaxPacingRate: 1<<64 - 1, MinRTT: 6,
		Delivered: 1, DeliveryRateAppLimited: 1, RecvSpace: 65495, RecvSSThresh: 65495, SendWnd: 65483, RecvWnd: 65536,
		TCPOptions:   OptTimestamps | OptSACK | OptWindowScale,
		SendSSThresh: 0x7fffffff, LastDataSent: 96, TotalRTOTime: 0,
	} {
		if got, ok := s.Info.Uint(field); !ok || got != want {
			t.Errorf("field at %d: %d, %v; want %d", field.offset(), got, ok, want)
		}
	}
}

// TestBBR: bandwidths of more than 4 GB/s, and structures that end early.
func TestBBR(t *testing.T) {
	b := make([]byte, bbrSize)
	for i, word := range []uint32{7, 2, 41, 739, 128} {
		native.PutUint32(b[4*i:], word)
	}
	want := BBR{7 + 2<<32, 41 * time.Microsecond, 739.0 / 256, 0.5}
	if got := parseBBR(b); got == nil || *got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := parseBBR(b[:bbrSize-1]); got != nil {
		t.Errorf("of a part: %+v", got)
	}
}
