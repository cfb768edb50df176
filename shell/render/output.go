package render

import (
	"context"
	"io"
	"time"

	"netql/query/schema"
)

const (
	blockSize = 32 << 10               // bytes that are gathered before they are handed on
	patience  = 100 * time.Millisecond // how long a row may have to wait for the next one before it is seen
)

// WriteError says that rows could not be written: a closed pipe, a full disk.
type WriteError struct{ Err error }

func (e *WriteError) Error() string { return "cannot write the output: " + e.Err.Error() }

func (e *WriteError) Unwrap() error { return e.Err }

// output gathers text and hands it on in blocks. Formats append to buf. After the first failure it drops everything.
type output struct {
	ctx     context.Context // of the writing
	w       io.Writer
	buf     []byte
	rows    int
	flushed time.Time
	err     error
	live    bool // every row is handed on at once
}

func newOutput(ctx context.Context, w io.Writer) *output {
	return &output{ctx: ctx, w: w, buf: make([]byte, 0, blockSize+blockSize/4), flushed: time.Now()}
}

// ended says that nobody waits any more. What was read of a row until now may have been interrupted.
func (o *output) ended() bool { return o.ctx.Err() != nil }

// each appends every row with appendRow. It ends at the first error of the rows or of the writer.
func (o *output) each(rows Rows, appendRow func(b []byte, row schema.Row) []byte) error {
	return o.read(rows, func(row schema.Row) (whole bool) {
		before := len(o.buf)
		o.buf = appendRow(o.buf, row)
		if o.ended() {
			o.buf = o.buf[:before]
			return false
		}
		return true
	})
}

// read has take read every row, which says whether it got the whole row. Where it did not, the rows are asked once more:
// their last item is what ended them, of which who stands between has to hear, too.
func (o *output) read(rows Rows, take func(row schema.Row) (whole bool)) error {
	ended := false
	for row, err := range rows {
		switch {
		case err != nil:
			return err
		case ended:
			return context.Cause(o.ctx)
		case !take(row):
			ended = true
			continue
		}
		o.rows++
		if o.live || len(o.buf) >= blockSize || time.Since(o.flushed) >= patience {
			if err := o.flush(); err != nil {
				return err
			}
		}
	}
	if ended {
		return context.Cause(o.ctx)
	}
	return nil
}

func (o *output) flush() error {
	if o.err == nil && len(o.buf) > 0 {
		if _, err := o.w.Write(o.buf); err != nil {
			o.err = &WriteError{err}
		}
	}
	o.buf = o.buf[:0]
	o.flushed = time.Now()
	return o.err
}
