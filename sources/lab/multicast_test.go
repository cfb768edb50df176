package lab

import (
	"os"
	"strings"
	"testing"
)

// TestMulticast looks for the memberships and routes in /proc.
func TestMulticast(t *testing.T) {
	Isolate(t, func(t *testing.T) {
		Cable(t, "m0", "m0peer", "198.51.100.1/24", "2001:db8:a::1/64")
		Cable(t, "m1", "m1peer", "203.0.113.1/24", "2001:db8:b::1/64")
		Join(t, "m0", "239.1.2.3")
		Join(t, "m0", "232.1.2.3", "198.51.100.9", "198.51.100.10")
		Join(t, "m0", "239.1.2.4").Block("m0", "239.1.2.4", "198.51.100.9")
		Join(t, "m1", "ff0e::7")
		Join(t, "m1", "ff3e::7", "2001:db8::9")

		four, six, other := Router4(t, 0), Router6(t, 0), Router4(t, 100)
		four.Vif(0, "m0", VifUseIndex)
		four.Tunnel(1, "203.0.113.1", "203.0.113.9")
		six.Vif(0, "m0", 0)
		six.Vif(1, "m1", 0)
		four.Route("198.51.100.1", "239.1.2.3", 0, map[uint16]byte{1: 3})
		six.Route("2001:db8:a::1", "ff0e::7", 0, map[uint16]byte{1: 1})
		other.Vif(5, "m1", VifUseIndex)
		other.Route("0.0.0.0", "239.9.9.9", 5, map[uint16]byte{5: 1})
		Send(t, "m0", "239.1.2.3", 100)
		Send(t, "m1", "239.1.2.3", 100)
		Send(t, "m0", "239.1.2.99", 100)
		Send(t, "m0", "ff0e::7", 100)
		Send(t, "m0", "ff0e::99", 100)
		for name, parts := range map[string][]string{
			"mcfilter": {" 0xe8010203 0xc6336409      1      0\n", " 0xe8010203 0xc633640a      1      0\n",
				" 0xef010204 0xc6336409      0      1\n"},
			"mcfilter6": {" ff3e0000000000000000000000000007 20010db8000000000000000000000009      1      0\n"},
			"dev_mcast": {" 01005e010203\n", " 333300000007\n"},
			"ip_mr_vif": {" 0 m0              128       1         0       0 00008 ",
				" 1 m1                0       0       128       1 00000 "},
			"ip_mr_cache": {" 0          1      128        0  1:3  \n", " -1         0        0        0\n"},
			"ip6_mr_vif": {" 0 m0              148       1         0       0 00000\n",
				" 1 m1                0       0       148       1 00000\n"},
			"ip6_mr_cache": {"0007 2001:0db8:000a:0000:0000:0000:0000:0001 0 ",
				"0099 2001:0db8:000a:0000:0000:0000:0000:0001 -1 "},
		} {
			text, err := os.ReadFile("/proc/net/" + name)
			for _, part := range parts {
				if err != nil || !strings.Contains(string(text), part) {
					t.Errorf("%s: no %q, %v in\n%s", name, part, err, text)
				}
			}
		}
	})
}
