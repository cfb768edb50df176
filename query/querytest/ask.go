package querytest

import (
	"context"
	"fmt"
	"iter"

	"netql/query"
	"netql/query/schema"
)

// Host answers local queries in this process.
type Host struct {
	Name    string
	Catalog *query.Catalog // of a union of the host alone
	State   func() query.State
	Err     error // why it does not answer
}

// answering is what a host keeps of a local query.
type answering struct {
	plan    *query.Plan
	columns []*schema.Column
}

// Ask asks hosts in this process, one after the other. It is for one plan.
func Ask(hosts []Host) query.Ask {
	kept := map[string]answering{}
	return func(ctx context.Context, local *query.Local, warn func(string)) iter.Seq2[[]schema.Scalar, error] {
		return func(yield func([]schema.Scalar, error) bool) {
			var failures []error // until a host has answered
			answered := false
			local.Lacking = query.Set{}
			for i, host := range hosts {
				key := fmt.Sprint(i, local.Name)
				more, err := host.answer(ctx, local, kept, key, warn, yield)
				switch {
				case !more:
					return
				case ctx.Err() != nil:
					yield(nil, context.Cause(ctx))
					return
				case err != nil:
					failures = append(failures, err)
					local.Lacking[host.Name] = true
				default:
					answered = true
				}
			}
			if !answered && len(failures) > 0 {
				yield(nil, failures[0])
				failures = failures[1:]
			}
			for _, failure := range failures {
				warn(failure.Error())
			}
		}
	}
}

// answer gives the rows of a host; more is false where nobody wants any further ones.
func (h Host) answer(
	ctx context.Context, local *query.Local, kept map[string]answering, key string, warn func(string),
	yield func([]schema.Scalar, error) bool,
) (more bool, err error) {
	if h.Err != nil {
		return true, fmt.Errorf("%s: %w", h.Name, h.Err)
	}
	a, known := kept[key]
	if !known {
		if a.plan, a.columns, err = query.CompileLocal(local.Text, local.Names(), h.Catalog, h.State()); err != nil {
			return true, fmt.Errorf("%s: %w", local.Text, err)
		}
		a.plan.OnWarning(warn)
		if a.plan.Watch() != nil {
			kept[key] = a
		}
	}
	row := make([]schema.Scalar, len(a.columns))
	var held [][]schema.Scalar
	for r, err := range a.plan.RowsInTurn(ctx) {
		if err != nil {
			return true, err // what is held is dropped
		}
		for i, c := range a.columns {
			if c != nil {
				row[i] = c.Value(r)
			}
		}
		for _, i := range local.Hosts {
			row[i] = schema.OfText(h.Name)
		}
		if local.Whole {
			held = append(held, append([]schema.Scalar(nil), row...))
		} else if !yield(row, nil) {
			return false, nil
		}
	}
	for _, row := range held {
		if !yield(row, nil) {
			return false, nil
		}
	}
	return true, nil
}
