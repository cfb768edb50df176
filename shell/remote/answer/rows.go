package answer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/shell/remote/frame"
)

const (
	// chunk is how many bytes of values are sent together.
	chunk = 32 << 10
	// lingering is how long rows wait for others to be sent with.
	lingering = 50 * time.Millisecond
)

// rows sends what the values of rows are, and the rows: once, for each sample that is wanted, or as events come.
func (a *Answer) rows(target Target, plan *query.Plan, columns []*schema.Column) error {
	a.tellColumns(columns)
	w := &rowsOut{answer: a, columns: columns, most: a.mostRows(), counter: a.counter(target, plan)}
	switch {
	case plan.Watch() != nil:
		return w.samples(plan)
	case plan.Follows():
		plan.OnWarning(func(message string) { a.tell(&frame.Sample{Warnings: a.unnamed(message)}) })
		w.most = a.ask.Rows // the host's limit would end it after days
		return w.sample(a.ctx, plan)
	}
	return w.limited(plan)
}

// limited sends the rows that there are now, in the time that this may take.
func (w *rowsOut) limited(plan *query.Plan) error {
	ctx, cancel := w.answer.limited()
	defer cancel()
	return w.sample(ctx, plan)
}

// limited is the context of an answer that has an end, or of a sample.
func (a *Answer) limited() (context.Context, context.CancelFunc) {
	limit := a.limit()
	if limit == 0 {
		return a.ctx, func() {}
	}
	ctx, cancel := context.WithCancelCause(a.ctx)
	a.work = newWorkTime(limit, func() { cancel(&budgetError{partial, fmt.Sprintf("stopped after %v", limit)}) })
	return ctx, func() {
		a.work.timer.Stop()
		cancel(nil)
	}
}

// limit is how long the answer may work; 0 for no limit.
func (a *Answer) limit() time.Duration { return least(a.host.Time, a.ask.Time) }

// least is the lower of two limits, of which 0 is none. An asker's may be below that, and is none then, too.
func least[T int | time.Duration](host, asker T) T {
	asker = max(asker, 0)
	if host == 0 || asker != 0 && asker < host {
		return asker
	}
	return host
}

func (a *Answer) tellColumns(columns []*schema.Column) {
	list := make([]frame.Column, len(columns))
	for i, c := range columns {
		if list[i].Name, list[i].Missing = a.ask.Columns[i], c == nil; c != nil {
			list[i].Kind, list[i].Unit = c.Type.Kind, c.Unit
		}
	}
	a.sending.Lock()
	defer a.sending.Unlock()
	a.sendLocked(frame.Columns{List: list}.Frame(a.id))
}

// rowsOut collects rows and sends them.
type rowsOut struct {
	answer  *Answer
	columns []*schema.Column
	added   int // rows in all
	most    int // rows of the answer, or of a sample; 0 for no limit
	counter *counter

	writer frame.RowWriter // guarded by answer.sending
}

// samples sends a sample each time that one is wanted, until nothing more is.
func (w *rowsOut) samples(plan *query.Plan) error {
	for {
		if err := w.answer.takeSample(); err != nil {
			return err
		}
		if err := w.limited(plan); err != nil {
			return err
		}
		warned := plan.NewWarnings()
		w.answer.tell(&frame.Sample{Rows: w.added, Warnings: w.answer.unnamed(warned.Messages...), More: warned.More})
	}
}

// sample sends the rows that there are now, or events as they come.
func (w *rowsOut) sample(ctx context.Context, plan *query.Plan) error {
	defer w.counter.end() // which is of one sample
	stop := w.sendLingering(ctx)
	failure := w.addAll(ctx, plan)
	stop()
	if budget, ok := errors.AsType[*budgetError](failure); ok && budget.state == late {
		return failure // nobody takes what is left either
	}
	if err := w.flush(ctx); err != nil {
		return err
	}
	return failure
}

func (w *rowsOut) addAll(ctx context.Context, plan *query.Plan) error {
	before := w.added
	for row, err := range plan.RowsInTurn(ctx) {
		switch {
		case err != nil:
			return err
		case w.most > 0 && w.added-before >= w.most:
			return &budgetError{partial, fmt.Sprintf("stopped after %d rows", w.most)}
		}
		size, err := w.add(row)
		if err != nil {
			return err
		}
		if size >= chunk || size >= w.answer.credit.allowance() {
			if err := w.flush(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// add adds a row, and gives the number of bytes that wait to be sent.
func (w *rowsOut) add(row schema.Row) (waiting int, err error) {
	w.answer.sending.Lock()
	defer w.answer.sending.Unlock()
	for _, c := range w.columns {
		var value schema.Scalar
		if c != nil {
			value = c.Value(row)
		}
		if err := w.writer.Value(value); err != nil {
			return 0, err
		}
	}
	if err := w.writer.EndRow(); err != nil {
		return 0, err
	}
	w.added++
	return w.writer.Size(), nil
}

// flush sends the rows that wait, when there is credit for them.
func (w *rowsOut) flush(ctx context.Context) error {
	for w.waiting() > 0 {
		if err := w.answer.awaitCredit(ctx); err != nil {
			return err
		}
		if err := w.send(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (w *rowsOut) waiting() int {
	w.answer.sending.Lock()
	defer w.answer.sending.Unlock()
	return w.writer.Rows()
}

// send sends the rows that wait, if there is credit.
func (w *rowsOut) send(ctx context.Context) error {
	a := w.answer
	a.sending.Lock()
	defer a.sending.Unlock()
	rows := w.writer.Rows()
	if bytes, _ := a.credit.now(); rows == 0 || bytes <= 0 {
		return nil
	}
	payload, err := w.writer.Take()
	if err != nil {
		return err
	}
	a.credit.spend(len(payload))
	a.sent += rows
	if a.bytes += len(payload); a.bytes >= a.ask.Credit {
		w.counter.begin(ctx)
	}
	a.sendLocked(frame.Frame{Kind: frame.KindRows, ID: a.id, Payload: payload})
	return nil
}

// sendLingering sends rows that have waited for others for a while, if there is credit, until stop is called.
func (w *rowsOut) sendLingering(ctx context.Context) (stop func()) {
	return each(lingering, func() {
		_ = w.send(ctx) // it fails where compressing does, which the next one tells again
	})
}
