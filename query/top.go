package query

import (
	"container/heap"
	"context"
	"fmt"

	"netql/query/schema"
	"netql/query/syntax"
)

// topOp implements top, and sort followed by limit: the first n rows in order, with n rows in memory.
type topOp struct {
	passThrough
	rowKeeper
	ordering
	n int
}

// topStage keeps the first n rows in the order of the keys, which is descending unless said otherwise.
type topStage struct {
	n    syntax.Count
	keys []syntax.Key
}

func parseTop(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	n, err := p.Number()
	if err != nil {
		return nil, err
	}
	if by := p.Keyword("by", "what the largest is chosen by"); !by && p.Ends() {
		return nil, p.Missing("by", "top 10 by rtt")
	}
	keys, err := p.Keys(true)
	return &topStage{n, keys}, err
}

func (s *topStage) String() string {
	return "top " + s.n.String() + " by " + syntax.KeyList(s.keys, true)
}

func (s *topStage) compile(c *compiler) error {
	o, err := c.ordering(s.keys)
	if err != nil {
		return err
	}
	kept := rowKeeper{keeper: c.keeper(s.String())}
	return c.add(&topOp{passThrough{o.showing(c.plan.Schema())}, kept, o, s.n.N})
}

func (t *topOp) String() string { return fmt.Sprintf("top %d by %s", t.n, t.text(" asc", "")) }
func (t *topOp) use() use       { return keeps }
func (t *topOp) combines() bool { return true }

// inputColumn: no condition may come first, because it would change which rows are the first ones.
func (t *topOp) inputColumn(string) (string, bool) { return "", false }

func (t *topOp) rows(_ context.Context, input Rows) Rows {
	return func(yield func(schema.Row, error) bool) {
		if t.n == 0 {
			return
		}
		best := &worstFirst{ordering: t.ordering}
		place := 0
		for row, err := range input {
			if err != nil {
				yield(nil, err)
				return
			}
			if best.offer(t.keyed(row, place), t.n) {
				t.keepRow(row, t.keyedSize())
			}
			place++
		}
		t.emit(best.kept, yield)
	}
}

// worstFirst is a heap of the best rows so far with the worst of them on top.
type worstFirst struct {
	ordering
	kept []keyed
}

func (w *worstFirst) Len() int           { return len(w.kept) }
func (w *worstFirst) Less(i, j int) bool { return w.compare(w.kept[i], w.kept[j]) > 0 }
func (w *worstFirst) Swap(i, j int)      { w.kept[i], w.kept[j] = w.kept[j], w.kept[i] }
func (w *worstFirst) Push(x any)         { w.kept = append(w.kept, x.(keyed)) }

func (w *worstFirst) Pop() any {
	last := w.kept[len(w.kept)-1]
	w.kept = w.kept[:len(w.kept)-1]
	return last
}

// offer takes a row if it is among the first n so far. It says whether there is one more than before.
func (w *worstFirst) offer(k keyed, n int) (more bool) {
	if len(w.kept) < n {
		heap.Push(w, k)
		return true
	}
	if w.compare(k, w.kept[0]) < 0 {
		w.kept[0] = k
		heap.Fix(w, 0)
	}
	return false
}
