// Package procfs reads the kernel's text files under /proc and the two tables of names in /etc.
//
// Files are found in a file system rooted at "/", so that a captured one serves as well. Every file has a pure parser.
package procfs

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"iter"
)

// parseFile reads one file. It gives what it could read besides the error.
func parseFile[T any](files fs.FS, path string, parse func(io.Reader) ([]T, error)) ([]T, error) {
	file, err := files.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	list, err := parse(file)
	if err != nil {
		return list, fmt.Errorf("%s: %w", path, err)
	}
	return list, nil
}

// lines yields the lines of a text with their numbers, counted from 1. An error is the last item.
func lines(r io.Reader) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		scanner := bufio.NewScanner(r)
		number := 0
		for scanner.Scan() {
			number++
			if !yield(line{number, scanner.Text()}, nil) {
				return
			}
		}
		if err := scanner.Err(); err != nil {
			yield(line{}, fmt.Errorf("line %d: %w", number+1, err))
		}
	}
}

type line struct {
	number int
	text   string
}

// fault describes what is wrong with a line, which it shows.
func (l line) fault(format string, args ...any) error {
	return fmt.Errorf("line %d: %w: %.100q", l.number, fmt.Errorf(format, args...), l.text)
}
