package render

import (
	"context"
	"io"
	"sync/atomic"
	"time"

	"netql/query/schema"
)

const (
	blockSize  = 32 << 10               // how many bytes are buffered before they are written
	flushAfter = 100 * time.Millisecond // the next row after this time flushes the buffer
)

// KeepsRows says whether rows are kept while later ones are read, in this format. Else each is read before the next.
func (o Options) KeepsRows() bool {
	format, err := o.Chosen()
	return err != nil || !format.Exact || o.Bars != nil || o.Graph != nil
}

// WriteError is a failed write to the output: a closed pipe, a full disk.
type WriteError struct{ Err error }

func (e *WriteError) Error() string { return "cannot write the output: " + e.Err.Error() }

func (e *WriteError) Unwrap() error { return e.Err }

// output buffers text and writes it in blocks. Formats append to buf. After the first failed write it drops everything.
type output struct {
	ctx   context.Context // its end ends the reading of rows
	w     io.Writer
	buf   []byte
	rows  int         // how many are read
	due   atomic.Bool // flushAfter has passed since buf was written
	timer *time.Timer // sets due: to ask for the time of each row takes longer than to write a number
	err   error       // of the first failed write
	live  bool        // every row is written at once
}

func newOutput(ctx context.Context, w io.Writer) *output {
	o := &output{ctx: ctx, w: w, buf: make([]byte, 0, blockSize+blockSize/4)}
	o.timer = time.AfterFunc(flushAfter, func() { o.due.Store(true) })
	return o
}

// close ends the timer. What is in the buffer stays there.
func (o *output) close() { o.timer.Stop() }

// ended says that the context has ended: values that were read of the current row may be those of interrupted
// evaluations.
func (o *output) ended() bool { return o.ctx.Err() != nil }

// each appends every row with appendRow, up to the first error of the rows or of the writer, which it returns. The row
// that is read when the context ends is left out.
func (o *output) each(rows Rows, appendRow func(b []byte, row schema.Row) []byte) error {
	return o.read(rows, func(row schema.Row) (whole bool) { return o.append(row, appendRow) })
}

// append appends a row, or nothing where the context has ended meanwhile: then it says that the row is not whole.
func (o *output) append(row schema.Row, appendRow func(b []byte, row schema.Row) []byte) (whole bool) {
	before := len(o.buf)
	o.buf = appendRow(o.buf, row)
	if o.ended() {
		o.buf = o.buf[:before]
		return false
	}
	return true
}

// read calls take with every row, up to the first error of the rows or of the writer. take says whether it got the
// whole row. Where it did not, the rows are asked once more: their last item is what ended them, and whoever stands
// between has to get it, too.
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
		if o.live || len(o.buf) >= blockSize || o.due.Load() {
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
	o.due.Store(false)
	o.timer.Reset(flushAfter)
	return o.err
}
