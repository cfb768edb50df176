package tables

import (
	"iter"
	"slices"

	"netql/query"
	"netql/sources/owners"
)

// ownersColumns are the columns that need owners of sockets, in tables of sockets.
var ownersColumns = []string{
	"pid", "process", "cmdline", "program", "fd", "unit", "container",
	"container_name", "image", "pod", "pod_namespace", "owners", "owner_status", "peer_pid",
	"peer_process", "forwards_to", "forwards_to_name",
}

// readsOwners says whether some columns of a table of sockets need owners.
func readsOwners(columns query.Set) bool {
	return slices.ContainsFunc(ownersColumns, func(name string) bool { return columns.Has(name) })
}

// startOwners begins to look for owners beside the reading of rows, where that costs little, instead of when the first
// row asks for them.
func (s *scanState) startOwners() {
	if s.finder == nil {
		s.finder = owners.Start(s.ctx, s.system.Owners)
	}
}

// withOwners is a list of rows, some of whose columns need owners. The first row has them looked for if such columns
// are read: without a row nobody will ask.
func withOwners[T any](s *scanState, read bool, rows iter.Seq2[*T, error]) iter.Seq2[*T, error] {
	if !read {
		return rows
	}
	return func(yield func(*T, error) bool) {
		for row, err := range rows {
			if err == nil {
				s.startOwners()
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// ownersText is a line of explain that says how owners will be found, behind what else a scan reads; "" if they are not
// read, or not looked for, as in a capture.
func ownersText(r query.Request, read bool) string {
	if !read {
		return ""
	}
	if way := owners.Way(ofQuery(r.State).system.Owners); way != "" {
		return "\n  owners by " + way
	}
	return ""
}
