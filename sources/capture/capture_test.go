package capture

import (
	"bytes"
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
	"testing/fstest"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/owners"
)

// stack is a network stack for tests: it has a few links, an error, a file system and an owner.
func stack() *sources.System {
	return &sources.System{
		Name: "made up",
		Netlink: netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
			switch r.Type {
			case unix.RTM_GETLINK:
				return []netlink.Message{{Type: 16, Flags: 2, Data: []byte("eth0")}, {Type: 16, Data: nil}, {Type: 17, Data: []byte("eth1")}}, nil
			case unix.RTM_GETADDR:
				return []netlink.Message{{Type: 20, Data: make([]byte, 8)}}, netlink.ErrInterrupted
			}
			return nil, fmt.Errorf("netlink: %w", &netlink.Error{Errno: unix.EOPNOTSUPP, Text: "no such thing"})
		}),
		Files: fstest.MapFS{
			"etc/services":                 {Data: []byte("ssh 22/tcp\n")},
			"proc/net/tcp":                 {Data: bytes.Repeat([]byte("0: 0100007F:0035\n"), 70_000), Mode: 0o444},
			"proc/self/ns/net":             {Data: []byte("net:[4026531840]"), Mode: fs.ModeSymlink | 0o777},
			"proc/sys/kernel/hostname":     {Data: []byte("box\n")},
			"sys/fs/cgroup/a.slice/x":      {Mode: fs.ModeDir | 0o755},
			"run/netns/blue":               {Sys: &syscall.Stat_t{Ino: 4026531840, Uid: 7}},
			"proc/sys/kernel/osrelease":    {Data: []byte("6.18.0\n")},
			"proc/sys/net/ipv4/empty_file": {},
		},
		Owners: finder{},
	}
}

type finder struct{}

func (finder) Find(context.Context) (*owners.Table, error) {
	table := owners.NewTable([]owners.Held{
		{Inode: 9, Owner: owners.Owner{PID: 2, Process: "b\xff", FD: 3}}, {Inode: 1 << 40, Owner: owners.Owner{PID: 1, Process: "a", FD: 0}},
		{Inode: 9, Owner: owners.Owner{PID: 1, Process: "a", FD: 7}},
	})
	table.Unreadable, table.Complete = 5, true
	return table, nil
}

var (
	links     = netlink.Request{Protocol: unix.NETLINK_ROUTE, Type: unix.RTM_GETLINK, Payload: make([]byte, unix.SizeofIfInfomsg)}
	addresses = netlink.Request{Protocol: unix.NETLINK_ROUTE, Type: unix.RTM_GETADDR, Payload: make([]byte, unix.SizeofIfAddrmsg)}
	unheard   = netlink.Request{Protocol: unix.NETLINK_XFRM, Type: 257, Payload: []byte{2, 0, 0, 0}, Flags: 4}
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
	for _, name := range []string{"etc/services", "proc/net/tcp", "nothing", "proc/sys/net/ipv4/empty_file", "run/netns"} {
		content, err := fs.ReadFile(system.Files, name)
		note(name, string(content), err)
		info, err := fs.Stat(system.Files, name)
		if err == nil {
			note(name, fmt.Sprint(info.Name(), info.Mode(), info.Size(), info.IsDir()), nil)
		} else {
			note(name, nil, err)
		}
	}
	err := fs.WalkDir(system.Files, "run", func(path string, entry fs.DirEntry, err error) error {
		note(path, fmt.Sprint(entry.Name(), entry.IsDir(), entry.Type()), err)
		info, err := entry.Info()
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			note(path, fmt.Sprint(stat.Ino, stat.Uid), err)
		}
		return nil
	})
	note("walk", nil, err)
	namespace, err := system.Namespace()
	note("namespace", namespace, err)
	table, err := system.Owners.Find(t.Context())
	note("owners", slices.Collect(table.All()), err)
	note("owners", fmt.Sprint(table.Unreadable, table.Complete), nil)
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
			t.Fatalf("line %d: the capture says\n%q\nand the stack\n%q", i, got[i:min(i+1, len(got))], want[i:min(i+1, len(want))])
		}
	}
	m := c.Manifest
	if m.Host != "box" || m.Kernel != "6.18.0" || m.Namespace != "blue" || m.Netql != "test 1" || m.Redacted || m.Duration <= 0 ||
		!slices.Equal(m.Warnings, []string{"a warning"}) || !strings.HasPrefix(m.String(), "box, Linux 6.18.0, namespace blue, 20") {
		t.Errorf("%+v, %s", m, m)
	}
	_, err = dump(t, c.System(), addresses)
	if !errors.Is(err, netlink.ErrInterrupted) {
		t.Errorf("%v is not ErrInterrupted", err)
	}
	if _, err = dump(t, c.System(), unheard); !errors.Is(err, unix.EOPNOTSUPP) || !errors.Is(netlink.OrNoModule(err), netlink.ErrNoModule) {
		t.Errorf("%v is not EOPNOTSUPP", err)
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
	for _, name := range []string{"etc/passwd", "run/netns/red", "nothing/below", "proc/net/udp"} {
		_, err := fs.Stat(system.Files, name)
		files[name] = err
	}
	for name, err := range files {
		gone := name == "run/netns/red" || name == "nothing/below"
		if err == nil || gone != errors.Is(err, fs.ErrNotExist) || !gone && !strings.Contains(err.Error(), "the capture does not hold") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if info, err := fs.Stat(system.Files, "run/netns"); err != nil || !info.IsDir() {
		t.Errorf("a directory that was listed: %v", err)
	}
	empty := (&Capture{facts: newFacts()}).System()
	if _, err := empty.Owners.Find(t.Context()); err == nil || !strings.Contains(err.Error(), "does not hold the owners") {
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
	r := NewRecorder(t.Context(), &sources.System{Files: torn{}, Owners: finder{}, Netlink: stack().Netlink})
	for _, system := range []func() *sources.System{r.System, func() *sources.System { return reopened(t, r) }} {
		file, err := system().Files.Open("torn")
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(file)
		if string(content) != "half" || !errors.Is(err, syscall.EIO) {
			t.Errorf("%q, %v", content, err)
		}
	}
}

type torn struct{}

func (torn) Open(string) (fs.File, error) { return tornFile{strings.NewReader("half")}, nil }

type tornFile struct{ io.Reader }

func (f tornFile) Read(b []byte) (int, error) {
	n, err := f.Reader.Read(b)
	if err == io.EOF {
		err = syscall.EIO
	}
	return n, err
}
func (tornFile) Close() error               { return nil }
func (tornFile) Stat() (fs.FileInfo, error) { return nil, syscall.EIO }

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
