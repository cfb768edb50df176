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

// memoryFiles are the files that tell of memory, each read once and only when somebody asks.
type memoryFiles struct {
	files     vfs.Files
	sockstat  func() map[string]map[string]int // group, name, value: of sockstat and sockstat6
	protocols func() []procfs.Protocol
	faults    []error
	page      int // bytes of a page: this machine's, which those of another architecture may differ from
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

// uniqueBy keeps the first of each name: nothing keeps two modules from calling something the same.
func uniqueBy[T any](list []T, name func(T) string) []T {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(item T) bool {
		known := seen[name(item)]
		seen[name(item)] = true
		return known
	})
}

// report keeps an error for the end, once. A file that is missing, or not for everybody, is told by its name.
func (m *memoryFiles) report(err error, file string) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = absence("there is no " + file)
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

// stat is a number of sockstat.
func (m *memoryFiles) stat(group, name string) optional[int] {
	n, ok := m.sockstat()[group][name]
	return optional[int]{n, ok}
}

// setting is a number of a setting in some unit, by its place among the setting's numbers. Many are shown in the first
// network namespace only.
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

// times multiplies two numbers that are not negative, and saturates.
func times(n, unit int) int {
	const largest = 1<<63 - 1
	if unit > 0 && n > largest/unit {
		return largest
	}
	return n * unit
}
