package capture

import (
	"io"
	"io/fs"
	"math"
	"path"
	"strings"
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

// The kinds of facts in a file. The numbers are the file format's.
const (
	factContent = iota
	factListing
	factLink
	factStat
	factLstat
)

// failures are those of all that was asked, nil among them.
func (f *fileFacts) failures() (all []*failure) {
	if f.content != nil {
		all = append(all, f.content.failure)
	}
	if f.listing != nil {
		all = append(all, f.listing.failure)
	}
	if f.link != nil {
		all = append(all, f.link.failure)
	}
	for _, s := range []*stat{f.stat, f.lstat} {
		if s != nil {
			all = append(all, s.failure)
		}
	}
	return all
}

// append writes all facts about a path, each with the path.
func (f *fileFacts) append(b []byte, name string) []byte {
	head := func(kind int, failure *failure) {
		b = appendFailure(appendUint(appendBytes(b, name), kind), failure)
	}
	if c := f.content; c != nil {
		head(factContent, c.failure)
		b = appendBytes(appendBool(b, c.opened), c.data)
	}
	if l := f.listing; l != nil {
		head(factListing, l.failure)
		b = appendUint(b, len(l.entries))
		for _, e := range l.entries {
			b = appendUint(appendBytes(b, e.name), uint32(e.mode))
		}
	}
	if l := f.link; l != nil {
		head(factLink, l.failure)
		b = appendBytes(b, l.target)
	}
	if f.stat != nil {
		head(factStat, f.stat.failure)
		b = f.stat.append(b)
	}
	if f.lstat != nil {
		head(factLstat, f.lstat.failure)
		b = f.lstat.append(b)
	}
	return b
}

func (s *stat) append(b []byte) []byte {
	b = appendUint(appendUint(b, uint32(s.mode)), uint64(s.size))
	b = appendUint(b, uint64(s.modified.Unix()))
	b = appendBool(b, s.system)
	b = appendUint(appendUint(b, s.device), s.inode)
	return appendUint(appendUint(b, s.uid), s.gid)
}

// fileFact reads one fact into the facts about its path.
func (d *decoder) fileFact(all map[string]*fileFacts) {
	name := d.string()
	if d.err == nil && !fs.ValidPath(name) {
		d.fail("a path that is none: " + name)
	}
	kind, failure := d.upTo(factLstat), d.failure()
	f := all[name]
	if f == nil {
		f = &fileFacts{}
	}
	switch kind {
	case factContent:
		f.content = &content{d.bool(), d.bytes(), failure}
		if !f.content.opened && failure == nil {
			d.fail("a file that cannot be opened for no reason: " + name)
		}
	case factListing:
		f.listing = d.listing(failure)
	case factLink:
		f.link = &link{d.string(), failure}
	case factStat:
		f.stat = d.stat(failure)
	case factLstat:
		f.lstat = d.stat(failure)
	}
	if d.err == nil {
		all[name] = f
	}
}

func (d *decoder) listing(failure *failure) *listing {
	l := &listing{failure: failure}
	for n := d.uint(); n > 0 && d.err == nil; n-- {
		e := listed{d.string(), fs.FileMode(d.upTo(math.MaxUint32))}
		if d.err == nil && (e.name == "." || !fs.ValidPath(e.name) || strings.Contains(e.name, "/")) {
			d.fail("a directory entry that is none: " + e.name)
		}
		l.entries = append(l.entries, e)
	}
	return l
}

func (d *decoder) stat(failure *failure) *stat {
	s := &stat{mode: fs.FileMode(d.upTo(math.MaxUint32)), size: int64(d.upTo(math.MaxInt64)), failure: failure}
	s.modified = time.Unix(int64(d.uint()), 0)
	s.system = d.bool()
	s.device, s.inode = d.uint(), d.uint()
	s.uid, s.gid = uint32(d.upTo(math.MaxUint32)), uint32(d.upTo(math.MaxUint32))
	return s
}
