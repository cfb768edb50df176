package netns

import (
	"io"
	"strings"

	"netql/sources/vfs"
)

// Files are the files of the machine as a process inside a namespace sees them: /proc/net, /proc/sys/net and
// /proc/self/ns/net are those of the namespace; all other files are the same everywhere. So are the interfaces in /sys,
// which are those of the namespace in which it was mounted, and which nothing reads for that reason.
type Files struct{ namespace *Namespace }

// Files gives the files. They may be used until the namespace is closed.
func (n *Namespace) Files() *Files { return &Files{n} }

// threadViews are the paths whose content depends on the namespace of the thread that opens them, and the path to open
// in a thread inside the namespace. /proc/net and /proc/self are those of the main thread (proc(5)).
var threadViews = []struct{ path, thread string }{
	{"/proc/net", "/proc/thread-self/net"},
	{"/proc/self/net", "/proc/thread-self/net"},
	{"/proc/self/ns/net", "/proc/thread-self/ns/net"},
	{"/proc/sys/net", "/proc/sys/net"},
}

// threadPath is the path to open in a thread inside the namespace; false for files that are the same everywhere.
func threadPath(name string) (path string, ok bool) {
	for _, p := range threadViews {
		if rest, found := strings.CutPrefix(name, p.path); found && (rest == "" || rest[0] == '/') {
			return p.thread + rest, true
		}
	}
	return "", false
}

// ask calls question with the path at which the namespace's version of a file is, in a thread inside the namespace if
// need be. Errors name the path that was asked for.
func ask[T any](f *Files, name string, question func(path string) (T, error)) (result T, err error) {
	path, ok := threadPath(name)
	if !ok {
		return question(name)
	}
	err = f.namespace.Do(func() (err error) {
		result, err = question(path)
		return err
	})
	return result, vfs.Renamed(err, name)
}

// Open implements vfs.Files. An open file of /proc/net stays in its namespace, whichever thread reads it.
func (f *Files) Open(path string) (io.ReadCloser, error) {
	return ask(f, path, func(inside string) (io.ReadCloser, error) { return vfs.Machine.OpenAs(inside, path) })
}

// ReadDir implements vfs.Files.
func (f *Files) ReadDir(path string) ([]vfs.Entry, error) { return ask(f, path, vfs.Machine.ReadDir) }

// ReadLink implements vfs.Files.
func (f *Files) ReadLink(path string) (string, error) { return ask(f, path, vfs.Machine.ReadLink) }

// Stat implements vfs.Files.
func (f *Files) Stat(path string) (vfs.Info, error) { return ask(f, path, vfs.Machine.Stat) }

// OpenRegular opens a file as vfs.Dir.OpenRegular does; for files that are the same everywhere.
func (f *Files) OpenRegular(path string) (io.ReadCloser, error) { return vfs.Machine.OpenRegular(path) }
