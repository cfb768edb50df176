package procfs

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"netql/sources/vfs"
)

// A columnReader reads a field of one column into a record.
type columnReader[T any] func(*T, string) error

// A layout is the columns of a file, as found by name in its first line, and their readers.
type layout[T any] []column[T]

type column[T any] struct {
	name  string
	index int // of the field in a line
	read  columnReader[T]
}

// newLayout finds the columns in the header; those that have no reader are skipped. A joined column shares its field
// with the one before it. A layout is never nil, so that a file has one header.
func newLayout[T any](header []string, readers map[string]columnReader[T], joined map[string]bool) layout[T] {
	columns := layout[T]{}
	index := -1
	for _, name := range header {
		if !joined[name] {
			index++
		}
		if read, ok := readers[name]; ok && index >= 0 {
			columns = append(columns, column[T]{name, index, read})
		}
	}
	return columns
}

func (columns layout[T]) parse(fields []string) (*T, error) {
	record := new(T)
	for _, c := range columns {
		if c.index >= len(fields) {
			return nil, fmt.Errorf("there is no %s", c.name)
		}
		if err := c.read(record, fields[c.index]); err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return record, nil
}

// parseTable reads a text whose first line heads its columns. An error is the last item; a line that cannot be read is
// reported after all that can.
func parseTable[T any](r io.Reader, readers map[string]columnReader[T], joined map[string]bool) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		var columns layout[T]
		var fault error
		for l, err := range lines(r) {
			if err != nil {
				fault = err
				break
			}
			if columns == nil {
				columns = newLayout(strings.Fields(l.text), readers, joined)
				continue
			}
			record, err := columns.parse(strings.Fields(l.text))
			if err != nil {
				if fault == nil {
					fault = l.fault("%w", err)
				}
				continue
			}
			if !yield(record, nil) {
				return
			}
		}
		if fault != nil {
			yield(nil, fault)
		}
	}
}

// readTable reads a file with a parser, and puts the file's name before errors.
func readTable[T any](files vfs.Files, path string, parse func(io.Reader) iter.Seq2[*T, error]) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		file, err := files.Open(path)
		if err != nil {
			yield(nil, err)
			return
		}
		defer file.Close()
		for record, err := range parse(file) {
			if err != nil {
				err = fmt.Errorf("%s: %w", path, err)
			}
			if !yield(record, err) {
				return
			}
		}
	}
}
