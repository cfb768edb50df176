package shell

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/query/schema"
	"netql/sources/lab"
)

// netstatWorld fills the namespace with what any flag of netstat could show.
func netstatWorld(t *testing.T) {
	t.Helper()
	noNameServer(t)
	lab.AllStates(t)
	lab.Neighbors(t)
	lab.Cable(t, "wire0", "wire1", "198.51.100.2/24", "2001:db8:51::2/64")
	for _, route := range []string{
		"default via 198.51.100.1 metric 100", "10.9.0.0/16 via 198.51.100.1 mtu 1400 advmss 1300 window 5000",
		"unreachable 10.10.0.0/16",
		"blackhole 10.11.0.0/16", "10.12.0.1 dev wire0",
		"10.13.0.0/16 nexthop via 198.51.100.1 nexthop via 198.51.100.3",
		"10.14.0.0/16 via 198.51.100.1 rtt 500ms", "2001:db8:77::/48 via 2001:db8:51::1",
		"unreachable 2001:db8:78::/48", "blackhole ::/0 metric 7", "prohibit 2001:db8:79::/48 metric 4294967295",
		"10.15.0.0/16 via 198.51.100.1 metric 4294967295",
	} {
		lab.Tool(t, "", "ip", append([]string{"route", "add"}, strings.Fields(route)...)...)
	}
	for i, label := range []string{"lo:10", "lo:9", "lo:x", "lo:9"} {
		lab.Tool(t, "", "ip", "address", "add", fmt.Sprintf("127.1.%d.1/24", i), "dev", "lo", "label", label)
	}
	lab.Join(t, "wire0", "239.1.2.3")
	lab.Join(t, "wire0", "ff05::77")
	long := lab.Listen(t, lab.TCP, "[2001:db8:51::2]:0")
	lab.Dial(t, lab.TCP, long.Local)
	long.Accept()
	unixWorld(t)
	lab.Start(t, lab.Helper{Comm: "titled", Args: []string{"titled: worker process of a service"}},
		lab.Listen(t, lab.TCP, "127.0.0.1:0"))
	lab.Start(t, lab.Helper{Comm: "rooted", Args: []string{"/usr/sbin/rooted", "-D"}},
		lab.Listen(t, lab.TCP, "127.0.0.1:0"))
}

// noNameServer lets names come from /etc/hosts alone, at once.
func noNameServer(t *testing.T) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "resolv.conf")
	if err := os.WriteFile(file, []byte("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount(file, "/etc/resolv.conf", "", unix.MS_BIND, ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Unmount("/etc/resolv.conf", 0) })
}

// unixWorld makes unix sockets in every state.
func unixWorld(t *testing.T) {
	t.Helper()
	lab.Datagram(t, lab.Raw, "127.0.0.1:89", "") // which has a name
	place := filepath.Join(t.TempDir(), "socket")
	listener := lab.UnixListen(t, unix.SOCK_STREAM, place, 3)
	lab.UnixDial(t, unix.SOCK_STREAM, place)
	lab.UnixAccept(listener)
	lab.UnixPair(t, unix.SOCK_SEQPACKET)
	lab.Unix(t, unix.SOCK_DGRAM, "@abstract")
	lab.UnixPair(t, unix.SOCK_DGRAM)
}

var blanks = regexp.MustCompile(`[ \t]+`)

// squeezed are the lines without what is only layout. Times go on, so they do not count.
func squeezed(text string, sorted bool) []string {
	var lines []string
	for line := range strings.Lines(text) {
		line = elapsing.ReplaceAllString(strings.TrimSpace(blanks.ReplaceAllString(line, " ")), "(T/")
		lines = append(lines, schema.Visible(synRetries.ReplaceAllString(line, "$1 N")))
	}
	if sorted {
		slices.Sort(lines)
	}
	return lines
}

// synRetries are counted otherwise in /proc/net/tcp than in socket diagnostics: time-outs, not SYNs that were sent
// again.
var synRetries = regexp.MustCompile(`( SYN_RECV .*\(T)/\d+`)

var elapsing = regexp.MustCompile(`\(\d+\.\d\d/`)

// TestLikeNetTools: the Linux dialect prints what the netstat of net-tools prints, line by line, in any order of lines
// where that is the kernel's.
func TestLikeNetTools(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "/bin/netstat")
		netstatWorld(t)
		lab.Cable(t, "z10", "z9", "198.51.101.2/24", "2001:db8:52::2/64") // z9 is before z10
		lab.Cable(t, "z9.5", "z", "198.51.102.2/24", "2001:db8:53::2/64")
		for _, test := range []struct {
			flags     string
			unordered bool
		}{
			{"-tan", true}, {"-tuln", true}, {"-tulpn", true}, {"-tanp", true}, {"-tn", true}, {"-un", true},
			{"-uan", true}, {"-wan", true},
			{"-Uan", true}, {"-tanW", true}, {"-4an", true}, {"-6tan", true}, {"-tane", true}, {"-tae", true},
			{"-tanoW", true}, {"-tuwan", true},
			{"-x", true}, {"-xa", true}, {"-xlp", true}, {"-xap", true}, {"-an", true}, {"-n", true}, {"-ln", true},
			{"-anp", true}, {"-ta", true}, {"-tuaW", true},
			{"-i", false}, {"-ia", false}, {"-r", false}, {"-rn", false}, {"-rne", false}, {"-rnee", false},
			{"-6rn", true},
			{"-g", true}, {"-gn", true}, {"-wa", true}, {"-tang", true}, {"-xtang", true}, {"-s", false},
			{"-st", false}, {"-su", false}, {"-sw", false}, {"-s6", false}, {"-s4", false},
			{"-ie", true}, {"-iea", true}, {"-iee", true}, {"-ine", true}, {"-rC", false}, {"-rCn", false},
			{"-rF", false}, {"-rFCn", false}, {"-6rFn", true}, {"-rN", false}, {"-6rNn", true},
			{"--tcp --all --numeric", true}, {"--udp --listening --numeric --programs", true},
			{"--tcp --numeric-hosts", true}, {"--tcp --all --numeric-ports", true},
			{"--tcp --all --extend --numeric-users", true}, {"--raw --all", true}, {"--unix --all", true},
			{"--inet --route --numeric", false}, {"--ip -rn", false}, {"--inet6 --route --numeric", true},
			{"--interfaces --all", false}, {"--groups --numeric", true}, {"--statistics --udp", false},
			{"--protocol=inet6 -tan", true}, {"--protocol inet -tan", true}, {"-A inet,inet6 -rn", true},
			{"-A inet,unix -an", true}, {"-Ainet6 -uan", true}, {"--list --tcp --prog", true},
			{"--listening --tcp --timers --numeric", true}, {"--wide --tcp --all --numeric --extend", true},
			{"-tuaxn", true}, {"-4x", true}, {"-tulnpe", true}, {"-tanoe", true}, {"-tanpeW", true}, {"-waneW", true},
			{"-xale", true}, {"-xo", true}, {"-al", true}, {"-tal", true}, {"-tv", true}, {"-ti", false},
			{"-lr", false}, {"-os", false}, {"-gt4n", true}, {"-46tan", true},
		} {
			compareNetstat(t, test.flags, test.unordered)
		}
	})
}

// compareNetstat runs both; counters may move between the two, so it tries a few times.
func compareNetstat(t *testing.T, flags string, unordered bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var got, want []string
	for range 5 {
		real, err := exec.CommandContext(ctx, "/bin/netstat", strings.Fields(flags)...).Output()
		if err != nil {
			t.Errorf("netstat %s: %v", flags, err)
			return
		}
		ours, err := exec.CommandContext(ctx, "netstat", strings.Fields(flags)...).Output()
		if err != nil {
			t.Errorf("netql %s: %v", flags, err)
			return
		}
		named := !numericFlags.MatchString(flags)
		got, want = expected(squeezed(string(ours), unordered), named),
			withoutNullEntry(expected(squeezed(string(real), unordered), named))
		if slices.Equal(got, want) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%s:\nnot in net-tools' answer: %s\nnot in ours: %s", flags, strings.Join(without(got, want), "\n\t"),
		strings.Join(without(want, got), "\n\t"))
	if len(without(got, want))+len(without(want, got)) == 0 {
		t.Logf("the order is another:\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// numericFlags are flags that ask for addresses as numbers.
var numericFlags = regexp.MustCompile(`(^| )-[A-Za-z0-9]*n|--numeric( |$)|--numeric-hosts`)

// withoutNullEntry leaves out the kernel's own entry of an empty tree of IPv6 routes (fib6_null_entry in
// net/ipv6/route.c), which /proc/net/ipv6_route has once for each tree and rtnetlink never sends: it is no route.
func withoutNullEntry(lines []string) []string {
	return slices.DeleteFunc(lines, func(line string) bool {
		return strings.HasPrefix(line, "::/0 :: !n -1 ") || strings.HasPrefix(line, "[::]/0 [::] !n -1 ")
	})
}

// expected leaves out what is no socket: connections that nobody has accepted yet, which have no inode. net-tools finds
// no names for addresses that IPv6 sockets map.
func expected(lines []string, named bool) []string {
	return slices.DeleteFunc(lines, func(line string) bool {
		return strings.HasPrefix(line, "unix ") && strings.Contains(line, " CONNECTING ") ||
			named && strings.HasPrefix(line, "tcp6 ") &&
				(strings.Contains(line, "127.0.0.1:") || strings.Contains(line, "localhost:"))
	})
}

// without are the lines of a that are not in b.
func without(a, b []string) (left []string) {
	b = slices.Clone(b)
	for _, line := range a {
		if i := slices.Index(b, line); i >= 0 {
			b = slices.Delete(b, i, i+1)
			continue
		}
		left = append(left, line)
	}
	return left
}
