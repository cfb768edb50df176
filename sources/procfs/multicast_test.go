package procfs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

// multicastTexts are a kernel's own lines, on a little-endian machine.
var multicastTexts = map[string]string{
	"igmp": "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n" +
		"1\tlo        :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n" +
		"4\ta_long_name_of15:     2      V2\n\t\t\t\t0A0B0CE1     3 1:0000012C\t\t1\n\t\t\t\t010000E0     1 " +
		"0:00000000\t\t0\n",
	"igmp6": "1    lo              ff020000000000000000000000000001     1 0000000C 0\n" +
		"4    eth0            ff0200000000000000000001ff000002     2 00000007 250\n",
	"mcfilter": "Idx Device        MCA        SRC    INC    EXC\n" +
		"  4 a_long 0xe10c0b0a 0x0a000001      2      0\n",
	"mcfilter6": "Idx Device                Multicast Address                   Source Address    INC    EXC\n" +
		"  4   eth0 ff0e0000000000000000000000000007 20010db8000000000000000000000001      0      1\n",
	"dev_mcast": "4    eth0            1     0     01005e000001\n4    eth0            2     1     3333ff000001\n5    " +
		"tun0            1     0     \n",
	"ip_mr_vif": "Interface      BytesIn  PktsIn  BytesOut PktsOut Flags Local    Remote\n" +
		" 0 eth0              84       1         0       0 00008 04000000 00000000\n" +
		" 1 eth1               0       0        84       1 00000 010200C0 020200C0\n",
	"ip6_mr_vif": "Interface      BytesIn  PktsIn  BytesOut PktsOut Flags\n 0 eth0             104       1         0 " +
		"      0 00000\n",
	"ip_mr_cache": "Group    Origin   Iif     Pkts    Bytes    Wrong Oifs\n" +
		"0A0B0CE1 010200C0 0          2      168        1  1:1    10:255\n0A0B0CE2 010200C0 -1         0        0    " +
		"    0\n",
	"ip6_mr_cache": "Group                            Origin                           Iif      Pkts  Bytes     " +
		"Wrong  Oifs\nff0e:0000:0000:0000:0000:0000:0000:0007 2001:0db8:0000:0000:0000:0000:0000:0001 0          1   " +
		"   104        0  1:1  \n",
}

// multicastReaders read each file of its own name, and give a text for each record.
var multicastReaders = map[string]func(vfs.Files) ([]string, error){
	"igmp":         texts(Igmp),
	"igmp6":        texts(Igmp6),
	"mcfilter":     texts(McFilter),
	"mcfilter6":    texts(McFilter6),
	"dev_mcast":    texts(DevMcast),
	"ip_mr_vif":    texts(MulticastVifs),
	"ip6_mr_vif":   texts(MulticastVifs6),
	"ip_mr_cache":  texts(MulticastRoutes),
	"ip6_mr_cache": texts(MulticastRoutes6),
}

func texts[T any](read func(vfs.Files) ([]T, error)) func(vfs.Files) ([]string, error) {
	return func(files vfs.Files) (list []string, err error) {
		records, err := read(files)
		for _, r := range records {
			list = append(list, fmt.Sprintf("%v", r))
		}
		return list, err
	}
}

func netFile(name, text string) vfs.Files {
	return vfstest.Files{"/proc/net/" + name: {Text: text}}
}

func TestMulticastFiles(t *testing.T) {
	if binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
		t.Skip("the recorded files are of a little-endian machine")
	}
	for name, want := range map[string][]string{
		"igmp": {
			"{1 lo 224.0.0.1 1 false 0s false V3}", "{4 a_long_name_of15 225.12.11.10 3 true 3s true V2}",
			"{4 a_long_name_of15 224.0.0.1 1 false 0s false V2}",
		},
		"igmp6":     {"{1 lo ff02::1 1 false 0s false }", "{4 eth0 ff02::1:ff00:2 2 true 2.5s true }"},
		"mcfilter":  {"{4 225.12.11.10 10.0.0.1 2 0}"},
		"mcfilter6": {"{4 ff0e::7 2001:db8::1 0 1}"},
		"dev_mcast": {"{eth0 \x01\x00\x5e\x00\x00\x01 1 false}", "{eth0 33\xff\x00\x00\x01 2 true}",
			"{tun0  1 false}"},
		"ip_mr_vif":    {"{0 eth0 8 84 1 0 0 0.0.0.4 0.0.0.0}", "{1 eth1 0 0 0 84 1 192.0.2.1 192.0.2.2}"},
		"ip6_mr_vif":   {"{0 eth0 0 104 1 0 0 invalid IP invalid IP}"},
		"ip_mr_cache":  {"{225.12.11.10 192.0.2.1 0 2 168 1 [{1 1} {10 255}]}", "{226.12.11.10 192.0.2.1 -1 0 0 0 []}"},
		"ip6_mr_cache": {"{ff0e::7 2001:db8::1 0 1 104 0 [{1 1}]}"},
	} {
		got, err := multicastReaders[name](netFile(name, multicastTexts[name]))
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v; want %q", name, got, err, want)
		}
		if _, err := multicastReaders[name](vfstest.Files{}); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: no file: %v", name, err)
		}
	}
}

// TestMulticastDamaged: a line that cannot be read is reported, those around it are there.
func TestMulticastDamaged(t *testing.T) {
	for name, test := range map[string]struct {
		file, from, to string
		left           int // records
		fault          string
	}{
		"torn interface": {"igmp", "4\ta_long_name_of15:     2      V2", "4\ta_lo", 1, "line 4: no colon"},
		"torn querier": {"igmp", "     2      V2\n", "     2\n", 1,
			"line 4: Querier: the line ends before it"},
		"no header": {"igmp", "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n", "", 0,
			"line 2: a group without its interface"},
		"bad timer":            {"igmp", "1:0000012C", "1", 2, "line 5: Timer"},
		"bad group":            {"igmp", "0A0B0CE1", "0A0B0C", 2, "line 5: Group: \"0A0B0C\" is no address"},
		"torn group":           {"igmp6", "     1 0000000C 0\n", "\n", 1, "line 1: Flags: the line ends before it"},
		"short address":        {"igmp6", "ff020000000000000000000000000001", "ff02", 1, "line 1: Group: no address"},
		"a timer that is over": {"igmp6", "250\n", "1844674407370955161\n", 2, ""},
		"torn source":          {"mcfilter", "      2      0\n", "\n", 0, "line 2: INC: the line ends before it"},
		"another header":       {"mcfilter", "MCA ", "X ", 0, "line 2: MCA: there is no such column"},
		"torn link": {"dev_mcast", "1     0     01005e000001", "1", 2,
			"line 1: Static: the line ends before it"},
		"odd digits": {"dev_mcast", "01005e000001", "01005e00000", 2, "line 1: Address"},
		"torn vif": {"ip_mr_vif", "84       1         0       0 00008 04000000 00000000", "84", 1,
			"line 2: Flags: the line ends before it"},
		"torn route": {"ip_mr_cache", "2      168        1  1:1    10:255", "2", 1,
			"line 2: Bytes: the line ends before it"},
		"torn output": {"ip_mr_cache", "10:255", "10", 1,
			"line 2: Oifs: \"10\" is no virtual interface and TTL"},
		"wide threshold":        {"ip_mr_cache", "10:255", "10:256", 1, "line 2: Oifs: "},
		"routes without header": {"ip6_mr_cache", "Oifs", "Else", 0, "line 2: Oifs: there is no such column"},
		"an endless line":       {"ip_mr_cache", "Group ", strings.Repeat("x", 1<<17), 0, "line 1: "},
	} {
		text := strings.Replace(multicastTexts[test.file], test.from, test.to, 1)
		got, err := multicastReaders[test.file](netFile(test.file, text))
		if len(got) != test.left || (err == nil) != (test.fault == "") ||
			err != nil && !strings.Contains(err.Error(), test.file+": "+test.fault) {
			t.Errorf("%s: %q, %v; want %d records and %q", name, got, err, test.left, test.fault)
		}
	}
}

// TestMulticastColumns: a kernel that adds columns, or orders those of a header otherwise, changes no value.
func TestMulticastColumns(t *testing.T) {
	for name, text := range map[string]string{
		"igmp": "Device Idx: New Querier Count\tGroup New Reporter    Users Timer\nlo 1: 7 V3 " +
			"1\n\t\t\t\t010000E0 010000E0 0 1 0:00000000\n",
		"igmp6":    "1    lo              ff020000000000000000000000000001     1 0000000C 0 9 new\n",
		"mcfilter": "SRC New Device Idx EXC INC MCA\n0x0a000001 x a_long 4 0 2 0xe10c0b0a\n",
		"mcfilter6": "Source Address New Device Idx EXC INC Multicast Address\n20010db8000000000000000000000001 x " +
			"a_long 4 1 0 ff0e0000000000000000000000000007\n",
		"dev_mcast":   "4    eth0            1     0     01005e000001 new\n",
		"ip6_mr_vif":  "Flags BytesIn New Interface PktsIn BytesOut PktsOut\n00000 104 x 0 eth0 1 0 0\n",
		"ip_mr_cache": "Origin Group New Bytes Pkts Wrong Iif Oifs\n010200C0 0A0B0CE1 x 168 2 1 0 1:1 10:255\n",
	} {
		want, _ := multicastReaders[name](netFile(name, multicastTexts[name]))
		got, err := multicastReaders[name](netFile(name, text))
		if err != nil || !slices.Equal(got, want[:1]) {
			t.Errorf("%s: %q, %v; want %q", name, got, err, want[:1])
		}
	}
}
