package capture

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/owners"
	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

// stack is a network stack for tests: it has a few links, an error, a file system and an owner.
func stack() *sources.System {
	return &sources.System{
		Name: "made up",
		Netlink: netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
			switch r.Type {
			case unix.RTM_GETLINK:
				return []netlink.Message{{Type: 16, Flags: 2, Data: []byte("eth0")}, {Type: 16, Data: nil},
					{Type: 17, Data: []byte("eth1")}}, nil
			case unix.RTM_GETADDR:
				return []netlink.Message{{Type: 20, Data: make([]byte, 8)}}, netlink.ErrInterrupted
			}
			return nil, fmt.Errorf("netlink: %w", &netlink.Error{Errno: unix.EOPNOTSUPP, Text: "no such thing"})
		}),
		Files: vfstest.Files{
			"/etc/services":                 {Text: "ssh 22/tcp\n"},
			"/proc/net/tcp":                 {Text: strings.Repeat("0: 0100007F:0035\n", 70_000)},
			"/proc/self/ns/net":             {Link: "net:[4026531840]"},
			"/proc/sys/kernel/hostname":     {Text: "box\n"},
			"/sys/fs/cgroup/a.slice/x":      {Dir: true},
			"/sys/fs/cgroup/A\x80B":         {Dir: true, Inode: 8},
			"/run/netns/blue":               {Inode: 4026531840, Device: 4},
			"/proc/sys/kernel/osrelease":    {Text: "6.18.0\n"},
			"/proc/sys/net/ipv4/empty_file": {},
			"/proc/slabinfo":                {Err: syscall.EACCES},
		},
		Owners: finder{},
	}
}

type finder struct{}

func (finder) Find(context.Context) (*owners.Table, error) {
	table := owners.NewTable([]owners.SocketOwner{
		{Inode: 9, Owner: owners.Owner{PID: 2, Process: "b\xff", FD: 3}},
		{Inode: 1 << 40, Owner: owners.Owner{PID: 1, Process: "a", FD: 0}},
		{Inode: 9, Owner: owners.Owner{PID: 1, Process: "a", FD: 7}},
	})
	table.Unreadable, table.Complete, table.Hidden = 5, true, true
	return table, nil
}

var (
	links = netlink.Request{Protocol: unix.NETLINK_ROUTE, Type: unix.RTM_GETLINK,
		Payload: make([]byte, unix.SizeofIfInfomsg)}
	addresses = netlink.Request{Protocol: unix.NETLINK_ROUTE, Type: unix.RTM_GETADDR,
		Payload: make([]byte, unix.SizeofIfAddrmsg)}
	unheard = netlink.Request{Protocol: unix.NETLINK_XFRM, Type: 257, Payload: []byte{2, 0, 0, 0}, Flags: 4}
)

// dump is an answer as text, the error last.
func dump(t *testing.T, system *sources.System, r netlink.Request) (text string, failure error) {
	t.Helper()
	for m, err := range system.Netlink.Dump(t.Context(), r) {
		if err != nil {
			return text, err
		}
		text += fmt.Sprintf("%d %d %q\n", m.Type, m.Flags, m.Data)
	}
	return text, nil
}

// everything asks a system all that the tests know to ask, and gives the answers as text.
func everything(t *testing.T, system *sources.System) string {
	t.Helper()
	var b strings.Builder
	note := func(what string, value any, err error) {
		fmt.Fprintf(&b, "%s: %v; %v; not exist %v\n", what, value, err, errors.Is(err, fs.ErrNotExist))
	}
	for _, r := range []netlink.Request{links, addresses, unheard} {
		text, err := dump(t, system, r)
		note("dump", text, err)
	}
	for _, path := range []string{"/etc/services", "/proc/net/tcp", "/nothing", "/proc/sys/net/ipv4/empty_file",
		"/run/netns", "/proc/slabinfo"} {
		content, err := vfs.ReadFile(system.Files, path)
		note(path, string(content), err)
		info, err := system.Files.Stat(path)
		note(path, fmt.Sprint(info), err)
	}
	for _, dir := range []string{"/run", "/run/netns", "/sys/fs/cgroup", "/etc/services", "/nothing"} {
		entries, err := system.Files.ReadDir(dir)
		note(dir, fmt.Sprintf("%q", entries), err)
		for _, entry := range entries {
			info, err := system.Files.Stat(dir + "/" + entry.Name)
			note(dir, fmt.Sprint(info), err)
		}
	}
	namespace, err := system.Namespace()
	note("namespace", namespace, err)
	table, err := system.Owners.Find(t.Context())
	note("owners", slices.Collect(table.All()), err)
	note("owners", fmt.Sprint(table.Unreadable, table.Complete, table.Hidden), nil)
	return b.String()
}

// saved is a capture of all that everything asks, in a file.
func saved(t *testing.T) string {
	t.Helper()
	r := NewRecorder(t.Context(), stack())
	everything(t, r.System())
	path := filepath.Join(t.TempDir(), "capture")
	if _, err := r.Save(t.Context(), path, r.Manifest("test 1", []string{"a warning"})); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestRoundTrip: a capture says what the stack said, to the letter, errors included.
func TestRoundTrip(t *testing.T) {
	c, err := Open(saved(t))
	if err != nil {
		t.Fatal(err)
	}
	got, want := strings.Split(everything(t, c.System()), "\n"), strings.Split(everything(t, stack()), "\n")
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("line %d: the capture says\n%q\nand the stack\n%q", i, got[i:min(i+1, len(got))],
				want[i:min(i+1, len(want))])
		}
	}
	m := c.Manifest
	if m.Host != "box" || m.Kernel != "6.18.0" || m.Namespace != "blue" || m.Netql != "test 1" || m.Redacted ||
		m.Duration <= 0 ||
		!slices.Equal(m.Warnings, []string{"a warning"}) ||
		!strings.HasPrefix(m.String(), "box, Linux 6.18.0, namespace blue, 20") {
		t.Errorf("%+v, %s", m, m)
	}
	_, err = dump(t, c.System(), addresses)
	if !errors.Is(err, netlink.ErrInterrupted) {
		t.Errorf("%v is not ErrInterrupted", err)
	}
	if _, err = dump(t, c.System(), unheard); !errors.Is(err, unix.EOPNOTSUPP) ||
		!errors.Is(netlink.OrNoModule(err), netlink.ErrNoModule) {
		t.Errorf("%v is not EOPNOTSUPP", err)
	}
}

// TestVersion1 reads a capture that version 1 of the format has, whose paths are those of io/fs.
func TestVersion1(t *testing.T) {
	c, err := Open("testdata/version1.nq")
	if err != nil && byteOrder() != "little" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	system := c.System()
	if text, err := vfs.ReadFile(system.Files, "/etc/services"); err != nil || string(text) != "ssh 22/tcp\n" {
		t.Errorf("%q, %v", text, err)
	}
	if list, err := system.Files.ReadDir("/run"); err != nil || fmt.Sprint(list) != "[{netns d---------}]" {
		t.Errorf("%v, %v", list, err)
	}
	if info, err := system.Files.Stat("/run/netns/blue"); err != nil ||
		info.Inode != 4026531840 { // it has lstat's answer only
		t.Errorf("%+v, %v", info, err)
	}
	if n, err := system.Namespace(); err != nil || n.Name != "blue" {
		t.Errorf("%v, %v", n, err)
	}
	if _, err := system.Files.Stat("/nothing"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(),
		" /nothing: ") {
		t.Error(err)
	}
	if _, err := dump(t, system, links); err != nil {
		t.Error(err)
	}
	d := decoder{rest: appendBytes[string](nil, "."), version: 1, memoryLeft: 1}
	if root := d.path(); root != "/" || d.err != nil {
		t.Errorf("%s, %v", root, d.err)
	}
}

// TestRecorderAsksOnce: what has been asked is answered from memory; a list that changes is read three times.
func TestRecorderAsksOnce(t *testing.T) {
	asked := map[uint16]int{}
	system := stack()
	inner := system.Netlink.(netlinktest.Func)
	system.Netlink = netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
		asked[r.Type]++
		return inner(r)
	})
	r := NewRecorder(t.Context(), system)
	everything(t, r.System())
	everything(t, r.System())
	if asked[unix.RTM_GETLINK] != 1 || asked[unix.RTM_GETADDR] != 3 || asked[unheard.Type] != 1 {
		t.Errorf("asked %v", asked)
	}
}

// TestCancelledRecording: an answer that a cancelled context broke off is not part of the capture.
func TestCancelledRecording(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := NewRecorder(ctx, stack())
	cancel()
	for _, err := range r.System().Netlink.Dump(ctx, links) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	}
	if _, err := r.System().Owners.Find(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if len(r.facts.answers) > 0 || r.facts.owners.asked {
		t.Error("something was recorded")
	}
}

// TestNotHeld: what nobody asked is an error, which is not the error of what is not there; what follows is known.
func TestNotHeld(t *testing.T) {
	c, err := Open(saved(t))
	if err != nil {
		t.Fatal(err)
	}
	system := c.System()
	other := unheard
	other.Type++
	_, err = dump(t, system, other)
	files := map[string]error{"a request": err}
	for _, name := range []string{"/etc/passwd", "/run/netns/red", "/nothing/below", "/proc/net/udp"} {
		_, err := system.Files.Stat(name)
		files[name] = err
	}
	for name, err := range files {
		gone := name == "/run/netns/red" || name == "/nothing/below"
		if err == nil || gone != errors.Is(err, fs.ErrNotExist) ||
			!gone && !strings.Contains(err.Error(), "the capture does not hold") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if info, err := system.Files.Stat("/run"); err != nil || !info.Mode.IsDir() {
		t.Errorf("a directory that was listed: %v", err)
	}
	empty := (&Capture{facts: newFacts()}).System()
	if _, err := empty.Owners.Find(t.Context()); err == nil ||
		!strings.Contains(err.Error(), "does not hold the owners") {
		t.Errorf("owners: %v", err)
	}
}

// TestReplayEnds: a cancelled context ends an answer from memory, too.
func TestReplayEnds(t *testing.T) {
	a := &answer{request: links}
	for range 1000 {
		a.add(netlink.Message{Data: []byte("x")})
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var failure error
	for _, err := range a.serve(ctx, links) {
		n++
		cancel()
		failure = err
	}
	if n > 300 || !errors.Is(failure, context.Canceled) {
		t.Errorf("%d messages, then %v", n, failure)
	}
}

// TestPartialRead: a file that cannot be read to its end keeps what was read, and the error comes behind it.
func TestPartialRead(t *testing.T) {
	r := NewRecorder(t.Context(), &sources.System{Files: torn{vfstest.Files{}}, Owners: finder{},
		Netlink: stack().Netlink})
	for _, system := range []func() *sources.System{r.System, func() *sources.System { return reopened(t, r) }} {
		file, err := system().Files.Open("/torn")
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(file)
		if string(content) != "half" || !errors.Is(err, syscall.EIO) {
			t.Errorf("%q, %v", content, err)
		}
	}
}

// torn has files that cannot be read to their end.
type torn struct{ vfs.Files }

func (torn) Open(string) (io.ReadCloser, error) {
	return io.NopCloser(io.MultiReader(strings.NewReader("half"), vfstest.Failing{Err: syscall.EIO})), nil
}

// reopened is what a recorder has, by way of a file.
func reopened(t *testing.T, r *Recorder) *sources.System {
	t.Helper()
	path := filepath.Join(t.TempDir(), "capture")
	if _, err := r.Save(t.Context(), path, r.Manifest("test", nil)); err != nil {
		t.Fatal(err)
	}
	c, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return c.System()
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
