// Package stop ends work for which nobody waits any more: that of a query after Ctrl-C or its time-out.
package stop

import (
	"context"
	"sync/atomic"
)

// Flag is set when a run is to end. Who works long looks at it for each row, comparison or step, which costs an atomic
// load; a context costs more, and what reads rows has none. The nil Flag is never set.
type Flag struct {
	set atomic.Bool
	ctx context.Context // of the run
}

// Set says whether the run is to end.
func (f *Flag) Set() bool { return f != nil && f.set.Load() }

// Context is that of the run, for what waits.
func (f *Flag) Context() context.Context {
	if f == nil || f.ctx == nil {
		return context.Background()
	}
	return f.ctx
}

// Follow begins a run: the flag is set when the context ends. The run must be over when release is called; after
// that the flag stays as it is until the next run begins.
func (f *Flag) Follow(ctx context.Context) (release func()) {
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
