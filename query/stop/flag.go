// Package stop ends the work of a query whose context has ended, by Ctrl-C or a time-out.
package stop

import (
	"context"
	"sync/atomic"
)

// Flag is set when a run is to end. Long work looks at it for each row, comparison or step. That costs an atomic load,
// less than a look at a context, which functions that pull rows do not have anyway. The nil Flag is never set.
type Flag struct {
	set atomic.Bool
	ctx context.Context // of the run
}

// Set says whether the run is to end.
func (f *Flag) Set() bool { return f != nil && f.set.Load() }

// Context is the context of the run, for calls that wait; one that never ends where there is no run.
func (f *Flag) Context() context.Context {
	if f == nil || f.ctx == nil {
		return context.Background()
	}
	return f.ctx
}

// SetWhenDone begins a run: the flag is set when the context is done. The run must be over when release is called;
// after that the flag stays as it is until the next run begins.
func (f *Flag) SetWhenDone(ctx context.Context) (release func()) {
	f.ctx = ctx
	f.set.Store(ctx.Err() != nil)
	written := make(chan struct{})
	forget := context.AfterFunc(ctx, func() {
		f.set.Store(true)
		close(written)
	})
	return func() {
		if !forget() {
			<-written // else it might be set in the next run
		}
	}
}
