package tables_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"slices"
	"sync"
	"testing/iotest"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/ethtool"
	"netql/sources/netlink"
	"netql/sources/owners"
	"netql/sources/vfs"
)

// A call is a question to a system: what is asked, and of what.
type call struct{ operation, of string }

func (c call) String() string { return c.operation + " " + c.of }

// A fault is how a call goes wrong. The fields that do not fit the call have no effect.
type fault struct {
	name  string
	errno unix.Errno // what the call fails with; 0 for none
	after bool       // only when half of the answer has come
	short bool       // of a file: a byte at a time, which is no failure
	intr  bool       // of a dump: NLM_F_DUMP_INTR
	torn  bool       // of a dump: the last message ends in its middle, and half of it is not there
}

// An injector is a system between the tables and another one. It notes the calls, and lets some fail.
type injector struct {
	system *sources.System
	fault  fault
	hits   func(call) bool // which calls fail

	lock  sync.Mutex
	calls []call // each once, in the order in which they came first
	known map[call]bool
	hit   int // how many failed
}

// inject makes the system whose calls fail; nil for none.
func inject(system *sources.System, f fault, hits func(call) bool) *injector {
	return &injector{system: system, fault: f, hits: hits, known: map[call]bool{}}
}

// System is the system with faults.
func (i *injector) System() *sources.System {
	system := *i.system
	system.Netlink, system.Files, system.Owners = faultyNetlink{i}, faultyFiles{i}, faultyOwners{i}
	if system.Ethtool != nil {
		system.Ethtool = faultyDevices{i}
	}
	return &system
}

// fails notes a call and says whether it fails.
func (i *injector) fails(operation, of string) bool {
	c := call{operation, of}
	i.lock.Lock()
	defer i.lock.Unlock()
	if !i.known[c] {
		i.known[c] = true
		i.calls = append(i.calls, c)
	}
	fails := i.hits != nil && i.hits(c)
	if fails {
		i.hit++
	}
	return fails
}

// faultyNetlink is a Transport. Its errors are as the kernel's transport gives them.
type faultyNetlink struct{ *injector }

func requestText(r netlink.Request) string {
	return fmt.Sprintf("%d/%d %x single=%v strict=%v", r.Protocol, r.Type, r.Payload, r.Single, r.Strict)
}

// Dump implements netlink.Transport.
func (t faultyNetlink) Dump(ctx context.Context, r netlink.Request) iter.Seq2[netlink.Message, error] {
	if !t.fails("dump", requestText(r)) {
		return t.system.Netlink.Dump(ctx, r)
	}
	return func(yield func(netlink.Message, error) bool) {
		messages, err := t.read(ctx, r)
		if t.fault.after || t.fault.torn {
			messages = messages[:(len(messages)+1)/2]
		}
		if t.fault.torn && len(messages) > 0 {
			last := &messages[len(messages)-1]
			last.Data = last.Data[:len(last.Data)/2|1] // attributes begin at multiples of 4
		}
		if t.fault.errno != 0 {
			err = fmt.Errorf("netlink: %w", &netlink.Error{Errno: t.fault.errno})
		}
		switch {
		case t.fault.errno != 0 && !t.fault.after:
			messages = nil
		case t.fault.intr && err == nil:
			err = fmt.Errorf("netlink: %w", netlink.ErrInterrupted)
		case t.fault.torn:
			err = fmt.Errorf("netlink: %w", netlink.ErrTruncated)
		}
		for _, m := range messages {
			if !yield(m, nil) {
				return
			}
		}
		if err != nil {
			yield(netlink.Message{}, err)
		}
	}
}

func (t faultyNetlink) read(ctx context.Context, r netlink.Request) (messages []netlink.Message, failure error) {
	for m, err := range t.system.Netlink.Dump(ctx, r) {
		if err != nil {
			return messages, err
		}
		m.Data = bytes.Clone(m.Data)
		messages = append(messages, m)
	}
	return messages, nil
}

// faultyFiles are files.
type faultyFiles struct{ *injector }

func (f faultyFiles) failure(operation, path string) error {
	return &fs.PathError{Op: operation, Path: path, Err: f.fault.errno}
}

// broken says whether a call fails before it gives anything.
func (f faultyFiles) broken(operation, path string) bool {
	return f.fails(operation, path) && f.fault.errno != 0 && !f.fault.after
}

// Open implements vfs.Files.
func (f faultyFiles) Open(path string) (io.ReadCloser, error) {
	fails := f.fails("open", path)
	if fails && f.fault.errno != 0 && !f.fault.after {
		return nil, f.failure("open", path)
	}
	file, err := f.system.Files.Open(path)
	if err != nil || !fails || !f.fault.short && f.fault.errno == 0 {
		return file, err
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err == nil && f.fault.errno != 0 {
		text, err = text[:len(text)/2], f.failure("read", path)
	}
	end := io.Reader(bytes.NewReader(nil))
	if err != nil {
		end = iotest.ErrReader(err)
	}
	return io.NopCloser(io.MultiReader(iotest.OneByteReader(bytes.NewReader(text)), end)), nil
}

// ReadDir implements vfs.Files.
func (f faultyFiles) ReadDir(path string) ([]vfs.Entry, error) {
	fails := f.fails("readdir", path)
	if fails && f.fault.errno != 0 && !f.fault.after {
		return nil, f.failure("open", path)
	}
	entries, err := f.system.Files.ReadDir(path)
	if fails && f.fault.errno != 0 && err == nil {
		return slices.Clone(entries[:len(entries)/2]), f.failure("readdirent", path)
	}
	return entries, err
}

// ReadLink implements vfs.Files.
func (f faultyFiles) ReadLink(path string) (string, error) {
	if f.broken("readlink", path) {
		return "", f.failure("readlink", path)
	}
	return f.system.Files.ReadLink(path)
}

// Stat implements vfs.Files.
func (f faultyFiles) Stat(path string) (vfs.Info, error) {
	if f.broken("stat", path) {
		return vfs.Info{}, f.failure("stat", path)
	}
	return f.system.Files.Stat(path)
}

// faultyOwners is a Finder.
type faultyOwners struct{ *injector }

// Find implements owners.Finder.
func (o faultyOwners) Find(ctx context.Context) (*owners.Table, error) {
	if o.fails("owners", "") && o.fault.errno != 0 {
		return nil, o.fault.errno
	}
	return o.system.Owners.Find(ctx)
}

// faultyDevices is a Device.
type faultyDevices struct{ *injector }

// Driver implements ethtool.Device.
func (d faultyDevices) Driver(ctx context.Context, name string) (ethtool.Driver, error) {
	if d.fails("driver", name) && d.fault.errno != 0 {
		return ethtool.Driver{}, d.fault.errno
	}
	return d.system.Ethtool.Driver(ctx, name)
}

// Statistics implements ethtool.Device.
func (d faultyDevices) Statistics(ctx context.Context, name string) ([]ethtool.Statistic, error) {
	if d.fails("statistics", name) && d.fault.errno != 0 {
		return nil, d.fault.errno
	}
	return d.system.Ethtool.Statistics(ctx, name)
}
