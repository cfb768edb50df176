package capture

import (
	"bytes"
	"io"

	"netql/sources/vfs"
)

// fileFacts are the answers about one path; nil for what was not asked.
type fileFacts struct {
	content *content
	listing *listing
	link    *link
	stat    *stat
}

// A content is what a file holds. The failure is that of opening it or, once it is opened, of reading on behind the
// data.
type content struct {
	opened  bool
	data    []byte
	failure *failure
}

// A listing is what a directory holds.
type listing struct {
	entries []vfs.Entry
	failure *failure
}

// A link is where a symbolic link leads.
type link struct {
	target  string
	failure *failure
}

// A stat is what stat(2) says.
type stat struct {
	vfs.Info
	failure *failure
}

// A factSource gives facts about paths: from files, which it records, or from a capture.
type factSource interface {
	content(path string) *content
	listing(path string) *listing
	link(path string) *link
	stat(path string) *stat
}

// factFiles implements vfs.Files by facts.
type factFiles struct{ factSource }

// Open implements vfs.Files.
func (f factFiles) Open(path string) (io.ReadCloser, error) {
	c := f.content(path)
	if !c.opened {
		return nil, c.failure
	}
	reader := io.Reader(bytes.NewReader(c.data))
	if c.failure != nil {
		reader = io.MultiReader(reader, failing{c.failure})
	}
	return io.NopCloser(reader), nil
}

// failing is a reader that fails, behind the data of a file that could not be read to its end.
type failing struct{ failure *failure }

func (f failing) Read([]byte) (int, error) { return 0, f.failure }

// ReadDir implements vfs.Files.
func (f factFiles) ReadDir(path string) ([]vfs.Entry, error) {
	l := f.listing(path)
	return l.entries, l.failure.err()
}

// ReadLink implements vfs.Files.
func (f factFiles) ReadLink(path string) (string, error) {
	l := f.link(path)
	return l.target, l.failure.err()
}

// Stat implements vfs.Files.
func (f factFiles) Stat(path string) (vfs.Info, error) {
	s := f.stat(path)
	return s.Info, s.failure.err()
}
