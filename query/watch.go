package query

import (
	"errors"
	"time"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// Watch says that a plan is to be run again and again.
type Watch struct {
	Interval time.Duration
	until    *untilCondition
}

// untilCondition is the condition that ends a watch. It is about each row or, if it has aggregates, about all of them.
type untilCondition struct {
	condition  *expression.Expression
	aggregates []expression.Aggregate
}

// until compiles a condition about each row, or, where it has an aggregate, about all of them.
func (c *compiler) until(text syntax.Expression) (*untilCondition, error) {
	scope := c.scope()
	scope.Samples, scope.Keeper = nil, c.plan.stop.Keeper("watch until "+text.String())
	u := &untilCondition{}
	condition, err := expression.CompileCondition(text, scope)
	if _, ok := errors.AsType[*expression.NeedsGroup](err); ok {
		scope.Aggregates = &u.aggregates
		condition, err = expression.CompileCondition(text, scope)
	}
	u.condition = condition
	return u, err
}

// Watch is how the plan is to be repeated; nil if it is to be run once.
func (p *Plan) Watch() *Watch { return p.watch }

// Conditional says that a condition ends the watch.
func (w *Watch) Conditional() bool { return w.until != nil }

// Ending tests the until condition on the rows of one sample.
type Ending struct {
	until *untilCondition
	group *groupRow
	met   bool
}

// Ending begins a test, before the first row of a sample.
func (w *Watch) Ending() *Ending {
	e := &Ending{until: w.until}
	if w.until != nil {
		e.group = newGroup(w.until.aggregates, nil)
	}
	return e
}

// Add takes a row of the sample into account.
func (e *Ending) Add(row schema.Row) {
	switch {
	case e.until == nil:
	case len(e.until.aggregates) == 0:
		e.met = e.met || e.until.condition.True(row)
	default:
		e.group.add(e.until.aggregates, row)
	}
}

// Reached says, when all rows were added, whether the condition holds.
func (e *Ending) Reached() bool {
	if e.until == nil || len(e.until.aggregates) == 0 {
		return e.met
	}
	e.group.finish()
	return e.until.condition.True(e.group)
}

// Unanswered is the error of a sample of a watch that no host has answered, though one answered a sample before. The
// sample is left out, and the watch goes on: the hosts are asked for the next one.
type Unanswered struct{ Since time.Time }

func (u *Unanswered) Error() string { return u.Since.Format("no host answers since 15:04:05") }

// columns are those that the condition reads.
func (w *Watch) columns() []string {
	if w == nil || w.until == nil {
		return nil
	}
	names := w.until.condition.Columns
	for _, a := range w.until.aggregates {
		if a.Argument != nil {
			names = append(names, a.Argument.Columns...)
		}
	}
	return names
}
