package procfs

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"netql/sources/vfs"
)

// A column is one that a file may have: its name in the header, and what reads its field in a line into a record.
type column[T any] struct {
	name  string
	field fieldKind
	read  func(record *T, field string) error
}

// A fieldKind says whether a column has a field of its own, or shares that of the column before it.
type fieldKind bool

const (
	own    fieldKind = false
	shared fieldKind = true
)

// A layout is the columns that a file has, with the index of their field in each line.
type layout[T any] []placedColumn[T]

type placedColumn[T any] struct {
	column[T]
	index int
}

// newLayout finds the known columns in a header, and skips others. It is never nil, so that a file has one header.
func newLayout[T any](header []string, known []column[T]) layout[T] {
	columns := layout[T]{}
	index := -1
	for _, name := range header {
		i := slices.IndexFunc(known, func(c column[T]) bool { return c.name == name })
		if i < 0 || known[i].field == own {
			index++
		}
		if i >= 0 && index >= 0 {
			columns = append(columns, placedColumn[T]{known[i], index})
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
func parseTable[T any](r io.Reader, known []column[T]) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		var columns layout[T]
		var fault error
		for l, err := range lines(r) {
			if err != nil {
				fault = err
				break
			}
			if columns == nil {
				columns = newLayout(strings.Fields(l.text), known)
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

// readTable opens a file and parses it as it is read. Errors begin with the path.
func readTable[T any](files vfs.Files, path string, parse func(io.Reader) iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		file, err := files.Open(path)
		if err != nil {
			var none T
			yield(none, err)
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
