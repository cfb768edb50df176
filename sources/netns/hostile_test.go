package netns_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/netns"
)

// TestCoveredMount: whoever has a mount namespace of his own may mount a network namespace, which its list of mounts
// tells ever after, and cover it with any file, or its directory with one that has a link there. Nothing but a
// namespace is ever opened, no link is followed, and what is covered does not count as gone: it would be hidden.
func TestCoveredMount(t *testing.T) {
	isolated(t, func(t *testing.T) {
		dir := t.TempDir()
		fifo, secret := dir+"/fifo", dir+"/secret"
		must(t, unix.Mkfifo(fifo, 0o600))
		must(t, os.WriteFile(secret, nil, 0o600))

		covered, below, missing, other := anonymous(t), anonymous(t), anonymous(t), anonymous(t)
		must(t, os.WriteFile(dir+"/covered", nil, 0o600))
		bind(t, fmt.Sprintf("/proc/self/fd/%d", covered.Fd()), dir+"/covered")
		bind(t, fifo, dir+"/covered")
		must(t, os.Mkdir(dir+"/below", 0o700))
		must(t, os.WriteFile(dir+"/below/link", nil, 0o600))
		bind(t, fmt.Sprintf("/proc/self/fd/%d", below.Fd()), dir+"/below/link")
		must(t, unix.Mount("none", dir+"/below", "tmpfs", 0, ""))
		t.Cleanup(func() { unix.Unmount(dir+"/below", unix.MNT_DETACH) })
		must(t, os.Symlink(secret, dir+"/below/link"))

		must(t, os.Mkdir(dir+"/empty", 0o700))
		must(t, os.WriteFile(dir+"/empty/file", nil, 0o600))
		bind(t, fmt.Sprintf("/proc/self/fd/%d", missing.Fd()), dir+"/empty/file")
		must(t, unix.Mount("none", dir+"/empty", "tmpfs", 0, ""))
		t.Cleanup(func() { unix.Unmount(dir+"/empty", unix.MNT_DETACH) })
		must(t, os.WriteFile(dir+"/other", nil, 0o600))
		bind(t, fmt.Sprintf("/proc/self/fd/%d", other.Fd()), dir+"/other")
		bind(t, "/run/netns/blue", dir+"/other")

		opened := watch(t, fifo, secret)
		inodes := map[uint64]bool{inodeOf(t, covered): true, inodeOf(t, below): true, inodeOf(t, missing): true,
			inodeOf(t, other): true}
		all, err := netns.List()
		var hidden *netns.Hidden
		if err != nil && !errors.As(err, &hidden) {
			t.Error(err)
		}
		for _, p := range all {
			if !inodes[p.Inode] {
				continue
			}
			delete(inodes, p.Inode)
			n, err := p.Open()
			if err == nil {
				n.Close()
				t.Errorf("%+v was opened", p)
			} else if errors.Is(err, netns.ErrUnknown) {
				t.Errorf("%+v counts as gone: %v", p, err)
			} else if strings.Count(err.Error(), "/root/") != 1 {
				t.Errorf("not one path: %v", err)
			}
		}
		if len(inodes) > 0 {
			t.Errorf("the list of mounts does not tell %v", inodes)
		}
		if names := opened(); len(names) > 0 {
			t.Errorf("opened: %v", names)
		}
	})
}

// bind mounts a file on another one for the rest of the test.
func bind(t *testing.T, from, to string) {
	t.Helper()
	must(t, unix.Mount(from, to, "", unix.MS_BIND, ""))
	t.Cleanup(func() { unix.Unmount(to, unix.MNT_DETACH) })
}

// watch says later which of the files somebody has opened (inotify(7)).
func watch(t *testing.T, paths ...string) (opened func() []string) {
	t.Helper()
	fd, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
	must(t, err)
	t.Cleanup(func() { unix.Close(fd) })
	watched := map[int32]string{}
	for _, path := range paths {
		number, err := unix.InotifyAddWatch(fd, path, unix.IN_OPEN)
		must(t, err)
		watched[int32(number)] = path
	}
	return func() (names []string) {
		t.Helper()
		buffer := make([]byte, unix.SizeofInotifyEvent) // one event: those of a file itself carry no name
		for {
			n, err := unix.Read(fd, buffer)
			if errors.Is(err, unix.EAGAIN) {
				return names
			}
			must(t, err)
			if n == len(buffer) {
				names = append(names, watched[int32(binary.NativeEndian.Uint32(buffer))])
			}
		}
	}
}
