package procfs_test

import (
	"testing"

	"netql/sources/procfs"
	"netql/sources/vfs/vfstest"
)

// TestEphemeralPorts: the ports of the range, without those that are reserved, once each.
func TestEphemeralPorts(t *testing.T) {
	for _, test := range []struct {
		span, reserved string
		count          int
		has, lacks     uint16
	}{
		{"32768\t60999\n", "\n", 28232, 60999, 61000},
		{"32768\t60999\n", "1,32768,40000-40009,60999-65535\n", 28220, 40010, 40009},
		{"1\t65535\n", "1-65535\n", 0, 0, 65535},
		{"5\t5\n", "", 1, 5, 4},
	} {
		ports, err := procfs.ReadEphemeralPorts(vfstest.Files{
			"/proc/sys/net/ipv4/ip_local_port_range":     {Text: test.span},
			"/proc/sys/net/ipv4/ip_local_reserved_ports": {Text: test.reserved},
		})
		if err != nil || ports.Count() != test.count || test.count > 0 && !ports.Has(test.has) ||
			ports.Has(test.lacks) {
			t.Errorf("%q without %q: %d ports, %v", test.span, test.reserved, ports.Count(), err)
		}
	}
	for _, wrong := range []string{"", "1", "1 65536", "-1 5", "a b"} {
		if _, err := procfs.ReadEphemeralPorts(vfstest.Files{
			"/proc/sys/net/ipv4/ip_local_port_range":     {Text: wrong},
			"/proc/sys/net/ipv4/ip_local_reserved_ports": {},
		}); err == nil {
			t.Errorf("%q is read", wrong)
		}
	}
	if list, err := procfs.ParsePortRanges([]byte("1-2,x\n")); err == nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
}
