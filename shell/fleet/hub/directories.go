package hub

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"netql/shell/ownfile"
	"netql/sources/atomicfile"
)

// The directories of a hub's directory. Each has one file for each member, or for each key that is void.
const (
	hostsDir     = "hosts"
	usersDir     = "users"
	leafnodesDir = "leafnodes"
	revokedDir   = "revoked"
)

// member is a host, a user, or a server that is a leaf node, that has credentials. The credentials themselves are kept
// by the member alone.
type member struct {
	Name  string    `json:"name"`
	Key   string    `json:"key"`             // public
	Added time.Time `json:"added"`           //
	Hosts []string  `json:"hosts,omitempty"` // that a user may ask; nil for all
}

// directories are a hub's directory and those in it, open.
type directories struct {
	root *os.File
	of   map[string]*os.File
}

// openDirectories makes what is missing. All of it must be the user's own.
func openDirectories(path string) (*directories, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	d := &directories{of: map[string]*os.File{}}
	if d.root, err = ownfile.Directory(path, "."); err != nil {
		return nil, err
	}
	for _, name := range []string{hostsDir, usersDir, leafnodesDir, revokedDir} {
		if d.of[name], err = ownfile.Directory(path, name); err != nil {
			d.close()
			return nil, err
		}
	}
	if err := d.checkPrivate(); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// existingDirectories are those of a hub that has keys: a path that is mistyped makes no other hub.
func existingDirectories(path string) (*directories, error) {
	if !hasKeys(path) {
		return nil, fmt.Errorf("%s is no directory of a hub: it has no %s", path, keysFile)
	}
	return openDirectories(path)
}

// hasKeys says whether the directory is that of a hub.
func hasKeys(path string) bool {
	_, err := os.Lstat(filepath.Join(path, keysFile))
	return !errors.Is(err, fs.ErrNotExist)
}

// checkPrivate says why others could change what a hub's directories say, such as whose credentials are void.
func (d *directories) checkPrivate() error {
	for _, dir := range append(slices.Collect(maps.Values(d.of)), d.root) {
		info, err := dir.Stat()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o022 != 0 {
			return fmt.Errorf("%s: others may write to it (%v): chmod go-w", dir.Name(), info.Mode().Perm())
		}
	}
	return nil
}

func (d *directories) close() {
	d.root.Close()
	for _, dir := range d.of {
		dir.Close()
	}
}

// lockPatience is how long to wait for other programs that write to the hub's directory, of which a script may run many
// at a time. A slow disk may take seconds for what one of them writes.
const lockPatience = time.Minute

// lock keeps other programs from writing to the hub's directory until the function that it gives is called.
func (d *directories) lock() (func(), error) {
	locked, err := ownfile.Locked(d.root.Name(), ".", lockPatience)
	if err != nil {
		return nil, err
	}
	return func() { locked.Close() }, nil
}

// keys are the hub's keys, which are made if there are none yet.
func (d *directories) keys() (*keys, error) {
	unlock, err := d.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	return openKeys(d.root)
}

// locked are directories that were opened, locked until release is called, which closes them.
func locked(d *directories, err error) (_ *directories, release func(), _ error) {
	if err != nil {
		return nil, nil, err
	}
	unlock, err := d.lock()
	if err != nil {
		d.close()
		return nil, nil, err
	}
	return d, func() {
		unlock()
		d.close()
	}, nil
}

// read is the member of a file; nil if there is none.
func (d *directories) read(kind, name string) (*member, error) {
	var m member
	err := readPrivate(d.of[kind], name, &m)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return &m, err
}

// members are all members of a kind, by name.
func (d *directories) members(kind string) (map[string]*member, error) {
	names, err := d.names(kind)
	if err != nil {
		return nil, err
	}
	found := make(map[string]*member, len(names))
	for _, name := range names {
		m, err := d.read(kind, name)
		if err != nil {
			return nil, err
		}
		if m != nil {
			found[name] = m
		}
	}
	return found, nil
}

// names are the files of a directory, less those that are being written.
func (d *directories) names(kind string) ([]string, error) {
	// Opened again, because a directory that is read keeps its place.
	entries, err := os.ReadDir(d.of[kind].Name())
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".") {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// note notes members down, all at once.
func (d *directories) note(kind string, members []*member) error {
	files := make([]atomicfile.File, len(members))
	for i, m := range members {
		data, err := json.Marshal(m)
		if err != nil {
			return err
		}
		files[i] = atomicfile.File{Name: m.Name, Data: append(data, '\n')}
	}
	return atomicfile.WriteAllPrivateIn(d.of[kind], files)
}

// forget takes a member out whose credentials nobody has. That there is none is no error.
func (d *directories) forget(kind, name string) error {
	err := unix.Unlinkat(int(d.of[kind].Fd()), name, 0)
	if err == unix.ENOENT {
		return nil
	}
	return err
}

// errUnknown says that a name has no credentials.
var errUnknown = errors.New("there is none of that name")

// remove makes a member's credentials void.
func (d *directories) remove(kind, name string) error {
	m, err := d.read(kind, name)
	if err != nil {
		return err
	}
	if m == nil {
		return fmt.Errorf("%s: %w", name, errUnknown)
	}
	if err := writeJSON(d.of[revokedDir], m.Key, m); err != nil {
		return err
	}
	return d.forget(kind, name)
}
