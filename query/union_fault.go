package query

import (
	"fmt"
	"runtime/debug"
)

// fault is a panic of a goroutine that works for another one, in which it is raised again: whoever guards that one
// against panics, as a host that answers others does, need not know of its helpers.
type fault struct {
	value any
	stack []byte // of the goroutine in which it was
}

// newFault is that of a value that recover has given; nil for nil.
func newFault(value any) *fault {
	if value == nil {
		return nil
	}
	return &fault{value, debug.Stack()}
}

// Error is what it is, in a line, and where it was.
func (f *fault) Error() string { return fmt.Sprintf("%v\n\n%s", f.value, f.stack) }
