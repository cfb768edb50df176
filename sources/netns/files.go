package netns

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"sync"

	"netql/sources/vfs"
)

// Files are the files of the machine as they look from inside a namespace: /proc/net, /proc/sys/net, our own
// namespace in /proc/self and the interfaces of /sys are those of the namespace, and everything else is what it is
// outside.
type Files struct {
	namespace *Namespace
	sysfs     func() (*sysfs, error)
}

// Files gives the files. They may be used until the namespace is closed.
func (n *Namespace) Files() *Files { return &Files{n, sync.OnceValues(n.sysfs)} }

// inside are the paths that each thread sees in its own way, and how the thread says it about itself. /proc/net and
// /proc/self are about the whole process (proc(5)).
var inside = []struct{ path, thread string }{
	{"/proc/net", "/proc/thread-self/net"},
	{"/proc/self/net", "/proc/thread-self/net"},
	{"/proc/self/ns/net", "/proc/thread-self/ns/net"},
	{"/proc/sys/net", "/proc/sys/net"},
}

// ofThread is the path of a file that must be asked for inside the namespace.
func ofThread(name string) (path string, ok bool) {
	for _, p := range inside {
		if rest, found := strings.CutPrefix(name, p.path); found && (rest == "" || rest[0] == '/') {
			return p.thread + rest, true
		}
	}
	return "", false
}

// ask asks about one file in the right place. Errors are about the path that was asked for.
func ask[T any](f *Files, name string, question func(vfs.Dir, string) (T, error)) (result T, err error) {
	if path, ok := ofThread(name); ok {
		err = f.namespace.Do(func() (err error) {
			result, err = question(vfs.Machine, path)
			return err
		})
		return result, vfs.Renamed(err, name)
	}
	if path, ok := ofSysfs(name); ok {
		mount, err := f.sysfs()
		if err != nil {
			return result, &fs.PathError{Op: "open", Path: name, Err: errors.Join(fs.ErrNotExist, err)}
		}
		result, err = question(mount.Dir, path)
		return result, vfs.Renamed(err, name)
	}
	return question(vfs.Machine, name)
}

// Open implements vfs.Files. What an open file of /proc/net says does not depend on who reads it.
func (f *Files) Open(path string) (io.ReadCloser, error) {
	return ask(f, path, func(dir vfs.Dir, inside string) (io.ReadCloser, error) { return dir.OpenAs(inside, path) })
}

// ReadDir implements vfs.Files.
func (f *Files) ReadDir(path string) ([]vfs.Entry, error) { return ask(f, path, vfs.Dir.ReadDir) }

// ReadLink implements vfs.Files.
func (f *Files) ReadLink(path string) (string, error) { return ask(f, path, vfs.Dir.ReadLink) }

// Stat implements vfs.Files.
func (f *Files) Stat(path string) (vfs.Info, error) { return ask(f, path, vfs.Dir.Stat) }
