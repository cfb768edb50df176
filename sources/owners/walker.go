package owners

import (
	"bytes"
	"context"
	"errors"
	"strconv"

	"golang.org/x/sys/unix"

	"netql/sources/procfs"
)

// A walker finds the sockets of one process at a time. It belongs to one goroutine.
type walker struct {
	proc    int  // a file descriptor of /proc
	kcmp    bool // whether kcmp(2) can compare threads: /proc has the pids that system calls take
	sockets []socket

	names   []string // of the directory entries being read
	entries [8 << 10]byte
	link    [64]byte // longer than any "socket:[INODE]"
	stat    [1 << 10]byte
}

// process adds the sockets of one process, and finds its name if there are any. The process may exit at any moment,
// which is no error.
func (w *walker) process(ctx context.Context, index int32, p *process) error {
	dir, err := open(w.proc, strconv.Itoa(p.pid))
	if denied(err) { // by option hidepid=1 of /proc, which tells nothing but the number
		p.refused = true
		return nil
	}
	if err != nil {
		return unlessGone(err)
	}
	defer unix.Close(dir)
	before := len(w.sockets)
	err = w.files(ctx, dir, "fd", index)
	p.refused = denied(err)
	if err == nil || p.refused {
		err = w.threads(ctx, dir, index, p)
	}
	if err == nil && (p.refused || len(w.sockets) > before) {
		err = w.readName(dir, p)
	}
	if err != nil {
		w.sockets, p.refused = w.sockets[:before], false
	}
	return unlessGone(err)
}

// files adds the sockets among the open files of a process or thread, which the directory name lists. It stops without
// an error when the context ends; the caller looks at that.
func (w *walker) files(ctx context.Context, dir int, name string, process int32) error {
	fds, err := open(dir, name)
	if err != nil {
		return err
	}
	defer unix.Close(fds)
	for ctx.Err() == nil {
		n, err := unix.ReadDirent(fds, w.entries[:])
		if err != nil || n <= 0 {
			return err
		}
		_, _, w.names = unix.ParseDirent(w.entries[:n], -1, w.names[:0])
		for _, name := range w.names {
			if err := w.file(fds, name, process); err != nil {
				return err
			}
		}
	}
	return nil
}

// file adds an open file if it is a socket.
func (w *walker) file(fds int, name string, process int32) error {
	n, err := unix.Readlinkat(fds, name, w.link[:])
	if err != nil {
		return unlessGone(err) // closed meanwhile
	}
	inode, ok := parseLink(w.link[:n])
	if !ok {
		return nil
	}
	fd, err := strconv.ParseInt(name, 10, 32)
	if err != nil {
		return err
	}
	w.sockets = append(w.sockets, socket{inode, process, int32(fd)})
	return nil
}

// parseLink reads "socket:[INODE]" (sockfs_dname in net/socket.c).
func parseLink(text []byte) (inode uint64, ok bool) {
	digits, found := bytes.CutPrefix(text, []byte("socket:["))
	digits, closed := bytes.CutSuffix(digits, []byte("]"))
	if !found || !closed {
		return 0, false
	}
	inode, err := strconv.ParseUint(string(digits), 10, 64)
	return inode, err == nil
}

// readName finds the name of a process. It also corrects refused, where there is nothing to see: the kernel's own
// threads have no files, and neither has a zombie, unless only its first thread has exited.
func (w *walker) readName(dir int, p *process) error {
	stat, err := w.readStat(dir)
	if p.refused && denied(err) {
		return nil
	}
	ended := (stat.State == 'Z' || stat.State == 'X') && stat.Threads < 2
	p.name, p.refused = stat.Command, p.refused && !stat.Kernel && !ended
	return err
}

func (w *walker) readStat(dir int) (procfs.Stat, error) {
	fd, err := unix.Openat(dir, "stat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return procfs.Stat{}, err
	}
	defer unix.Close(fd)
	n, err := unix.Read(fd, w.stat[:])
	if err != nil {
		return procfs.Stat{}, err
	}
	return procfs.ParseStat(w.stat[:n])
}

func open(dir int, name string) (int, error) {
	return unix.Openat(dir, name, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
}

// unlessGone is the error, or nil if it says that the process or file descriptor has gone.
func unlessGone(err error) error {
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.ESRCH) {
		return nil
	}
	return err
}
