package query

import (
	"context"
	"time"
)

// finishing is how long a plan over hosts may take, when its context has ended, to hand on what was answered by then.
const finishing = time.Second

// Finishes says that the plan hands on rows after its context has ended, for a short time: hosts that have answered are
// not to be missing because others have not.
func (p *Plan) Finishes() bool { return p.hosts && p.watch == nil && !p.follow }

// runsUntil is the context that ends the work of the plan. What reads the table is ended by ctx itself.
func (p *Plan) runsUntil(ctx context.Context) (until context.Context, forget func()) {
	if !p.Finishes() {
		return ctx, func() {}
	}
	until, end := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-until.Done():
		case <-time.After(finishing):
			end(context.Cause(ctx))
		}
	})
	return until, func() {
		stop()
		end(nil)
	}
}
