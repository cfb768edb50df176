package netns

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"sync"
)

// Files is the file system of the machine as it looks from inside a namespace: /proc/net, /proc/sys/net, our own namespace
// in /proc/self and the interfaces of /sys are those of the namespace, and everything else is what it is outside.
type Files struct {
	namespace *Namespace
	sysfs     func() (*sysfs, error)
}

// Files gives the file system. It may be used until the namespace is closed.
func (n *Namespace) Files() *Files { return &Files{n, sync.OnceValues(n.sysfs)} }

// inside are the paths that each thread sees in its own way, and how the thread says it about itself. /proc/net and
// /proc/self are about the whole process (proc(5)).
var inside = []struct{ path, thread string }{
	{"proc/net", "proc/thread-self/net"},
	{"proc/self/net", "proc/thread-self/net"},
	{"proc/self/ns/net", "proc/thread-self/ns/net"},
	{"proc/sys/net", "proc/sys/net"},
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

// ask asks one file of the right file system, in the right place.
func ask[T any](f *Files, name string, question func(fs.FS, string) (T, error)) (result T, err error) {
	if path, ok := ofThread(name); ok {
		err = f.namespace.Do(func() (err error) {
			result, err = question(os.DirFS("/"), path)
			return err
		})
		return result, renamed(err, name)
	}
	if path, ok := ofSysfs(name); ok {
		mount, err := f.sysfs()
		if err != nil {
			return result, &fs.PathError{Op: "open", Path: name, Err: errors.Join(fs.ErrNotExist, err)}
		}
		result, err = question(mount.FS, path)
		return result, renamed(err, name)
	}
	return question(os.DirFS("/"), name)
}

// renamed lets an error be about the file that was asked for.
func renamed(err error, name string) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return &fs.PathError{Op: at.Op, Path: name, Err: at.Err}
	}
	return err
}

// Open implements fs.FS. What an open file of /proc/net says does not depend on who reads it.
func (f *Files) Open(name string) (fs.File, error) { return ask(f, name, fs.FS.Open) }

// ReadFile implements fs.ReadFileFS.
func (f *Files) ReadFile(name string) ([]byte, error) { return ask(f, name, fs.ReadFile) }

// Stat implements fs.StatFS.
func (f *Files) Stat(name string) (fs.FileInfo, error) { return ask(f, name, fs.Stat) }

// Lstat implements fs.ReadLinkFS.
func (f *Files) Lstat(name string) (fs.FileInfo, error) { return ask(f, name, fs.Lstat) }

// ReadLink implements fs.ReadLinkFS.
func (f *Files) ReadLink(name string) (string, error) { return ask(f, name, fs.ReadLink) }

// ReadDir implements fs.ReadDirFS.
func (f *Files) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := ask(f, name, fs.ReadDir)
	for i, e := range entries {
		entries[i] = entry{e, f, strings.TrimPrefix(name+"/"+e.Name(), "./")}
	}
	return entries, err
}

// entry is one of a directory that asks about itself where the directory is.
type entry struct {
	fs.DirEntry
	files *Files
	path  string
}

func (e entry) Info() (fs.FileInfo, error) { return e.files.Lstat(e.path) }
