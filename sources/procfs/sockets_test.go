package procfs

import (
	"errors"
	"io/fs"
	"iter"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/vfs/vfstest"
)

// The lines are a kernel's own.
const (
	unixHeader    = "Num       RefCount Protocol Flags    Type St Inode Path\n"
	unixLine      = "00000000fffba6c1: 00000002 00000000 00010000 0001 01 80767 /run/a b"
	packetHeader  = "sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n"
	packetLine    = "000000002960adf7 3      3    0003   1     1 832    1000   80773 \n"
	netlinkHeader = "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n"
	netlinkLine   = "0000000091b1f504 0   20116      00000011 832      4        1     2        7        80775   \n"
)

// TestUnixSockets: a path may hold any byte, and a line end is one.
func TestUnixSockets(t *testing.T) {
	const head = "000000002b1ef741: 00000003 00000000 00000000 0001 03 80768"
	listener := UnixSocket{Refs: 2, Flags: UnixAccepts, Type: unix.SOCK_STREAM, State: 1, Inode: 80767,
		Path: "/run/a b"}
	connected := UnixSocket{Refs: 3, Type: unix.SOCK_STREAM, State: UnixConnected, Inode: 80768}
	with := func(path string) UnixSocket { s := connected; s.Path = path; return s }
	for name, test := range map[string]struct {
		text string
		want []UnixSocket
	}{
		"listener":  {unixLine + "\n", []UnixSocket{listener}},
		"no name":   {head + "\n", []UnixSocket{connected}},
		"abstract":  {head + " @abs@x\n", []UnixSocket{with("@abs@x")}},
		"spaces":    {head + "   x  \n", []UnixSocket{with("  x  ")}},
		"line ends": {head + " a\n\nb\r\n" + head + "\n", []UnixSocket{with("a\n\nb\r"), connected}},
		"no socket": {head + " a\nb: 00000003\n", []UnixSocket{with("a\nb: 00000003")}},
		"any byte":  {head + " \xff\x1b[2J\n", []UnixSocket{with("\xff\x1b[2J")}},
		"unaccepted": {strings.Replace(head, "80768", "    0", 1) + " x\n",
			[]UnixSocket{{Refs: 3, Type: 1, State: 3, Path: "x"}}},
		"no end":         {unixLine, []UnixSocket{listener}},
		"nothing at all": {"", nil},
	} {
		got, err := collect(ParseUnixSockets(strings.NewReader(unixHeader+test.text), nil))
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, test.want)
		}
	}
	names := map[uint32]string{80768: "\x00a\n" + unixLine + "\n", 5: "x\ny"}
	forged := unixHeader + head + " @a\n" + unixLine + "\n\n" + head + " @b\n" + unixLine + "\n"
	got, err := collect(ParseUnixSockets(strings.NewReader(forged), names))
	if want := []UnixSocket{with("@a\n" + unixLine + "\n"), with("@b"), listener}; err != nil ||
		!reflect.DeepEqual(got, want) {
		t.Errorf("a path like a line: %+v, %v", got, err)
	}
	more := strings.Replace(unixHeader, " Inode", " More Inode", 1) + strings.Replace(unixLine, " 80767", " 5 80767", 1)
	if got, err := collect(ParseUnixSockets(strings.NewReader(more), nil)); err != nil ||
		!reflect.DeepEqual(got, []UnixSocket{listener}) {
		t.Errorf("a column more: %+v, %v", got, err)
	}
	torn := unixHeader + "000000002b1ef741: 00000003 0000\n" + unixLine + "\n" +
		strings.Replace(head, "0001 03", "0001 zz", 1) + "\n" + unixLine + "\n"
	got, err = collect(ParseUnixSockets(strings.NewReader(torn), nil))
	if len(got) != 2 || err == nil || !strings.Contains(err.Error(), "line 2: there is no Flags") {
		t.Errorf("torn: %+v, %v", got, err)
	}
}

// TestPacketAndNetlinkSockets: names of columns decide, and a torn line costs itself.
func TestPacketAndNetlinkSockets(t *testing.T) {
	packet := PacketSocket{Type: unix.SOCK_RAW, Protocol: 3, Interface: 1, Running: 1, RMem: 832, UID: 1000,
		Inode: 80773}
	check(t, "packet", ParsePacketSockets(strings.NewReader(packetHeader+"torn\n"+packetLine)), packet,
		"line 2: there is no Type")
	netlink := NetlinkSocket{Port: 20116, Groups: 0x11, RMem: 832, WMem: 4, Dumping: 1, Drops: 7, Inode: 80775}
	check(t, "netlink", ParseNetlinkSockets(strings.NewReader(netlinkHeader+netlinkLine+netlinkLine[:20])), netlink,
		"line 3: there is no Pid")
	swapped := "Inode Eth\n 5 16\n"
	check(t, "swapped", ParseNetlinkSockets(strings.NewReader(swapped)), NetlinkSocket{Protocol: 16, Inode: 5}, "")
	for _, err := range []error{
		last(UnixSockets(vfstest.Files{}, nil)), last(PacketSockets(vfstest.Files{})),
		last(NetlinkSockets(vfstest.Files{})),
	} {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("no file: %v", err)
		}
	}
}

func check[T comparable](t *testing.T, name string, sockets iter.Seq2[*T, error], want T, says string) {
	t.Helper()
	got, err := collect(sockets)
	if len(got) != 1 || got[0] != want {
		t.Errorf("%s: %+v, want %+v", name, got, want)
	}
	if (says == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), says) {
		t.Errorf("%s: %v, want %s", name, err, says)
	}
}

func last[T any](sockets iter.Seq2[*T, error]) error {
	_, err := collect(sockets)
	return err
}
