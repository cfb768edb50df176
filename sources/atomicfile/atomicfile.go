// Package atomicfile replaces a file in one step. What is written goes into a temporary file beside it, which is
// renamed when all of it is on the disk. If anything fails, nothing is left behind, and what was there before stays.
package atomicfile

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrIrregular says that what would be replaced is a directory, a device, a FIFO or a link that leads nowhere.
var ErrIrregular = errors.New("it is no regular file")

// Write replaces a file by what a function writes. The new file keeps the permissions of the old one; where there was
// none, it has those that the umask leaves.
func Write(path string, write func(*os.File) error) error { return replace(path, false, write) }

// WritePrivate is Write for a file that its owner alone may read, whatever it was before.
func WritePrivate(path string, write func(*os.File) error) error { return replace(path, true, write) }

func replace(path string, private bool, write func(*os.File) error) (err error) {
	target, old, err := follow(path)
	if err != nil {
		return err
	}
	create := fs.FileMode(0o666)
	if private || old != nil {
		create = 0o600
	}
	temporary := filepath.Join(filepath.Dir(target), ".netql-"+rand.Text())
	defer func() { err = naming(err, temporary, path) }()
	file, err := os.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_EXCL, create)
	if err != nil {
		return err
	}
	err = write(file)
	if err == nil && old != nil && !private {
		err = file.Chmod(old.Mode().Perm())
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(temporary, target)
	}
	if err != nil {
		os.Remove(temporary)
	}
	return err
}

// follow finds the file behind links, and what it is; nil if there is none yet.
func follow(path string) (target string, old fs.FileInfo, err error) {
	old, err = os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if old, err = os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return path, nil, nil
		}
	}
	if err == nil && !old.Mode().IsRegular() {
		err = &fs.PathError{Op: "replace", Path: path, Err: ErrIrregular}
	}
	if err != nil {
		return "", nil, err
	}
	target, err = filepath.EvalSymlinks(path)
	return target, old, err
}

// naming lets an error about the temporary file name the one that somebody asked for. Others stay as they are.
func naming(err error, temporary, path string) error {
	var at *fs.PathError
	if errors.As(err, &at) && at.Path == temporary {
		return &fs.PathError{Op: at.Op, Path: path, Err: at.Err}
	}
	var link *os.LinkError
	if errors.As(err, &link) && link.Old == temporary {
		return &fs.PathError{Op: link.Op, Path: path, Err: link.Err}
	}
	return err
}
