// Package vfstest makes files up for tests.
package vfstest

import (
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"syscall"

	"netql/sources/vfs"
)

// Files are files by their absolute paths. The directories that lead to them are there, too.
type Files map[string]File

// A File is a file with a text unless it is something else.
type File struct {
	Text   string
	Dir    bool   // an empty directory
	Link   string // where a symbolic link leads. It is not followed: Stat tells what is said here
	Device uint64
	Inode  uint64
	Err    error // what comes of any question about it, in place of an answer
}

// find finds a file for a system call.
func (f Files) find(call, path string) (File, error) {
	file, ok := f[path]
	if !ok {
		file.Dir = path == "/" || len(f.below(path)) > 0
		if !file.Dir {
			file.Err = syscall.ENOENT
		}
	}
	if file.Err != nil {
		return file, &fs.PathError{Op: call, Path: path, Err: file.Err}
	}
	return file, nil
}

// below are the types of the files in a directory, by name.
func (f Files) below(dir string) map[string]fs.FileMode {
	types := map[string]fs.FileMode{}
	for path, file := range f {
		rest, ok := strings.CutPrefix(path, strings.TrimSuffix(dir, "/")+"/")
		if !ok || rest == "" {
			continue
		}
		name, deeper, _ := strings.Cut(rest, "/")
		if types[name] = file.mode().Type(); deeper != "" {
			types[name] = fs.ModeDir
		}
	}
	return types
}

func (f File) mode() fs.FileMode {
	switch {
	case f.Dir:
		return fs.ModeDir | 0o555
	case f.Link != "":
		return fs.ModeSymlink | 0o777
	}
	return 0o444
}

// Open implements vfs.Files. As in Linux a directory is opened, and cannot be read.
func (f Files) Open(path string) (io.ReadCloser, error) {
	file, err := f.find("open", path)
	if err != nil {
		return nil, err
	}
	if file.Dir {
		return io.NopCloser(Failing{&fs.PathError{Op: "read", Path: path, Err: syscall.EISDIR}}), nil
	}
	return io.NopCloser(strings.NewReader(file.Text)), nil
}

// ReadDir implements vfs.Files.
func (f Files) ReadDir(path string) ([]vfs.Entry, error) {
	file, err := f.find("open", path)
	if err != nil {
		return nil, err
	}
	if !file.Dir {
		return nil, &fs.PathError{Op: "open", Path: path, Err: syscall.ENOTDIR}
	}
	types := f.below(path)
	var entries []vfs.Entry
	for _, name := range slices.Sorted(maps.Keys(types)) {
		entries = append(entries, vfs.Entry{Name: name, Type: types[name]})
	}
	return entries, nil
}

// ReadLink implements vfs.Files.
func (f Files) ReadLink(path string) (string, error) {
	file, err := f.find("readlink", path)
	if err == nil && file.Link == "" {
		err = &fs.PathError{Op: "readlink", Path: path, Err: syscall.EINVAL}
	}
	return file.Link, err
}

// Stat implements vfs.Files.
func (f Files) Stat(path string) (vfs.Info, error) {
	file, err := f.find("stat", path)
	if err != nil {
		return vfs.Info{}, err
	}
	return vfs.Info{Mode: file.mode() &^ fs.ModeSymlink, Device: file.Device, Inode: file.Inode}, nil
}

// Failing fails whenever it is read.
type Failing struct{ Err error }

func (f Failing) Read([]byte) (int, error) { return 0, f.Err }
