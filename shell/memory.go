package shell

import (
	"errors"
	"fmt"
	"math"
	"os"
	"sync"

	"netql/query/schema"
	"netql/query/stop"
	"netql/query/syntax"
	"netql/sources/cgroup"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

// leastMemory is the least that --memory allows a query to keep, in bytes.
const leastMemory = 1e6

// memoryShare is which part of the memory that there is a query may keep, where nothing else is said.
const memoryShare = 4

// setMemory is the flag --memory.
func setMemory(o *options, value string) error {
	bytes, ok := parseSize(value)
	if !ok || bytes < leastMemory {
		return usagef("--memory cannot be %q", value).withHint("it is a size of at least 1MB, such as 64MB or 2GiB")
	}
	o.memory = bytes
	return nil
}

// parseSize reads a number of bytes as a query spells it, with B or without: 64MB, 64M, 2GiB.
func parseSize(text string) (bytes int64, ok bool) {
	tokens, err := syntax.Scan(text)
	if err != nil || len(tokens) != 1 {
		return 0, false
	}
	switch v := tokens[0].Value.(type) {
	case int:
		return int64(v), true
	case syntax.Quantity:
		n, whole := v.Number.(int)
		return int64(n), whole && v.Unit != schema.BitsPerSecond
	}
	return 0, false
}

// memoryLimit gives the limit of what a query may keep in memory, in bytes.
func (o *options) memoryLimit() func() int64 {
	if o.memory > 0 {
		return func() int64 { return o.memory }
	}
	return sync.OnceValue(func() int64 { return shareOfMemory(vfs.Machine, os.Getpid()) })
}

// shareOfMemory is what a query of the process may keep: a part of the memory that is available, or that the process's
// control groups let it have where that is less.
func shareOfMemory(files vfs.Files, pid int) int64 {
	there, err := procfs.ReadAvailableMemory(files)
	if err != nil {
		there = math.MaxInt64
	}
	if limit, ok := cgroup.MemoryLimit(files, pid); ok {
		there = min(there, limit)
	}
	return max(leastMemory, there/memoryShare)
}

// keptTooMuch is the hint for an error that a query keeps more in memory than it may; "" for other errors.
func keptTooMuch(err error) string {
	tooMuch, ok := errors.AsType[*stop.MemoryError](err)
	if !ok {
		return ""
	}
	const more, megabyte = 2, 1e6 // the limit may be a quarter of what is available: four times as much is all of that
	return fmt.Sprintf("put where or limit before that, or allow more: --memory %dMB",
		int64(math.Ceil(more*float64(tooMuch.Limit)/megabyte)))
}
