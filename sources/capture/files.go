package capture

import (
	"io"
	"io/fs"
	"path"
	"syscall"
	"time"
)

// fileFacts are what was asked about one path; nil is not asked.
type fileFacts struct {
	content     *content
	listing     *listing
	link        *link
	stat, lstat *stat
}

// A content is what a file holds. The failure is that of opening it or, once it is opened, of reading on behind the data.
type content struct {
	opened  bool
	data    []byte
	failure *failure
}

// A listing is what a directory holds.
type listing struct {
	entries []listed
	failure *failure
}

type listed struct {
	name string
	mode fs.FileMode // the type only
}

// A link is where a symbolic link leads.
type link struct {
	target  string
	failure *failure
}

// A stat is what stat(2) says, as far as anybody reads it.
type stat struct {
	mode     fs.FileMode
	size     int64
	modified time.Time
	system   bool // what follows is known
	device   uint64
	inode    uint64
	uid, gid uint32
	failure  *failure
}

func statOf(info fs.FileInfo, err error) *stat {
	if err != nil {
		return &stat{failure: failureOf(err)}
	}
	s := &stat{mode: info.Mode(), size: info.Size(), modified: info.ModTime()}
	if system, ok := info.Sys().(*syscall.Stat_t); ok {
		s.system, s.device, s.inode, s.uid, s.gid = true, uint64(system.Dev), system.Ino, system.Uid, system.Gid
	}
	return s
}

// fileInfo is a stat with the name that a caller knows the file by.
type fileInfo struct {
	name string
	*stat
}

func (i fileInfo) Name() string       { return i.name }
func (i fileInfo) Size() int64        { return i.size }
func (i fileInfo) Mode() fs.FileMode  { return i.mode }
func (i fileInfo) ModTime() time.Time { return i.modified }
func (i fileInfo) IsDir() bool        { return i.mode.IsDir() }

// Sys has the fields of a *syscall.Stat_t that were recorded, as os has it; nil where the file system had none.
func (i fileInfo) Sys() any {
	if !i.system {
		return nil
	}
	return &syscall.Stat_t{
		Dev: i.device, Ino: i.inode, Uid: i.uid, Gid: i.gid, Size: i.size, Mtim: syscall.NsecToTimespec(i.modified.UnixNano()),
	}
}

// An asker is a file system whose answers are facts: one that records, or one that replays.
type asker interface {
	content(name string) *content
	listing(name string) *listing
	link(name string) *link
	stat(name string) *stat
	lstat(name string) *stat
}

// fileSystem makes an io/fs file system of facts.
type fileSystem struct{ asker }

// Open opens a file, or a directory to be listed.
func (f fileSystem) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	c := f.content(name)
	if !c.opened {
		return nil, c.failure
	}
	return &file{system: f, name: name, content: c}, nil
}

// ReadFile implements fs.ReadFileFS.
func (f fileSystem) ReadFile(name string) ([]byte, error) {
	c := f.content(name)
	return append([]byte(nil), c.data...), c.failure.err()
}

// ReadDir implements fs.ReadDirFS.
func (f fileSystem) ReadDir(name string) ([]fs.DirEntry, error) {
	l := f.listing(name)
	var entries []fs.DirEntry
	for _, e := range l.entries {
		entries = append(entries, dirEntry{f, name, e})
	}
	return entries, l.failure.err()
}

// ReadLink implements fs.ReadLinkFS.
func (f fileSystem) ReadLink(name string) (string, error) {
	l := f.link(name)
	return l.target, l.failure.err()
}

// Stat implements fs.StatFS.
func (f fileSystem) Stat(name string) (fs.FileInfo, error) { return f.info(name, f.stat(name)) }

// Lstat implements fs.ReadLinkFS.
func (f fileSystem) Lstat(name string) (fs.FileInfo, error) { return f.info(name, f.lstat(name)) }

func (f fileSystem) info(name string, s *stat) (fs.FileInfo, error) {
	if s.failure != nil {
		return nil, s.failure
	}
	return fileInfo{path.Base(name), s}, nil
}

// dirEntry is an entry of a directory.
type dirEntry struct {
	system fileSystem
	dir    string
	listed
}

func (e dirEntry) Name() string               { return e.name }
func (e dirEntry) IsDir() bool                { return e.mode.IsDir() }
func (e dirEntry) Type() fs.FileMode          { return e.mode }
func (e dirEntry) Info() (fs.FileInfo, error) { return e.system.Lstat(path.Join(e.dir, e.name)) }

// file is an open file.
type file struct {
	system  fileSystem
	name    string
	content *content
	offset  int
}

func (f *file) Stat() (fs.FileInfo, error) { return f.system.Stat(f.name) }
func (f *file) Close() error               { return nil }

func (f *file) Read(b []byte) (int, error) {
	n := copy(b, f.content.data[f.offset:])
	f.offset += n
	switch {
	case n > 0 || len(b) == 0:
		return n, nil
	case f.content.failure != nil:
		return 0, f.content.failure
	}
	return 0, io.EOF
}
