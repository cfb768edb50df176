// Package stop ends the work of a query: of one whose context has ended, by Ctrl-C or a time-out, and of one that keeps
// more in memory than it may.
package stop

import (
	"context"
	"math"
	"sync/atomic"
)

// Flag is set when a run is to end. Long work looks at it for each row, comparison or step. That costs an atomic load,
// less than a look at a context, which functions that pull rows do not have anyway. The nil Flag is never set.
type Flag struct {
	set     atomic.Bool
	ctx     context.Context // of the run
	failure error           // ended the run, if its context has not; of the goroutine that runs it
	memory  Memory
	within  *Flag // of the run that this one is a part of, whose memory it shares; nil for none
}

// Set says whether the run is to end.
func (f *Flag) Set() bool { return f != nil && f.set.Load() }

// Cause is why the run is to end; nil where it is not. The goroutine that runs it may ask.
func (f *Flag) Cause() error {
	switch {
	case !f.Set():
		return nil
	case f.failure != nil:
		return f.failure
	}
	return context.Cause(f.ctx)
}

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
	f.ctx, f.failure = ctx, nil
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

// fail ends the run with an error.
func (f *Flag) fail(err error) {
	if f.failure == nil {
		f.failure = err
	}
	f.set.Store(true)
}

// LimitMemory bounds the bytes that a run keeps. The limit is asked for when the run has kept some; nil is none.
func (f *Flag) LimitMemory(limit func() int64) { f.memory.limit = limit }

// Limit is how many bytes a run may keep.
func (f *Flag) Limit() int64 {
	if limit := f.kept().limit; limit != nil {
		return limit()
	}
	return math.MaxInt64
}

// Forget forgets what was kept: nothing of it is any more.
func (f *Flag) Forget() {
	if f.within == nil {
		f.memory.begin()
	}
}

// Within has the runs share the memory, and its limit, of another run, which they are parts of.
func (f *Flag) Within(other *Flag) { f.within = other }

// kept is the memory that the run shares with those around it.
func (f *Flag) kept() *Memory {
	for f.within != nil {
		f = f.within
	}
	return &f.memory
}

// Keeper counts what a stage of the query keeps. An error calls the stage what.
func (f *Flag) Keeper(what string) *Keeper { return &Keeper{what: what, flag: f} }
