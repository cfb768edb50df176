package capture

import (
	"errors"
	"io"
	"sync"

	"netql/sources/vfs"
)

// recordingFiles reads the files of a stack and keeps the facts. It reads nothing twice.
type recordingFiles struct {
	files    vfs.Files
	lock     sync.Mutex
	known    map[string]*fileFacts
	settings int // how many files of /proc/sys are among them
}

// largestFile is how many bytes of a file are read. /proc/net/tcp has 150 bytes for a socket.
const largestFile = 64 << 20

var errLarge = errors.New("the file is larger than a capture takes")

// maxSettings is how many files of /proc/sys are kept: those of about 1,100 interfaces, which have 130 each. More would
// make captures too large to be read (maxMemory).
const maxSettings = 150_000

var errManySettings = errors.New("there are more settings than a capture takes")

// factsOf gives the facts about a path. The lock must be held.
func (r *recordingFiles) factsOf(name string) *fileFacts {
	f := r.known[name]
	if f == nil {
		f = &fileFacts{}
		r.known[name] = f
	}
	return f
}

// factOnce gives a kept fact about a path, or finds it and keeps it.
func factOnce[T any](r *recordingFiles, name string, fact func(*fileFacts) **T, find func() *T) *T {
	r.lock.Lock()
	defer r.lock.Unlock()
	f := fact(r.factsOf(name))
	if *f == nil {
		*f = find()
	}
	return *f
}

func (r *recordingFiles) content(name string) *content {
	if r.tooMany(name) {
		return &content{failure: failureOf(errManySettings)}
	}
	return factOnce(r, name, func(f *fileFacts) **content { return &f.content }, func() *content {
		return readContent(r.files, name)
	})
}

// tooMany says that a file of /proc/sys is one too many; it counts those that are not.
func (r *recordingFiles) tooMany(name string) bool {
	if !under(name, "/proc/sys") {
		return false
	}
	r.lock.Lock()
	defer r.lock.Unlock()
	if f := r.known[name]; f != nil && f.content != nil {
		return false
	}
	r.settings++
	return r.settings > maxSettings
}

func readContent(files vfs.Files, name string) *content {
	file, err := files.Open(name)
	if err != nil {
		return &content{failure: failureOf(err)}
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, largestFile+1))
	if len(data) > largestFile {
		data, err = data[:largestFile], errLarge
	}
	return &content{true, data, failureOf(err)}
}

func (r *recordingFiles) listing(name string) *listing {
	return factOnce(r, name, func(f *fileFacts) **listing { return &f.listing }, func() *listing {
		entries, err := r.files.ReadDir(name)
		return &listing{entries, failureOf(err)}
	})
}

func (r *recordingFiles) link(name string) *link {
	return factOnce(r, name, func(f *fileFacts) **link { return &f.link }, func() *link {
		target, err := r.files.ReadLink(name)
		return &link{target, failureOf(err)}
	})
}

func (r *recordingFiles) stat(name string) *stat {
	return factOnce(r, name, func(f *fileFacts) **stat { return &f.stat }, func() *stat {
		info, err := r.files.Stat(name)
		return &stat{info, failureOf(err)}
	})
}
