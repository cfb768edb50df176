// Package atomicfile replaces a file in one step. What is written goes into a temporary file beside it, which is
// renamed when all of it is on the disk. If anything fails, nothing is left behind, and what was there before stays.
// Of a link the file is replaced that it leads to, unless it is another user's in a directory open to all (/tmp).
package atomicfile

import (
	"crypto/rand"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"netql/sources/multierror"
)

// Write replaces a file by what a function writes. The new file keeps the permissions of the old one; where there was
// none, it has those that the umask leaves; where it was another user's, those that both allow.
func Write(path string, write func(*os.File) error) error {
	p, err := resolve(path)
	if err != nil {
		return err
	}
	switch {
	case !p.exists:
		return p.replace(0o666, nil, write)
	case p.old.Uid != uint32(os.Geteuid()):
		return p.replace(p.old.Mode&0o666, nil, write)
	}
	return p.replace(0o600, &p.old, write)
}

// WritePrivate is Write for a file that its owner alone may read, whatever it was before.
func WritePrivate(path string, write func(*os.File) error) error {
	p, err := resolve(path)
	if err != nil {
		return err
	}
	return p.replace(0o600, nil, write)
}

// WritePrivateIn is WritePrivate for a name in a directory, where a link is no regular file.
func WritePrivateIn(dir *os.File, name string, write func(*os.File) error) error {
	p, err := resolveIn(dir, name)
	if err != nil {
		return err
	}
	return p.replace(0o600, nil, write)
}

// replace creates the new file with the mode, less the umask, and in the end gives it the permissions of like, if it is
// not nil. It closes the target's directory.
func (p *target) replace(mode uint32, like *unix.Stat_t, write func(*os.File) error) error {
	defer p.dir.Close()
	dir := int(p.dir.Fd())
	temporary := ".netql-" + rand.Text()
	fd, err := openAt(dir, temporary, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL, mode)
	if err != nil {
		return &fs.PathError{Op: "open", Path: p.path, Err: err}
	}
	file := os.NewFile(uintptr(fd), p.path) // which messages shall tell
	err = write(file)
	if err == nil && like != nil {
		err = file.Chmod(fs.FileMode(like.Mode & 0o777))
	}
	if err == nil {
		err = file.Sync()
	}
	if err = multierror.Join(err, file.Close()); err == nil {
		if err = unix.Renameat(dir, temporary, dir, p.name); err != nil {
			err = &fs.PathError{Op: "rename", Path: p.path, Err: err}
		}
	}
	if err != nil {
		_ = unix.Unlinkat(dir, temporary, 0) // it has failed already
	}
	return err
}
