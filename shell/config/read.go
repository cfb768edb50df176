package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"netql/query/syntax"
	"netql/shell/ownfile"
)

const (
	// settingsName is the name of the file with settings.
	settingsName = "config"
	// suffix ends the names of files with named queries.
	suffix = ".nq"

	maxFiles = 100 // in a directory
)

// errLong is the error of a file that is longer than anybody writes.
var errLong = errors.New("it is longer than 256 KiB")

// Settings reads the file with settings; nil where there is none, which costs one system call.
func (d Directory) Settings() (*syntax.Source, error) {
	if !d.has(settingsName) {
		return nil, nil
	}
	dir, err := ownfile.Existing(d.Base, d.Below)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	return read(dir, settingsName)
}

// Queries reads the files with named queries, in the order of their names. The errors are of those that cannot be read.
func (d Directory) Queries() (sources []*syntax.Source, problems []error) {
	if !d.has("") {
		return nil, nil
	}
	dir, err := ownfile.Existing(d.Base, d.Below)
	if err != nil {
		return nil, []error{err}
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, []error{err}
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return filepath.Ext(name) != suffix || strings.HasPrefix(name, ".")
	})
	slices.Sort(names)
	if len(names) > maxFiles {
		problems = append(problems, fmt.Errorf("%s has more than %d files *%s: the others are not read", dir.Name(),
			maxFiles, suffix))
		names = names[:maxFiles]
	}
	for _, name := range names {
		source, err := read(dir, name)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		source.Shared = d == System()
		sources = append(sources, source)
	}
	return sources, problems
}

// read reads a file in a directory that is open.
func read(dir *os.File, name string) (*syntax.Source, error) {
	file, err := ownfile.OpenForReading(dir, name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, syntax.MaxSource+1))
	if err == nil && len(text) > syntax.MaxSource {
		err = &fs.PathError{Op: "read", Path: file.Name(), Err: errLong}
	}
	return &syntax.Source{Name: file.Name(), Text: string(text)}, err
}
