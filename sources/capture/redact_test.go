package capture

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/cgroup"
	"netql/sources/lab"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/netlink/uapi"
	"netql/sources/owners"
	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

// A secret is something that must not be in a redacted capture, in any form.
type secret struct {
	name  string
	forms [][]byte
}

func secretText(text string) secret { return secret{text, [][]byte{[]byte(text)}} }

// secretAddress has an address as bytes, as text and in the digits that files of /proc/net have.
func secretAddress(text string) secret {
	a := netip.MustParseAddr(text)
	b := a.AsSlice()
	swapped := bytes.Clone(b)
	swapWords(swapped)
	s := secret{text, [][]byte{[]byte(text), b}}
	for _, digits := range []string{hex.EncodeToString(b), hex.EncodeToString(swapped)} {
		s.forms = append(s.forms, []byte(digits), []byte(strings.ToUpper(digits)))
	}
	if a.Is6() {
		s.forms = append(s.forms, []byte(a.StringExpanded()), b[8:])
	}
	return s
}

func secretHardware(text string) secret {
	mac, err := net.ParseMAC(text)
	if err != nil {
		panic(err)
	}
	return secret{text, [][]byte{mac, []byte(text), []byte(hex.EncodeToString(mac))}}
}

// in says in how many forms a capture has the secret.
func (s secret) in(f *facts) (found []string) {
	for _, section := range f.sections() {
		for _, form := range s.forms {
			if bytes.Contains(section.raw, form) {
				found = append(found, fmt.Sprintf("section %c: %q", section.kind, form))
			}
		}
	}
	return found
}

// checkSecrets: what is recorded has the secrets, and what is redacted has none.
func checkSecrets(t *testing.T, r *Recorder, secrets []secret) {
	t.Helper()
	for _, s := range secrets {
		if len(s.in(r.facts)) == 0 {
			t.Errorf("%s was not recorded", s.name)
		}
	}
	if err := r.Redact(); err != nil {
		t.Fatal(err)
	}
	for _, s := range secrets {
		for _, place := range s.in(r.facts) {
			t.Errorf("%s leaks in %s", s.name, place)
		}
	}
}

// requests are all that the rules know, and some that they do not.
func requests() (all []netlink.Request) {
	for _, kind := range []uint16{unix.RTM_GETLINK, unix.RTM_GETADDR, unix.RTM_GETROUTE, unix.RTM_GETRULE,
		unix.RTM_GETNEIGH,
		unix.RTM_GETQDISC, unix.RTM_GETNEXTHOP, unix.RTM_GETNETCONF, unix.RTM_GETMULTICAST, unix.RTM_GETANYCAST,
		unix.RTM_GETMDB, unix.RTM_GETNEIGHTBL} {
		for _, family := range []byte{unix.AF_UNSPEC, unix.AF_INET, unix.AF_INET6, unix.AF_BRIDGE,
			uapi.RTNL_FAMILY_IPMR} {
			all = append(all, rt(kind, 20, map[int]byte{0: family})) // longer than any header: rtnetlink does not mind
		}
	}
	for _, protocol := range []uint8{unix.IPPROTO_TCP, unix.IPPROTO_UDP, unix.IPPROTO_UDPLITE, unix.IPPROTO_RAW} {
		all = append(all, inet(unix.AF_INET, protocol, 0xff, 0xffff), inet(unix.AF_INET6, protocol, 0xff, 0xffff))
	}
	diag := func(family byte, size int) netlink.Request {
		payload := bytes.Repeat([]byte{0xff}, size)
		payload[0], payload[1], payload[2], payload[3] = family, 0, 0, 0
		return netlink.Request{Protocol: unix.NETLINK_SOCK_DIAG, Type: unix.SOCK_DIAG_BY_FAMILY, Payload: payload}
	}
	return append(all, legacy(0xff, 0xffff), diag(unix.AF_UNIX, 24), diag(unix.AF_PACKET, 20))
}

// askAll asks all requests, reads all files of /proc/net and what /proc says about some processes.
func askAll(t *testing.T, system *sources.System, pids ...int) {
	t.Helper()
	for _, r := range requests() {
		for _, err := range system.Netlink.Dump(t.Context(), r) {
			_ = err // a kernel need not know everything
		}
	}
	paths := []string{"/etc/passwd", "/etc/group", "/etc/hosts", "/proc/sys/kernel/hostname",
		"/sys/class/net/seed0/address", "/sys/class/net/seed0/ifalias"}
	err := filepath.WalkDir("/proc/self/net", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			paths = append(paths, path, "/proc/net/"+strings.TrimPrefix(path, "/proc/self/net/"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, pid := range pids {
		for _, name := range []string{"stat", "comm", "cmdline", "cgroup", "status", "environ", "maps"} {
			paths = append(paths, "/proc/"+strconv.Itoa(pid)+"/"+name)
		}
	}
	for _, path := range paths {
		_, _ = vfs.ReadFile(system.Files, path)
	}
	_, _ = system.Files.ReadLink("/proc/self/exe")
	_, _ = cgroup.Paths(system.Files)
	_, _ = system.Namespace()
	_, _ = system.Owners.Find(t.Context())
}

// TestRedactedLive plants secrets in a namespace, everywhere that the kernel tells of, and looks for them.
func TestRedactedLive(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "ip")
		const four, six, mac, peer = "10.87.113.201", "2001:db8:5eed:1:a1b2:c3d4:e5f6:1728", "02:5e:ed:c0:ff:ee",
			"02:5e:ed:ab:cd:ef"
		for _, command := range []string{
			"ip link add seed0 address " + mac + " type veth peer name seed1 address " + peer,
			"ip link set seed0 alias secretalias up", "ip link set seed1 up",
			"ip address add " + four + "/24 dev seed0", "ip address add " + six + "/64 dev seed0 nodad",
			"ip neighbor add 10.87.113.77 lladdr 02:5e:ed:77:77:77 dev seed0",
			"ip route add 172.29.77.128/25 via 10.87.113.91",
			"ip route add 2001:db8:77:88:99::/80 via 2001:db8:5eed:1:9999:8888:7777:6666",
			"ip route add 172.29.99.240/28 nexthop via 10.87.113.92 nexthop via 10.87.113.93",
			"ip rule add from 192.168.213.192/28 table 99",
			"ip address add 10.99.213.7 peer 10.99.213.9/32 dev seed0 label seed0:s3cretl",
			// The kernel makes an IPv6 address its own a little later, and looks for it outside until then.
			"timeout 60 sh -c 'until ip -6 route show table local | grep -q " + six + "; do sleep 0.01; done'",
		} {
			if out, err := exec.Command("sh", "-c", command).CombinedOutput(); err != nil {
				t.Fatalf("%s: %v %s", command, err, out)
			}
		}
		for _, address := range []string{four + ":0", "[" + six + "]:0"} {
			lab.Pair(t, lab.TCP, address)
		}
		dir := t.TempDir()
		var pids []int
		helper := lab.Start(t, lab.Helper{Comm: "secretcomm"}, lab.Listen(t, lab.TCP, four+":0"))
		pids = append(pids, helper.Pid, os.Getpid())
		listener, err := net.Listen("unix", filepath.Join(dir, "secretpath"))
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		lines, err := net.Listen("unix", filepath.Join(dir, "a\nsecretline: x"))
		if err != nil {
			t.Fatal(err)
		}
		defer lines.Close()
		abstract, err := net.Listen("unix", "@secretabstract")
		if err != nil {
			t.Fatal(err)
		}
		defer abstract.Close()

		r := NewRecorder(t.Context(), sources.Live())
		askAll(t, r.System(), pids...)
		secrets := []secret{secretHardware(mac), secretHardware(peer), secretHardware("02:5e:ed:77:77:77")}
		for _, address := range []string{four, six, "10.87.113.77", "172.29.77.128", "10.87.113.91",
			"2001:db8:77:88:99::", "2001:db8:5eed:1:9999:8888:7777:6666", "172.29.99.240", "10.87.113.92",
			"10.87.113.93", "192.168.213.192", "10.99.213.7", "10.99.213.9"} {
			secrets = append(secrets, secretAddress(address))
		}
		for _, text := range []string{"secretalias", "secretpath", "secretline", "s3cretl", "secretabstract",
			"secretcomm", "www-data", "TestRedactedLive"} {
			secrets = append(secrets, secretText(text))
		}
		checkSecrets(t, r, secrets)
	})
}

// TestRedactedFiles plants secrets in files that a test machine does not have.
func TestRedactedFiles(t *testing.T) {
	const id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	files := vfstest.Files{
		"/etc/passwd": {
			Text: "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000:Alice Secret:/home/alice:/bin/sh\nbroken\n"},
		"/etc/iproute2/rt_tables": {Text: "254 main\n7 secretvpn # secretcomment\n"},
		"/etc/services":           {Text: "ssh 22/tcp\n"},
		"/etc/networks": {
			Text: "default 0.0.0.0\nsecretnet 10.87.113 secretalias # secretcomment\nsecretbroken\n"},
		"/etc/unknown":               {Text: "secretcontent"},
		"/proc/7/stat":               {Text: "7 (secret) com) S 1 7 7 0 -1 4194560"},
		"/proc/7/cmdline":            {Text: "/usr/bin/secretd\x00--password=hunter22\x00"},
		"/proc/7/cgroup":             {Text: "0::/system.slice/secretunit.service/docker-" + id + ".scope\n"},
		"/proc/7/environ":            {Text: "KEY=secretenviron"},
		"/proc/sys/kernel/hostname":  {Text: "secrethost\n"},
		"/proc/sys/kernel/osrelease": {Text: "6.18.0\n"},
		"/proc/net/route": {
			Text: "Iface\tDestination\tGateway " +
				"\tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\neth0\t0071570A\t0171570A\t0003\t0\t0\t0\t00FFFFFF\t0\n"},
		"/proc/net/mcfilter": {
			Text: "Idx Device        MCA        SRC    INC    EXC\n  2   eth0 0xef575757 0x0a577117      1      0\n"},
		"/proc/net/arp": {
			Text: "10.87.113.25     0x1         0x2         02:5e:ed:11:22:33     *        eth0\n"},
		"/proc/net/nf_conntrack": {Text: "ipv4 2 tcp 6 src=10.87.113.44 dst=10.87.113.45 sport=1 dport=2\n"},
		"/proc/net/dev_mcast":    {Text: "2    eth0            1     0     333300577117\n"},
		"/proc/net/bonding/bond0": {
			Text: "System MAC address: 02:5e:ed:44:55:66\nARP IP target: 10.87.113.46,10.87.113.47\n"},
		"/run/netns/secretnamespace": {Inode: 4711},
		"/proc/self/ns/net":          {Link: "net:[4711]"},
		"/proc/self/mountinfo": {Text: "21 1 8:1 / / rw shared:1 - ext4 /dev/secretdisk rw\n" +
			"22 21 0:5 /secretroot /secretmount/proc rw - proc secretproc rw,hidepid=1\n" +
			"23 21 0:5 / /proc rw,nosuid - proc secretproc rw,gid=7,hidepid=2\n"},
		"/sys/fs/cgroup/memory.max":   {},
		"/var/lib/secretdir/file":     {Text: "secretfile"},
		"/sys/class/net/e/uevent":     {Text: "secretuevent"},
		"/sys/class/net/e/statistics": {Dir: true},
	}
	for _, dir := range []string{"/sys/fs/cgroup/secretgroup.slice",
		"/sys/fs/cgroup/secretgroup.slice/secretinner.scope"} {
		files[dir] = vfstest.File{Dir: true, Inode: uint64(len(dir))}
	}
	files["/sys/fs/cgroup/cgroup.controllers"] = vfstest.File{Text: "memory\n"}
	files["/sys/fs/cgroup"] = vfstest.File{Dir: true, Inode: 1}
	kernel := netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
		return []netlink.Message{{Type: 999, Data: []byte("secretmessage")}}, fmt.Errorf("secreterror")
	})
	held := ownersOf(owners.SocketOwner{Inode: 1, Owner: owners.Owner{PID: 7, Process: "secretowner", FD: 3}})
	r := NewRecorder(t.Context(), &sources.System{Files: files, Netlink: kernel, Owners: held})
	for path := range files {
		_, _ = vfs.ReadFile(r.System().Files, path)
	}
	_, _ = r.System().Files.ReadDir("/var/lib")
	_, _ = r.System().Files.Stat("/home/secretmissing")
	askAll(t, r.System())
	var secrets []secret
	for _, text := range []string{"alice", "Secret", "secretvpn", "secretnet", "secretalias", "secretbroken",
		"secretcomment", "secretcontent", "secret) com", "secretd", "hunter22", "secretunit",
		id, "secretenviron", "secrethost", "secretnamespace", "secretgroup", "secretinner", "secretfile", "secretdir",
		"secretuevent", "secretmessage", "secretdisk", "secretroot", "secretmount", "secretproc",
		"secreterror", "secretowner", "secretmissing", "333300577117"} {
		secrets = append(secrets, secretText(text))
	}
	for _, address := range []string{"10.87.113.0", "10.87.113.1", "239.87.87.87", "10.87.113.23", "10.87.113.25",
		"10.87.113.44", "10.87.113.45", "10.87.113.46", "10.87.113.47"} {
		secrets = append(secrets, secretAddress(address))
	}
	secrets = append(secrets, secretHardware("02:5e:ed:11:22:33"), secretHardware("02:5e:ed:44:55:66"))
	checkSecrets(t, r, secrets)

	// What a query needs is still there, and fits together.
	m := r.Manifest("test", nil)
	if !m.Redacted || !strings.HasPrefix(m.Host, "host-") || m.Kernel != "6.18.0" ||
		!strings.HasPrefix(m.Namespace, "x-") {
		t.Errorf("%+v", m)
	}
	mounts, err := vfs.ReadFile(r.System().Files, "/proc/self/mountinfo")
	if want := "1 1 0:1 / /proc rw - proc proc rw,gid=7,hidepid=2\n"; err != nil || string(mounts) != want {
		t.Errorf("mounts: %q, %v", mounts, err)
	}
	paths, err := cgroup.Paths(r.System().Files)
	if err != nil || len(paths) != 3 {
		t.Errorf("control groups %v, %v", paths, err)
	}
	line, err := vfs.ReadFile(r.System().Files, "/proc/7/cgroup")
	unit := strings.TrimSpace(strings.TrimPrefix(string(line), "0::"))
	if err != nil || !strings.HasSuffix(cgroup.Unit(unit), ".scope") || len(cgroup.Container(unit)) != 64 ||
		!strings.HasPrefix(unit, "/system.slice/x-") {
		t.Errorf("%q, %v", line, err)
	}
	for _, name := range []string{"/etc/unknown", "/proc/7/environ"} {
		if _, err := vfs.ReadFile(r.System().Files, name); err == nil || !strings.Contains(err.Error(), "redacted") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPseudonyms: addresses keep their common prefixes and classes, and different ones stay different.
func TestPseudonyms(t *testing.T) {
	p, err := newPseudonyms()
	if err != nil {
		t.Fatal(err)
	}
	addresses := []string{"10.0.0.1", "10.0.0.2", "10.0.1.1", "10.128.0.1", "11.0.0.1", "172.16.3.4", "172.32.3.4",
		"192.168.1.1", "8.8.8.8", "8.8.4.4", "169.254.1.2", "239.1.2.3", "224.0.1.5", "9.255.255.255", "128.0.0.1",
		"fe80::1", "fe80::2", "fe80:0:0:1::1", "fd00::1", "2001:db8::1", "2001:db8::2",
		"2001:db8:1::1", "ff02::1:ff00:1", "ff02::1:ff00:2", "ff0e::123", "::ffff:10.0.0.1", "::ffff:10.0.0.2",
		"64:ff9b::808:808", "::2", "4000::1"}
	for _, x := range addresses {
		for _, y := range addresses {
			a, b := netip.MustParseAddr(x), netip.MustParseAddr(y)
			c, d := p.address(a), p.address(b)
			if a.BitLen() != b.BitLen() || a.Is4In6() != b.Is4In6() {
				continue
			}
			if before, after := commonBits(a.AsSlice(), b.AsSlice()),
				commonBits(c.AsSlice(), d.AsSlice()); before != after {
				t.Errorf("%s and %s have %d bits in common, %s and %s %d", a, b, before, c, d, after)
			}
			if a.IsPrivate() != c.IsPrivate() || a.IsMulticast() != c.IsMulticast() ||
				a.IsLinkLocalUnicast() != c.IsLinkLocalUnicast() || a.Is4In6() != c.Is4In6() {
				t.Errorf("%s becomes %s", a, c)
			}
		}
	}
	for _, whole := range []string{"0.0.0.0", "127.0.0.1", "127.9.8.7", "224.0.0.251", "255.255.255.255", "::", "::1",
		"ff02::1", "ff02::16"} {
		if a := netip.MustParseAddr(whole); p.address(a) != a {
			t.Errorf("%s becomes %s", a, p.address(a))
		}
	}
	other, err := newPseudonyms()
	if err != nil {
		t.Fatal(err)
	}
	if a := netip.MustParseAddr("2001:db8::1"); p.address(a) == other.address(a) || p.address(a) == a {
		t.Errorf("two captures have the same pseudonym of %s, %s", a, p.address(a))
	}
	network := p.prefixBytes([]byte{10, 1, 2, 0}, 24)
	if host := p.addressBytes([]byte{10, 1, 2, 3}); !bytes.Equal(network[:3], host[:3]) || network[3] != 0 {
		t.Errorf("network %v, host %v", network, host)
	}
	for _, same := range []string{"\xff\xff\xff\xff\xff\xff", "\x00\x00\x00\x00\x00\x00"} {
		if string(p.hardware([]byte(same))) != same {
			t.Errorf("%x becomes %x", same, p.hardware([]byte(same)))
		}
	}
	if b := p.hardware([]byte("\x33\x33\x00\x00\x00\x01")); string(b[:2]) != "\x33\x33" {
		t.Errorf("%x", b)
	}
	if again := p.name("p", "nginx"); again != p.name("p", "nginx") || p.name("p", "nginx") == p.name("p", "envoy") ||
		p.name("p", "") != "" || len(p.name("p", "x")) > 15 {
		t.Error("names")
	}
	if got := p.component("kubepods.slice"); got != "kubepods.slice" {
		t.Error(got)
	}
}

// TestPseudonymsAreFar: each bit is drawn for itself, so that whole bytes of an address do not stay by more than
// chance.
func TestPseudonymsAreFar(t *testing.T) {
	const keys = 2000
	for _, text := range []string{"10.9.8.7", "192.0.2.255", "2001:db8:ffff:0:1234:5678:9abc:def0"} {
		a, stay := netip.MustParseAddr(text), 0
		for range keys {
			p, err := newPseudonyms()
			if err != nil {
				t.Fatal(err)
			}
			was, is := a.AsSlice(), p.address(a).AsSlice()
			if was[len(was)-2] == is[len(is)-2] {
				stay++
			}
		}
		if stay > 4*keys/256 {
			t.Errorf("a byte of %s stays with %d keys of %d", text, stay, keys)
		}
	}
}

// FuzzRedact: whatever a message or a file holds, redacting it does not fail.
func FuzzRedact(f *testing.F) {
	for kind := range messageKinds {
		message := make([]byte, kind.Header)
		if kind.First != nil {
			message[0] = kind.First[0]
		}
		for _, group := range kind.Attributes {
			for _, attribute := range group.Types {
				message = netlink.AppendAttribute(message, attribute, netlink.AppendAttribute(nil, 1, make([]byte, 16)))
			}
		}
		for _, number := range slices.Concat(kind.Types, []uint16{21}) {
			f.Add(kind.Protocol, number, message, "/proc/net/tcp")
		}
	}
	p, err := newPseudonyms()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, protocol int, kind uint16, data []byte, name string) {
		r := newRedactor(p, map[string]uint16{unix.ETHTOOL_GENL_NAME: 21})
		p.mapped = map[netip.Addr]netip.Addr{}
		r.message(protocol, netlink.Message{Type: kind, Data: data})
		r.filePath(name)
		for _, rule := range r.files {
			rule.redact(r, data)
		}
	})
}

type ownersOf owners.SocketOwner

func (h ownersOf) Find(context.Context) (*owners.Table, error) {
	return owners.NewTable([]owners.SocketOwner{owners.SocketOwner(h)}), nil
}
