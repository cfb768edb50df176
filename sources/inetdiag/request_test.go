package inetdiag

import (
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/netlink/uapi"
)

// TestRequests writes out what the kernel is asked, as linux/inet_diag.h has it.
func TestRequests(t *testing.T) {
	if bigEndian() {
		t.Skip("the payloads are little-endian")
	}
	const id = "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	const v2 = unix.SOCK_DIAG_BY_FAMILY
	port22, loopback := Ports(Local, PortRange{22, 22}), netip.MustParsePrefix("127.0.0.0/8")
	for name, test := range map[string]struct {
		query    Query
		kind     uint16
		payloads []string
	}{
		"tcp": {Query{Protocol: TCP, States: AllStates, Extensions: WantInfo | WantMemory}, uapi.TCPDIAG_GETSOCK,
			[]string{"00000042" + id + "fe0f0000" + "00000000"}},
		"tcp listeners": {Query{Protocol: TCP, States: States(Listen)}, uapi.TCPDIAG_GETSOCK,
			[]string{"00000000" + id + "00040000" + "00000000"}},
		"tcp6": {Query{Protocol: TCP, Family: unix.AF_INET6, States: States(Established)}, v2,
			[]string{"0a060000" + "02000000" + id}},
		"udp": {Query{Protocol: UDP, States: States(Closed), Extensions: WantTOS}, v2,
			[]string{"02111000" + "80000000" + id, "0a111000" + "80000000" + id}},
		"udp4": {Query{Protocol: UDP, Family: unix.AF_INET, States: 1}, v2, []string{"02110000" + "01000000" + id}},
		"mptcp": {Query{Protocol: MPTCP, Family: unix.AF_INET}, v2,
			[]string{"02000000" + "00000000" + id + "08000300" + "06010000"}},
		"bound": {Query{Protocol: TCP, States: States(BoundInactive)}, uapi.TCPDIAG_GETSOCK,
			[]string{"00000000" + id + "00200000" + "00000000"}},
		"one port": {Query{Protocol: TCP, States: States(Listen), Filter: port22}, uapi.TCPDIAG_GETSOCK,
			[]string{"00000000" + "0016" + id[4:] + "00040000" + "00000000"}},
		"one peer's port": {Query{Protocol: UDP, Family: unix.AF_INET, Filter: Ports(Remote, PortRange{53, 53})}, v2,
			[]string{"02110000" + "00000000" + "00000035" + id[8:]}},
		"a port and an address": {Query{Protocol: TCP, Filter: And(port22, Within(Remote, loopback))},
			uapi.TCPDIAG_GETSOCK, []string{"00000000" + "0016" + id[4:] + "00000000" + "00000000" +
				"14000100" + "08101400" + "02080000" + "ffffffff" + "7f000000"}},
		"no port": {Query{Protocol: TCP, Filter: Ports(Remote, PortRange{0, 0})}, uapi.TCPDIAG_GETSOCK,
			[]string{"00000000" + id + "00000000" + "00000000" + "0c000100" + "0c080c00" + "00000000"}},
		"nothing": {Query{Protocol: UDP, Filter: Nothing()}, v2, []string{}},
	} {
		requests := test.query.requests()
		got := []string{}
		for _, r := range requests {
			got = append(got, hex.EncodeToString(r.Payload))
			if r.Type != test.kind || r.Protocol != unix.NETLINK_SOCK_DIAG {
				t.Errorf("%s: type %d, protocol %d", name, r.Type, r.Protocol)
			}
		}
		if strings.Join(got, "\n") != strings.Join(test.payloads, "\n") {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, test.payloads)
		}
	}
}
