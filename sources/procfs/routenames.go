package procfs

import (
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"netql/sources/multierror"
	"netql/sources/vfs"
)

// nameDirs are where iproute2 looks for its files of names: the administrator's, and the distribution's.
var nameDirs = []string{"/etc/iproute2", "/usr/share/iproute2"}

// ReadRouteNames reads a file of names for numbers of iproute2, such as rt_tables, and what the directory rt_tables.d
// beside it adds. Of two files of one name the administrator's counts. A machine without such files has no names,
// which is no error. Those that cannot be read are reported after all that can.
func ReadRouteNames(files vfs.Files, file string) (map[uint32]string, error) {
	names := map[uint32]string{}
	var faults []error
	for _, path := range routeNameFiles(files, file) {
		more, err := parseFile(files, path, ParseRouteNames)
		maps.Copy(names, more)
		faults = append(faults, err)
	}
	return names, multierror.Join(faults...)
}

// routeNameFiles are the files that count, in the order in which later ones overrule earlier ones.
func routeNameFiles(files vfs.Files, file string) (paths []string) {
	for _, dir := range nameDirs {
		if _, err := files.Stat(dir + "/" + file); err == nil {
			paths = append(paths, dir+"/"+file)
			break
		}
	}
	seen := map[string]string{}
	for _, dir := range nameDirs {
		entries, _ := files.ReadDir(dir + "/" + file + ".d") // there need be none
		for _, entry := range entries {
			if name := entry.Name; strings.HasSuffix(name, ".conf") && seen[name] == "" {
				seen[name] = dir + "/" + file + ".d/" + name
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		paths = append(paths, seen[name])
	}
	return paths
}

// ParseRouteNames reads such a file: a number, decimal or with 0x, and a name on each line. Of several names of one
// number the last counts. Lines that are no entries are skipped.
func ParseRouteNames(r io.Reader) (map[uint32]string, error) {
	type entry struct {
		id   uint32
		name string
	}
	entries, err := parseEntries(r, func(fields []string) (entry, bool) {
		digits, hexadecimal := strings.CutPrefix(fields[0], "0x")
		base := 10
		if hexadecimal {
			base = 16
		}
		id, err := strconv.ParseUint(digits, base, 32)
		return entry{uint32(id), fields[1]}, err == nil && len(fields) == 2
	})
	names := map[uint32]string{}
	for _, e := range entries {
		names[e.id] = e.name
	}
	return names, err
}
