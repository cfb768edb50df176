package tables_test

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/sources"
	"netql/sources/netlink"
	"netql/sources/procfs"
	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
	"netql/tables"
)

// TestUnreadable: where nothing of a table could be read there is an error, and where the machine has nothing to read,
// or some of it could be read, there is none.
func TestUnreadable(t *testing.T) {
	none, noFiles := silent(unix.EMFILE), vfs.Files(exhausted{vfstest.Files{}})
	for name, test := range map[string]struct {
		netlink  netlink.Transport
		files    vfs.Files
		query    string
		cause    error // of the error; nil if there is none
		warnings int
	}{
		"sockets, no descriptors": {none, noFiles, "sockets", unix.EMFILE, 7},
		"one protocol":            {none, noFiles, "sockets proto == tcp", unix.EMFILE, 0},
		"sockets, no permission":  {silent(unix.EPERM), noFiles, "sockets proto == udp", unix.EPERM, 0},
		"sockets but for ping's":  {none, files(procNetFiles), "sockets | select proto", nil, 3},
		// a file of each family
		"no ping's sockets":              {silent(nil), noFiles, "sockets | select proto", nil, 2},
		"counted":                        {none, noFiles, "sockets | count", unix.EMFILE, 7},
		"joined":                         {none, noFiles, "interfaces | join routes on name == dev", unix.EMFILE, 1},
		"routes":                         {none, noFiles, "routes", unix.EMFILE, 1},
		"neighbours of a torn answer":    {silent(unix.EBADMSG), noFiles, "neighbors family == inet", unix.EBADMSG, 0},
		"flows, no permission":           {silent(unix.EPERM), noFiles, "conntrack", fs.ErrPermission, 0},
		"flows, no module":               {silent(unix.EPROTONOSUPPORT), noFiles, "conntrack", nil, 1},
		"no file":                        {none, vfstest.Files{"/proc/net": {Dir: true}}, "softnet", nil, 1},
		"no /proc":                       {none, vfstest.Files{}, "softnet", procfs.ErrNotMounted, 0},
		"no descriptors for a file":      {none, noFiles, "softnet", unix.EMFILE, 0},
		"no descriptors for processes":   {none, noFiles, "processes", unix.EMFILE, 0},
		"nothing, which is all there is": {silent(nil), noFiles, "routes", nil, 0},
	} {
		a, err := run(t.Context(), &sources.System{Netlink: test.netlink, Files: test.files}, query.Compile, test.query)
		if err != nil {
			t.Fatal(err)
		}
		unreadable, ok := errors.AsType[*tables.Unreadable](a.err)
		if ok != (test.cause != nil) || !errors.Is(a.err, test.cause) || len(a.warnings) != test.warnings {
			t.Errorf("%s: %v, warnings %q", name, a.err, a.warnings)
			continue
		}
		if ok && (!strings.HasPrefix(unreadable.Error(), "no "+unreadable.What+" could be read: ") ||
			unreadable.Forbidden() != errors.Is(test.cause, fs.ErrPermission)) {
			t.Errorf("%s: %v, forbidden: %v", name, unreadable, unreadable.Forbidden())
		}
	}
}

// exhausted are files of a process that may open no more.
type exhausted struct{ vfs.Files }

func (exhausted) Open(path string) (io.ReadCloser, error) {
	return nil, &fs.PathError{Op: "open", Path: path, Err: unix.EMFILE}
}

func (exhausted) ReadDir(path string) ([]vfs.Entry, error) {
	return nil, &fs.PathError{Op: "open", Path: path, Err: unix.EMFILE}
}
