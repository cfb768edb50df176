package procfs

import (
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"iter"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

func collect[T any](sockets iter.Seq2[*T, error]) (list []T, failure error) {
	for s, err := range sockets {
		if err != nil {
			return list, err
		}
		list = append(list, *s)
	}
	return list, nil
}

// TestInetSockets reads files of Linux 6.18 on a little-endian machine.
func TestInetSockets(t *testing.T) {
	if binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
		t.Skip("the recorded files are of a little-endian machine")
	}
	address := netip.MustParseAddrPort
	for name, want := range map[string][]InetSocket{
		"raw": {
			{Local: address("127.0.0.1:253"), Remote: address("127.0.0.1:0"), State: 1, Inode: 1656716, HasDrops: true},
			{
				Local: address("127.0.0.1:253"), Remote: address("0.0.0.0:0"), State: 7, Inode: 1656715,
				RecvQueue: 0x300, UID: 1000, Drops: 17, HasDrops: true,
			},
		},
		"raw6": {
			{Local: address("[::1]:253"), Remote: address("[::]:0"), State: 7, Inode: 1656717, HasDrops: true},
			{
				Local: address("[fe80::5054:ff:120f:6ffe]:58"), Remote: address("[::ffff:127.0.0.1]:0"),
				State: 7, Inode: 1656718, HasDrops: true,
			},
		},
		"icmp": {{Local: address("127.0.0.1:55186"), Remote: address("0.0.0.0:0"), State: 7, Inode: 1656720,
			HasDrops: true}},
		"tcp": {
			{Local: address("127.0.0.1:46289"), Remote: address("0.0.0.0:0"), State: 10, Inode: 1656763, RecvQueue: 1},
			{
				Local: address("127.0.0.1:53370"), Remote: address("127.0.0.1:46289"), State: 2, Inode: 1656765,
				SendQueue: 1, Timer: 1, Expires: 990 * time.Millisecond, Retransmits: 2,
			},
		},
		"tcp6": {{
			Local: address("[::1]:51250"), Remote: address("[::1]:42733"), State: 6, Timer: 3,
			Expires: 59980 * time.Millisecond,
		}},
	} {
		got, err := collect(InetSockets(vfs.Dir("testdata"), name))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", name, err, got, want)
		}
	}
}

const (
	inetHeader = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode " +
		"ref pointer drops\n"
	inetLine = "   1: 00000000:0001 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 42 2 " +
		"0000000000000000 5\n"
)

// TestInetOtherColumns checks that columns are found by name.
func TestInetOtherColumns(t *testing.T) {
	text := "sl new local_address rem_address st inode newer uid drops\n" +
		"1: x 00000000:0001 00000000:0000 07 42 y 1000 5 6 7\n"
	got, err := collect(ParseInetSockets(strings.NewReader(text)))
	want := InetSocket{
		Local: netip.MustParseAddrPort("0.0.0.0:1"), Remote: netip.MustParseAddrPort("0.0.0.0:0"),
		State: 7, Inode: 42, UID: 1000, Drops: 5, HasDrops: true,
	}
	if err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestInetTorn checks that a bad line costs itself alone, and is reported with its number behind all others.
func TestInetTorn(t *testing.T) {
	for name, test := range map[string]struct {
		line, says string
	}{
		"cut":             {inetLine[:60], "there is no retrnsmt"},
		"empty":           {"", "there is no local_address"},
		"no port":         {strings.Replace(inetLine, ":0001", "", 1), "no port"},
		"odd address":     {strings.Replace(inetLine, "00000000:0001", "0000000:0001", 1), "odd length"},
		"five bytes":      {strings.Replace(inetLine, "00000000:0001", "0000000000:0001", 1), "no address"},
		"large state":     {strings.Replace(inetLine, " 07 ", " 107 ", 1), "out of range"},
		"negative inode":  {strings.Replace(inetLine, " 42 ", " -42 ", 1), "invalid syntax"},
		"no receive part": {strings.Replace(inetLine, "00000000:00000000", "00000000", 1), "rx_queue"},
	} {
		text := inetHeader + inetLine + strings.TrimSuffix(test.line, "\n") + "\n" + inetLine
		got, err := collect(ParseInetSockets(strings.NewReader(text)))
		if len(got) != 2 || err == nil || !strings.Contains(err.Error(), "line 3: ") ||
			!strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %d sockets, error %v", name, len(got), err)
		}
	}
}

func TestInetEdges(t *testing.T) {
	for name, text := range map[string]string{"empty file": "", "header only": inetHeader} {
		if got, err := collect(ParseInetSockets(strings.NewReader(text))); len(got) != 0 || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	got, err := collect(ParseInetSockets(strings.NewReader(inetHeader + inetLine + strings.Repeat("x", 1<<20))))
	if len(got) != 1 || err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("an endless line: %d sockets, %v", len(got), err)
	}
	if _, err := collect(InetSockets(vfstest.Files{}, "raw")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	broken := vfstest.Files{"/proc/net/raw": {Text: inetHeader + "x\n"}}
	if _, err := collect(InetSockets(broken, "raw")); err == nil || !strings.HasPrefix(err.Error(),
		"/proc/net/raw: line 2: ") {
		t.Errorf("a broken file: %v", err)
	}
}

// TestInetBreak checks that breaking out closes the file.
func TestInetBreak(t *testing.T) {
	file := &closing{Reader: strings.NewReader(inetHeader + inetLine + inetLine)}
	for _, err := range InetSockets(opener{file: file}, "raw") {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if !file.closed {
		t.Error("the file is open")
	}
}

// opener has one file under all names.
type opener struct {
	vfs.Files
	file io.ReadCloser
}

func (o opener) Open(string) (io.ReadCloser, error) { return o.file, nil }

type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }
