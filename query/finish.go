package query

import (
	"context"
	"time"
)

// finishing is how long a plan over hosts may take, when its context has ended, to hand on what was answered by then.
const finishing = time.Second

// finishes says that the plan hands on rows after its context has ended, for a short time: hosts that have answered are
// not to be missing because others have not.
func (p *Plan) finishes() bool { return p.hosts && p.watch == nil && !p.follow }

// Until is the context that ends the work of a run of the plan, and what is done with its rows: that of a plan over
// hosts ends a second later than the context of the run, which ends what waits for hosts.
func (p *Plan) Until(ctx context.Context) (until context.Context, forget func()) {
	if !p.finishes() {
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
