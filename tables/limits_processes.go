package tables

import (
	"errors"
	"io/fs"
	"iter"
	"slices"
	"strconv"

	"netql/sources/multierror"
	"netql/sources/owners"
	"netql/sources/procfs"
)

// openFiles reads the open files of the processes that have sockets. The limit is that of the numbers of file
// descriptors (alloc_fd of fs/file.c); a process whose numbers have no gaps has as many files when it meets it.
func (l *limitReader) openFiles() iter.Seq2[limit, error] {
	return func(yield func(limit, error) bool) {
		table := l.socketOwners()
		if table == nil {
			return // there is a warning
		}
		var fault faults
		refused := false
		for _, p := range mayHaveSockets(table) {
			if l.ctx.Err() != nil {
				return
			}
			used, err := procfs.ReadOpenFiles(l.files, p.PID)
			most, failed := procfs.ReadOpenFilesLimit(l.files, p.PID)
			switch err := multierror.Join(err, failed); {
			case errors.Is(err, fs.ErrPermission) && table.Partial():
				refused = true
				continue
			case err != nil:
				fault.add(unlessGone(err))
				continue
			}
			row := limit{subject: strconv.Itoa(p.PID) + " " + p.Name, used: known(used), most: known(most)}
			if !yield(row, nil) {
				return
			}
		}
		if refused || table.Hidden {
			l.warnUnseen(table)
		}
		if err := fault.err(); err != nil {
			yield(limit{}, err)
		}
	}
}

// mayHaveSockets are the processes that have sockets, and those that refuse to tell.
func mayHaveSockets(table *owners.Table) []owners.Process {
	return slices.DeleteFunc(table.Processes(), func(p owners.Process) bool {
		n, known := table.Count(p.PID)
		return n == 0 && known
	})
}
