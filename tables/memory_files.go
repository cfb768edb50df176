package tables

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"

	"netql/sources/procfs"
	"netql/sources/vfs"
)

// memoryFiles are the files about memory, each read once and only if its values are asked for.
type memoryFiles struct {
	files     vfs.Files
	sockstat  func() map[string]map[string]int // values of sockstat and sockstat6, by group and name
	protocols func() []procfs.Protocol
	faults    []error // why files could not be read
	page      int     // the size of a page in bytes on this machine; that of a capture's machine may differ
}

func newMemoryFiles(files vfs.Files) *memoryFiles {
	m := &memoryFiles{files: files, page: os.Getpagesize()}
	m.sockstat = sync.OnceValue(m.readSockstat)
	m.protocols = sync.OnceValue(func() []procfs.Protocol {
		list, err := procfs.ReadProtocols(files)
		m.report(err, "/proc/net/protocols")
		return uniqueBy(list, func(p procfs.Protocol) string { return p.Name })
	})
	return m
}

// uniqueBy keeps the first item of each name: two modules may give the same name to something.
func uniqueBy[T any](list []T, name func(T) string) []T {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(item T) bool {
		known := seen[name(item)]
		seen[name(item)] = true
		return known
	})
}

// report adds an error to the faults, once. A file that is missing, or that only root may read, becomes a message with
// the name of the file, if one is given.
func (m *memoryFiles) report(err error, file string) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = missingFile{absence("there is no " + file), err}
	case errors.Is(err, fs.ErrPermission) && file != "":
		err = fmt.Errorf("only root may read %s", file)
	}
	known := func(other error) bool { return other.Error() == err.Error() }
	if err != nil && !slices.ContainsFunc(m.faults, known) {
		m.faults = append(m.faults, err)
	}
}

// readSockstat reads both files. A kernel without IPv6 has only one.
func (m *memoryFiles) readSockstat() map[string]map[string]int {
	list, err := procfs.Sockstat(m.files)
	m.report(err, "/proc/net/sockstat")
	more, err := procfs.Sockstat6(m.files)
	if !errors.Is(err, fs.ErrNotExist) {
		m.report(err, "")
	}
	groups := map[string]map[string]int{}
	for _, c := range append(list, more...) {
		if groups[c.Group] == nil {
			groups[c.Group] = map[string]int{}
		}
		groups[c.Group][c.Name] = int(c.Value)
	}
	return groups
}

// stat is a value of sockstat or sockstat6; unknown where the files do not have it.
func (m *memoryFiles) stat(group, name string) optional[int] {
	n, ok := m.sockstat()[group][name]
	return optional[int]{n, ok}
}

// setting is number i of a setting below /proc/sys, times unit; unknown where it is missing: many settings exist in the
// first network namespace only.
func (m *memoryFiles) setting(name string, i, unit int) optional[int] {
	list, err := procfs.ReadSysctl(m.files, name)
	if !errors.Is(err, fs.ErrNotExist) {
		m.report(err, "")
	}
	if i >= len(list) {
		return optional[int]{}
	}
	return known(times(list[i], unit))
}

// times multiplies two numbers that are not negative, and saturates at the largest int.
func times(n, unit int) int {
	const largest = 1<<63 - 1
	if unit > 0 && n > largest/unit {
		return largest
	}
	return n * unit
}
