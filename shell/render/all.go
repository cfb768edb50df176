package render

import (
	"bytes"
	"context"
	"io"
	"slices"

	"netql/query/schema"
)

// Answer is the answer of one query; its rows can be read once.
type Answer struct {
	Columns []*schema.Column
	Rows    Rows
}

// WriteAll writes several answers. In JSON they are one array, because a document has only one value; in a stream of
// objects they follow each other; otherwise there is an empty line between them.
func WriteAll(ctx context.Context, w io.Writer, answers []Answer, options Options) error {
	format, err := options.Chosen()
	switch {
	case err != nil:
		return err
	case format.writeAll != nil && len(answers) > 1:
		return format.writeAll(ctx, w, answers, options)
	}
	for i, a := range answers {
		if i > 0 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return &WriteError{err}
			}
		}
		if _, err := format.writeTo(ctx, w, a.Columns, a.Rows, options); err != nil {
			return err
		}
	}
	return nil
}

// writeObjects writes the objects of all answers, one a line.
func writeObjects(ctx context.Context, w io.Writer, answers []Answer, options Options) error {
	for _, a := range answers {
		if _, err := (Format{write: writeNDJSON}).writeTo(ctx, w, a.Columns, a.Rows, options); err != nil {
			return err
		}
	}
	return nil
}

// writeArray puts the objects of all answers into one array. An error ends it well-formed.
func writeArray(ctx context.Context, w io.Writer, answers []Answer, options Options) error {
	array := &array{w: w}
	err := writeObjects(ctx, array, answers, options)
	if failure := array.close(); failure != nil {
		return &WriteError{failure}
	}
	return err
}

// array is a writer that makes one JSON array of the lines that it is given. Each line holds an object, in whose texts
// line ends are escaped.
type array struct {
	w    io.Writer
	rows int // how many objects are written
}

func (a *array) Write(lines []byte) (int, error) {
	var text []byte
	for object := range bytes.Lines(lines) {
		text = append(text, "[,"[min(a.rows, 1)], '\n')
		text = append(text, bytes.TrimSuffix(object, []byte("\n"))...)
		a.rows++
	}
	if _, err := a.w.Write(slices.Clip(text)); err != nil {
		return 0, err
	}
	return len(lines), nil
}

func (a *array) close() error {
	end := "\n]\n"
	if a.rows == 0 {
		end = "[]\n"
	}
	_, err := io.WriteString(a.w, end)
	return err
}
