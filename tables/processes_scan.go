package tables

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"netql/query"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

// fewProcesses is how many processes are read by their numbers; of more, /proc is listed.
const fewProcesses = 16

// planProcesses reads the processes of the numbers that the conditions leave, or of all numbers.
func planProcesses(r query.Request) query.Scan[processRow] {
	numbers := onlyNumbers(r.Where, "pid")
	few := numbers != nil && len(numbers) <= fewProcesses
	text := "/proc/*/stat"
	if few {
		text = processFiles(numbers)
	}
	read := r.Columns.Has("sockets")
	text += ownersText(r, read)
	return streamScan[processRow]{text, "processes", r, func(s *scanState) iter.Seq2[*processRow, error] {
		facts := &processFacts{scanState: s}
		wanted := func(pid int) bool { return mayBe(r.Where, "pid", pid) }
		list := facts.list(wanted)
		if few {
			list = facts.rows(wanted, func(files vfs.Files) ([]int, error) {
				return procfs.ProcessesAmong(files, numbers)
			})
		}
		return withOwners(s, read, list)
	}}
}

// processFiles names the files that are read of processes of some numbers.
func processFiles(numbers []int) string {
	if len(numbers) == 0 {
		return "nothing: no process can satisfy the conditions"
	}
	var paths []string
	for _, number := range numbers {
		paths = append(paths, "/proc/"+strconv.Itoa(number)+"/stat")
	}
	return strings.Join(paths, ", ")
}

// onlyNumbers are the values above 0 that the conditions leave for a column, sorted; nil where they leave any.
func onlyNumbers(where query.Predicate, column string) []int {
	values, limited := where.Only(column)
	if !limited {
		return nil
	}
	numbers := []int{}
	for _, value := range values {
		if n, ok := value.(int); ok && n > 0 {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}
