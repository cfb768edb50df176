package capture

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// save writes a file under a temporary name beside its own, and renames it when all of it is on the disk.
func save(ctx context.Context, path string, write func(*counter) error) (size int64, err error) {
	path, err = target(path)
	if err != nil {
		return 0, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".netql-*") // 0600
	if err != nil {
		return 0, about(path, err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
			err = about(path, err)
		}
	}()
	w := &counter{ctx: ctx, file: f}
	err = write(w)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return 0, err
	}
	return w.size, os.Rename(f.Name(), path)
}

// about lets an error name the file that somebody asked for in place of the temporary one.
func about(path string, err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return &fs.PathError{Op: at.Op, Path: path, Err: at.Err}
	}
	return err
}

// target is the file that will be replaced. One that is not a plain file, such as a device or a link that leads nowhere, is
// not ours to replace.
func target(path string) (string, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if info, err = os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return path, nil
		}
	}
	switch {
	case err != nil:
		return "", err
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s is not a plain file", path)
	}
	return filepath.EvalSymlinks(path)
}

// A counter writes to a file until a context ends.
type counter struct {
	ctx  context.Context
	file *os.File
	size int64
}

func (c *counter) Write(b []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, context.Cause(c.ctx)
	}
	n, err := c.file.Write(b)
	c.size += int64(n)
	return n, err
}
