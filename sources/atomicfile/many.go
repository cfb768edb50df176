package atomicfile

import (
	"crypto/rand"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"netql/sources/multierror"
)

// File is a file by its name in a directory, and what it has.
type File struct {
	Name string
	Data []byte
}

// WriteAllPrivateIn replaces files in a directory, which is open for reading, by others that their owner alone may
// read. It waits for the disk once for all of them, and when it returns they stay there even if the machine loses its
// power. If it fails, some may be replaced.
func WriteAllPrivateIn(dir *os.File, files []File) (err error) {
	temporary := make([]string, 0, len(files))
	defer func() {
		for _, name := range temporary {
			_ = unix.Unlinkat(int(dir.Fd()), name, 0) // which was renamed, unless there is an error already
		}
	}()
	for _, f := range files {
		name := ".netql-" + rand.Text()
		temporary = append(temporary, name)
		if err := writeIn(dir, name, f, len(files) == 1); err != nil {
			return err
		}
	}
	if len(files) > 1 {
		if err := unix.Syncfs(int(dir.Fd())); err != nil {
			return &fs.PathError{Op: "syncfs", Path: dir.Name(), Err: err}
		}
	}
	for i, f := range files {
		if err := unix.Renameat(int(dir.Fd()), temporary[i], int(dir.Fd()), f.Name); err != nil {
			return &fs.PathError{Op: "rename", Path: dir.Name() + "/" + f.Name, Err: err}
		}
	}
	return dir.Sync()
}

// writeIn writes what a file has into a new one with a temporary name. Where it is to, it waits for the disk.
func writeIn(dir *os.File, temporary string, f File, wait bool) error {
	path := dir.Name() + "/" + f.Name // which messages shall tell
	fd, err := openAt(int(dir.Fd()), temporary, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL, 0o600)
	if err != nil {
		return &fs.PathError{Op: "open", Path: path, Err: err}
	}
	file := os.NewFile(uintptr(fd), path)
	if _, err = file.Write(f.Data); err == nil && wait {
		err = file.Sync()
	}
	return multierror.Join(err, file.Close())
}
