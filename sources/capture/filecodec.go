package capture

import (
	"io/fs"
	"math"
	"strings"
	"time"
)

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
	for n := d.uint(); n > 0 && d.item(); n-- {
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
