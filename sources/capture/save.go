package capture

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"netql/sources/atomicfile"
)

// Save writes the capture to a file that only its owner may read, and replaces what was there. Where it fails, or the
// context ends, it leaves nothing behind. Before the file gets its name it is read as Open would read it, so that a
// capture which cannot be opened fails here and not later, on another machine.
func (r *Recorder) Save(ctx context.Context, path string, m Manifest) (size int64, err error) {
	err = atomicfile.WritePrivate(path, func(file *os.File) error {
		w := &counter{ctx: ctx, file: file}
		if err := write(w, m, r.facts); err != nil {
			return err
		}
		if err := readBack(file); err != nil {
			return fmt.Errorf("what was written cannot be read: %w", err)
		}
		size = w.size
		return context.Cause(ctx)
	})
	if errors.Is(err, atomicfile.ErrIrregular) {
		err = fmt.Errorf("%s is not a plain file", path)
	}
	return size, err
}

// readBack reads a capture that was just written.
func readBack(file *os.File) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := read(bufio.NewReaderSize(file, readBuffer))
	return err
}

// A counter writes to a file until the context ends, and counts the bytes.
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
