package query

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"netql/query/schema"
	"netql/query/syntax"
)

// A lookup join joins a table that lists nothing (Spec.AskedBy): it asks that table for what the left rows have in the
// joined columns, for each combination of values once.

// lookupBatch is how many left rows are read before the table is asked about them together.
const lookupBatch = 4096

// maxLookups bounds the different questions of a join, whose answers are all kept.
const maxLookups = 200_000

// findAsked notes the pairs by which the right table is asked.
func (j *joinOp) findAsked() {
	for i, column := range j.rightColumns {
		if slices.Contains(j.table.AskedBy, column.Name) {
			j.asks = append(j.asks, i)
		}
	}
}

// askedBy are the columns of the right table that the join gives values.
func (j *joinOp) askedBy() []string {
	names := []string{}
	for _, i := range j.asks {
		names = append(names, j.rightColumns[i].Name)
	}
	return names
}

// joinedWith is the error of a join that does not ask the right table what that wants to be asked, with a hint that
// names a column of the left rows by which it can be.
func (j *joinOp) joinedWith(input schema.Schema, err *syntax.Error) error {
	if slices.Contains(j.askedBy(), j.table.AskedBy[0]) {
		return err
	}
	first, _ := j.table.schema().Column(j.table.AskedBy[0])
	for _, left := range slices.Backward(input.Visible()) {
		if left.Type.Kind == first.Type.Kind {
			return err.WithHint("for example: join %s on %s == %s", j.table.Name, left.Name, first.Name)
		}
	}
	return err
}

// askedText is what explain says of the questions.
func (j *joinOp) askedText() string {
	if len(j.asks) == 0 {
		return j.table.askedText(j.request.Questions)
	}
	var left []string
	for _, i := range j.asks {
		left = append(left, j.leftColumns[i].Name)
	}
	text := "; asked once for each " + strings.Join(left, ", ")
	if of := questionTexts(j.questions); of != "" {
		text += ", with " + of
	}
	return text
}

// lookups is the state of a lookup join in one run.
type lookups struct {
	matcher
	asked   map[string]bool
	waiting []schema.Row // left rows whose questions are not answered yet
	next    []Question   // that are to be asked
}

// lookUp is the work of a lookup join. It reads left rows in batches, or one by one where they are events.
func (j *joinOp) lookUp(ctx context.Context, input Rows) Rows {
	return func(yield func(schema.Row, error) bool) {
		l := lookups{matcher: matcher{joinOp: j, partners: newPartners(), unpaired: &unpaired{join: j}},
			asked: map[string]bool{}}
		batch := lookupBatch
		if j.one {
			batch = 1
		}
		for row, err := range input {
			if err == nil {
				err = l.add(row)
			}
			if err != nil {
				if l.release(ctx, yield) {
					yield(nil, err)
				}
				return
			}
			if len(l.waiting) == batch && !l.release(ctx, yield) {
				return
			}
		}
		l.release(ctx, yield)
	}
}

// add takes a left row, and what is to be asked for it that was not asked before.
func (l *lookups) add(row schema.Row) error {
	l.waiting = append(l.waiting, row)
	given := Question{}
	for _, i := range l.asks {
		value := l.leftColumns[i].Get(row)
		if value == nil {
			return nil
		}
		given[l.rightColumns[i].Name] = value
	}
	key := given.Key()
	if l.asked[key] {
		return nil
	}
	if len(l.asked) == maxLookups {
		return fmt.Errorf("%s: the rows have more than %d different values to ask for; filter before", l.typed,
			maxLookups)
	}
	l.asked[key] = true
	l.keeper.Keep(perIndexed + len(key))
	for _, q := range l.questions {
		if both, ok := q.With(given); ok {
			l.next = append(l.next, both)
		}
	}
	return nil
}

// release asks what is to be asked, and yields the rows that waited for it; false where the run is over.
func (l *lookups) release(ctx context.Context, yield func(schema.Row, error) bool) bool {
	if len(l.next) > 0 {
		request := l.request
		request.Questions = l.next
		l.next = nil
		if err := l.read(l.open(request).rows(ctx), l.partners); err != nil {
			yield(nil, err)
			return false
		}
	}
	for _, row := range l.waiting {
		if !l.pairs(row, yield) {
			return false
		}
	}
	l.waiting = nil
	return true
}
