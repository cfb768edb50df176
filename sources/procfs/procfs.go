// Package procfs reads the kernel's text files under /proc, and files of names in /etc.
//
// Files come from a vfs.Files: those of the machine, a namespace or a capture. Every file has a parser that does no
// I/O.
package procfs

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"

	"netql/sources/vfs"
)

// parseFile opens a file and parses it. With an error it gives what the parser could read.
func parseFile[T any](files vfs.Files, path string, parse func(io.Reader) (T, error)) (value T, err error) {
	file, err := files.Open(path)
	if err != nil {
		return value, err
	}
	defer file.Close()
	if value, err = parse(file); err != nil {
		return value, fmt.Errorf("%s: %w", path, err)
	}
	return value, nil
}

// parseBytes is parseFile for a parser that takes the whole text.
func parseBytes[T any](files vfs.Files, path string, parse func([]byte) (T, error)) (value T, err error) {
	b, err := vfs.ReadFile(files, path)
	if err != nil {
		return value, err
	}
	if value, err = parse(b); err != nil {
		return value, fmt.Errorf("%s: %w", path, err)
	}
	return value, nil
}

// lines yields the lines of a text with their numbers, counted from 1. An error is the last item. A carriage return
// belongs to its line: the kernel writes none, but names in its files may hold one.
func lines(r io.Reader) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		scanner := bufio.NewScanner(r)
		scanner.Split(splitLine)
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

// splitLine cuts at newlines; it is a bufio.SplitFunc.
func splitLine(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

type line struct {
	number int
	text   string
}

// fault describes what is wrong with a line, which it shows.
func (l line) fault(format string, args ...any) error {
	return fmt.Errorf("line %d: %w: %.100q", l.number, fmt.Errorf(format, args...), l.text)
}
