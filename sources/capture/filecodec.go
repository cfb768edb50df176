package capture

import (
	"io/fs"
	"math"
	"path"
	"strings"

	"netql/sources/vfs"
)

// The kinds of facts in a file. The numbers are the file format's.
const (
	factContent = iota
	factListing
	factLink
	factStat
	factLstat // of version 1: what lstat(2) says
)

// failures are those of all facts that are there; nil for one that has none.
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
	if f.stat != nil {
		all = append(all, f.stat.failure)
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
			b = appendUint(appendBytes(b, e.Name), uint32(e.Type))
		}
	}
	if l := f.link; l != nil {
		head(factLink, l.failure)
		b = appendBytes(b, l.target)
	}
	if s := f.stat; s != nil {
		head(factStat, s.failure)
		b = appendUint(appendUint(appendUint(appendUint(b, uint32(s.Mode)), s.Device), s.Inode), s.Size)
	}
	return b
}

// fileFact reads one fact into the facts about its path.
func (d *decoder) fileFact(all map[string]*fileFacts) {
	name := d.path()
	kind, failure := d.upTo(factLstat), d.failure()
	if d.version == 1 && failure != nil { // whose text has the path as it was then
		failure.text = strings.Replace(failure.text, " "+strings.TrimPrefix(name, "/")+": ", " "+name+": ", 1)
	}
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
	case factLstat: // the same as stat of what is no link
		if s := d.stat(failure); f.stat == nil && s.Mode&fs.ModeSymlink == 0 {
			f.stat = s
		}
	}
	if d.err == nil {
		all[name] = f
	}
}

// path reads the path of a file. Version 1 has it as io/fs does, without the slash, and "." for the root.
func (d *decoder) path() string {
	name := d.string()
	switch {
	case d.version != 1:
	case name == ".":
		name = "/"
	default:
		name = "/" + name
	}
	if d.err == nil && (!path.IsAbs(name) || path.Clean(name) != name) {
		d.fail("a path that is none: " + name)
	}
	return name
}

func (d *decoder) listing(failure *failure) *listing {
	l := &listing{failure: failure}
	n := d.uint()
	l.entries = make([]vfs.Entry, 0, d.capacityFor(n, memoryEntry, 2))
	for ; n > 0 && d.reserve(memoryEntry); n-- {
		e := vfs.Entry{Name: d.string(), Type: fs.FileMode(d.upTo(math.MaxUint32))}
		if d.err == nil && (e.Name == "" || e.Name == "." || e.Name == ".." || strings.Contains(e.Name, "/")) {
			d.fail("a directory entry that is none: " + e.Name)
		}
		l.entries = append(l.entries, e)
	}
	return l
}

// stat reads a vfs.Info. Version 1 of the format has more fields, which are skipped; version 2 has no size.
func (d *decoder) stat(failure *failure) *stat {
	s := &stat{failure: failure}
	s.Mode = fs.FileMode(d.upTo(math.MaxUint32))
	if d.version == 1 {
		d.uint() // the size
		d.uint() // when it was changed
		d.bool() // whether what follows is known
	}
	s.Device, s.Inode = d.uint(), d.uint()
	if d.version >= 3 {
		s.Size = d.uint()
	}
	if d.version == 1 {
		d.uint() // the user
		d.uint() // the group
	}
	return s
}
