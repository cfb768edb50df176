package capture

import (
	"errors"
	"io/fs"
	"path"
	"slices"

	"netql/sources/vfs"
)

// replayFiles gives recorded facts. What was not asked may follow from them: a file that its directory does not list
// does not exist, and one that was read does.
type replayFiles map[string]*fileFacts

func (r replayFiles) content(name string) *content {
	if f := r[name]; f != nil && f.content != nil {
		return f.content
	}
	return &content{failure: r.unknown("open", name)}
}

func (r replayFiles) listing(name string) *listing {
	if f := r[name]; f != nil && f.listing != nil {
		return f.listing
	}
	return &listing{failure: r.unknown("open", name)}
}

func (r replayFiles) link(name string) *link {
	if f := r[name]; f != nil && f.link != nil {
		return f.link
	}
	return &link{failure: r.unknown("readlink", name)}
}

func (r replayFiles) stat(name string) *stat {
	f := r[name]
	switch {
	case f == nil:
	case f.stat != nil:
		return f.stat
	case f.listing != nil && f.listing.failure == nil:
		return &stat{Info: vfs.Info{Mode: fs.ModeDir | 0o555}}
	case f.content != nil && f.content.opened:
		return &stat{Info: vfs.Info{Mode: 0o444}}
	}
	return &stat{failure: r.unknown("stat", name)}
}

// unknown is the failure for what was not asked: the file does not exist, or it was not recorded.
func (r replayFiles) unknown(operation, name string) *failure {
	err := notRecorded("%s", name)
	if r.absent(name) {
		err = fs.ErrNotExist
	}
	return failureOf(&fs.PathError{Op: operation, Path: name, Err: err})
}

// absent says whether a path is known not to exist: it, or a directory above it, does not exist or is not listed in the
// directory above.
func (r replayFiles) absent(name string) bool {
	for name != "/" {
		dir := path.Dir(name)
		if r.missing(name) || r.unlisted(dir, path.Base(name)) {
			return true
		}
		name = dir
	}
	return false
}

func (r replayFiles) missing(name string) bool {
	f := r[name]
	return f != nil && slices.ContainsFunc(f.failures(), func(failed *failure) bool {
		return errors.Is(failed.err(), fs.ErrNotExist)
	})
}

func (r replayFiles) unlisted(dir, name string) bool {
	f := r[dir]
	return f != nil && f.listing != nil && f.listing.failure == nil &&
		!slices.ContainsFunc(f.listing.entries, func(e vfs.Entry) bool { return e.Name == name })
}
