package vfs

import (
	"io"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// Machine is the files of this machine.
const Machine = Dir("")

// Dir is the files below a directory of this machine, as if that were the root. It is no chroot: an absolute link in it
// leads out.
type Dir string

// Open implements Files.
func (d Dir) Open(path string) (io.ReadCloser, error) { return d.OpenAs(path, path) }

// OpenAs opens a file by one path; errors name another one, by which it was asked for. The file does not wait in the
// runtime's poller, as one of os.Open may: files of /proc/sys can be polled, and if a read said EAGAIN, it would wait
// until somebody changes the setting.
func (d Dir) OpenAs(path, asked string) (io.ReadCloser, error) {
	for {
		fd, err := unix.Open(string(d)+path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		switch err {
		case nil:
			return opened{os.NewFile(uintptr(fd), asked), asked}, nil
		case unix.EINTR:
		default:
			return nil, &fs.PathError{Op: "open", Path: asked, Err: err}
		}
	}
}

// opened is an open file whose errors name the path by which it was asked for.
type opened struct {
	file *os.File
	path string
}

func (o opened) Read(b []byte) (int, error) {
	n, err := o.file.Read(b)
	return n, Renamed(err, o.path)
}

func (o opened) Close() error { return o.file.Close() }

// ReadDir implements Files.
func (d Dir) ReadDir(path string) ([]Entry, error) {
	list, err := os.ReadDir(string(d) + path)
	var entries []Entry
	for _, e := range list {
		entries = append(entries, Entry{e.Name(), e.Type()})
	}
	return entries, Renamed(err, path)
}

// ReadLink implements Files.
func (d Dir) ReadLink(path string) (string, error) {
	target, err := os.Readlink(string(d) + path)
	return target, Renamed(err, path)
}

// Stat implements Files.
func (d Dir) Stat(path string) (Info, error) {
	info, err := os.Stat(string(d) + path)
	if err != nil {
		return Info{}, Renamed(err, path)
	}
	system, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return Info{Mode: info.Mode()}, nil
	}
	return Info{info.Mode(), uint64(system.Dev), system.Ino, uint64(max(0, info.Size()))}, nil
}
