package frame

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"

	"netql/query/schema"
)

// deflateAbove is how many bytes of values are sent as they are: what is shorter gains little, and takes the memory of
// a compressor.
const deflateAbove = 4 << 10

// How the values of a payload of rows are written.
const (
	plainRows    = 0
	deflatedRows = 1 // behind the number of bytes that they are inflated
)

// RowWriter collects rows for one payload.
type RowWriter struct {
	encoder  encoder
	rows     int
	whole    int // bytes of the rows that are whole
	deflated bytes.Buffer
	deflate  *flate.Writer // made when it is first needed
}

// Value appends the next value of the row.
func (w *RowWriter) Value(v schema.Scalar) error { return w.encoder.value(v.Any(), 0) }

// EndRow ends a row. Its error is for one that is too long to be sent, which is forgotten.
func (w *RowWriter) EndRow() error {
	if len(w.encoder.b)-w.whole > MaxPayload/2 {
		w.encoder.b = w.encoder.b[:w.whole]
		return errLongRow
	}
	w.rows++
	w.whole = len(w.encoder.b)
	return nil
}

type longRow struct{}

func (longRow) Error() string { return "a row takes more than 8 MiB" }

var errLongRow error = longRow{}

// Rows is how many rows there are, and Size how many bytes their values take.
func (w *RowWriter) Rows() int { return w.rows }

// Size is how many bytes the values take as they are.
func (w *RowWriter) Size() int { return w.whole }

// Take is the payload of the rows, and begins another. It is the writer's again at the next Take.
func (w *RowWriter) Take() ([]byte, error) {
	data := w.encoder.b[:w.whole]
	w.deflated.Reset()
	head := binary.AppendUvarint(nil, uint64(w.rows))
	if len(data) <= deflateAbove {
		w.deflated.Write(append(head, plainRows))
		w.deflated.Write(data)
	} else {
		w.deflated.Write(binary.AppendUvarint(append(head, deflatedRows), uint64(len(data))))
		if err := w.compress(data); err != nil {
			return nil, err
		}
	}
	w.encoder.b, w.encoder.shapes = w.encoder.b[:0], w.encoder.shapes[:0]
	w.rows, w.whole = 0, 0
	return w.deflated.Bytes(), nil
}

func (w *RowWriter) compress(data []byte) (err error) {
	if w.deflate == nil {
		if w.deflate, err = flate.NewWriter(&w.deflated, flate.BestSpeed); err != nil {
			return err
		}
	} else {
		w.deflate.Reset(&w.deflated)
	}
	if _, err = w.deflate.Write(data); err != nil {
		return err
	}
	return w.deflate.Close()
}

// CountRows is how many rows a payload says that it has.
func CountRows(payload []byte) (int, error) {
	n, size := binary.Uvarint(payload)
	if size <= 0 || n > MaxPayload {
		return 0, broken("rows without their number")
	}
	return int(n), nil
}

// RowReader decodes payloads of rows.
type RowReader struct {
	types   []schema.Type
	known   [][]schema.Field
	inflate io.ReadCloser // made when it is first needed
	row     []schema.Scalar
}

// NewRowReader is a reader of rows with the values of these columns.
func NewRowReader(columns []*schema.Column) *RowReader {
	r := &RowReader{types: make([]schema.Type, len(columns)), row: make([]schema.Scalar, len(columns))}
	for i, c := range columns {
		r.types[i] = c.Type
		r.learn(c.Type)
	}
	return r
}

// learn notes the fields of records of a type.
func (r *RowReader) learn(t schema.Type) {
	if t.Elem != nil {
		r.learn(*t.Elem)
	}
	if t.Kind == schema.Object {
		r.known = append(r.known, t.Fields)
	}
	for _, f := range t.Fields {
		r.learn(f.Type)
	}
}

// Each calls yield with each row of a payload until that is false. The slice is the reader's again when yield returns.
// Its error is for a payload that is no rows: those that were given before are as they were sent.
func (r *RowReader) Each(payload []byte, yield func([]schema.Scalar) bool) error {
	rows, err := CountRows(payload)
	if err != nil {
		return err
	}
	_, n := binary.Uvarint(payload)
	data, err := r.data(payload[n:])
	if err != nil {
		return err
	}
	d := decoder{rest: data, known: r.known}
	for range rows {
		for i := range r.row {
			r.row[i] = d.of(&r.types[i])
		}
		if d.err != nil {
			return d.err
		}
		if !yield(r.row) {
			return nil
		}
	}
	if d.rest != "" {
		return broken("more values than %d rows have", rows)
	}
	return nil
}

// data is the values of rows behind their number, inflated.
func (r *RowReader) data(payload []byte) (string, error) {
	if len(payload) == 0 || payload[0] > deflatedRows {
		return "", broken("rows in an unknown form")
	}
	if payload[0] == plainRows {
		return string(payload[1:]), nil
	}
	size, n := binary.Uvarint(payload[1:])
	if n <= 0 || size > MaxPayload {
		return "", broken("rows of %d bytes", size)
	}
	if size > uint64(len(payload))*maxDeflation {
		return "", broken("%d bytes in %d", size, len(payload))
	}
	source := bytes.NewReader(payload[1+n:])
	if r.inflate == nil {
		r.inflate = flate.NewReader(source)
	} else if err := r.inflate.(flate.Resetter).Reset(source, nil); err != nil {
		return "", err
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(r.inflate, data); err != nil {
		return "", broken("rows that cannot be inflated: %v", err)
	}
	if n, err := r.inflate.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		return "", broken("more bytes than the rows have")
	}
	return string(data), nil
}

// maxDeflation is how many times shorter deflate can make bytes: a little more than RFC 1951 allows.
const maxDeflation = 1040
