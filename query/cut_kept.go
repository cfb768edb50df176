package query

import (
	"fmt"
	"math"
	"slices"
	"unsafe"

	"netql/query/schema"
	"netql/query/stop"
	"netql/query/syntax"
)

// Kept tells that the merging part keeps something of each row of an answer. So rows that are too many can be refused
// before they come.
type Kept struct {
	Present []string // of the columns that come back: a row where one of these is NULL may not be kept

	stage string // that keeps it, as it was typed
	bytes int    // that are kept of a row at the least
	hint  string // how the query is answered with fewer rows
	run   *stop.Flag
}

// keptEach is what an operator keeps of each row that it reads, unless one of some columns is NULL.
type keptEach struct {
	keeper  *stop.Keeper
	bytes   int // at the least, beside the row
	rows    bool
	present []string
	hint    string
}

// keepsEach is an operator that may keep something of each row that it reads; nil where that is not certain.
type keepsEach interface{ keptOfEach() *keptEach }

// Most is how many rows fit at the most; there may be room for fewer.
func (k *Kept) Most() int { return int(min(k.run.Limit()/int64(k.bytes), math.MaxInt32)) }

// Refused is the error of a query whose rows do not fit, by those that hosts have told so far, of which what tells.
func (k *Kept) Refused(rows int, what string) error {
	return &TooManyRowsError{What: what, Bytes: int64(rows) * int64(k.bytes), Limit: k.run.Limit(),
		Stage: k.stage, hint: k.hint}
}

// TooManyRowsError is the error of a query that would keep more rows of hosts in memory than it may.
type TooManyRowsError struct {
	What         string // the rows that there are at the least, and the hosts that have them
	Bytes, Limit int64  // what the rows take at the least, and what they may take
	Stage        string // that keeps them, as it was typed
	hint         string
}

func (e *TooManyRowsError) Error() string {
	return fmt.Sprintf("too many rows for %s: at least %s, which it keeps in more than %s, and the limit is %s",
		e.Stage, e.What, stop.Megabytes(e.Bytes), stop.Megabytes(e.Limit))
}

// Hint says what can be done.
func (e *TooManyRowsError) Hint() string {
	const room, megabyte = 2, 1e6 // the bytes are the least
	return fmt.Sprintf("%s; or allow more: --memory %dMB", e.hint, int64(math.Ceil(room*float64(e.Bytes)/megabyte)))
}

// kept is what the merging plan keeps of each row of the answers; nil where that is not certain.
func (a *answers) kept(merging *Plan) *Kept {
	for i, op := range merging.operators {
		j, ok := op.(*joinOp)
		switch {
		case ok && j.table == a.table && len(j.asks) == 0:
			return a.keptBy(merging, &keptEach{keeper: j.keeper, bytes: perPartner, rows: true,
				present: names(j.rightColumns), hint: filterFirst})
		case merging.table == a.table && !handsOnAll(op):
			return a.keptOfRows(merging, i)
		}
	}
	return nil
}

// handsOnAll says that an operator hands on each row, and keeps none.
func handsOnAll(op operator) bool {
	switch op.(type) {
	case *projectOp, *likeOp:
		return true
	}
	return false
}

// keptOfRows is what the operator i, before which all rows are handed on, keeps of them.
func (a *answers) keptOfRows(merging *Plan, i int) *Kept {
	op, ok := merging.operators[i].(keepsEach)
	if !ok {
		return nil
	}
	each := op.keptOfEach()
	if each == nil {
		return nil
	}
	for n, name := range each.present {
		if each.present[n], ok = merging.inputColumn(0, i, name); !ok {
			return nil
		}
	}
	return a.keptBy(merging, each)
}

func (a *answers) keptBy(merging *Plan, each *keptEach) *Kept {
	bytes := each.bytes
	if each.rows { // each value has a byte that tells its kind (schema.Packed)
		bytes += int(unsafe.Sizeof(schema.Packed{})) + len(a.local.Columns)
	}
	return &Kept{Present: each.present, stage: each.keeper.What(), bytes: bytes, run: &merging.stop,
		hint: limited(merging.asking.whole.syntax, each.hint)}
}

// What to do where rows are too many.
const (
	filterFirst   = "filter first"
	computeFirst  = "filter first, or ask for avg() or max(), which each host computes"
	takeTheFirst  = "; or group or filter first"
	rowsThatAreOK = 100
)

// limited is the hint with the query before it that gives the first rows, where it goes on from that. What another
// stage sorts, as count by does groups, has no other first rows to be asked for.
func limited(q *syntax.Query, hint string) string {
	if hint != takeTheFirst {
		return hint
	}
	isSort := func(s syntax.Stage) bool { _, ok := s.Node.(*sortStage); return ok }
	i := slices.IndexFunc(q.Stages, isSort)
	if i < 0 {
		return filterFirst
	}
	stages := slices.Insert(slices.Clone(q.Stages), i+1, stageOf(&limitStage{syntax.Count{N: rowsThatAreOK}}))
	return q.With(q.Table, stages).String() + hint
}

func (s *sortOp) keptOfEach() *keptEach {
	return &keptEach{keeper: s.keeper, bytes: perSortedRow, rows: true, hint: takeTheFirst}
}

// keptOfEach: exact percentiles need all values.
func (g *groupOp) keptOfEach() *keptEach {
	each := &keptEach{keeper: g.keeper, hint: computeFirst}
	for _, a := range g.aggregates {
		if a.KeptOfValue == 0 {
			continue
		}
		column, ok := a.Argument.Column()
		switch {
		case ok && each.present == nil:
			each.present = []string{column.Name}
		case !ok || each.present[0] != column.Name: // its values may be others
			continue
		}
		each.bytes += a.KeptOfValue
	}
	if each.bytes == 0 {
		return nil
	}
	return each
}

// keptOfEach: a float may be no number.
func (h *histogramOp) keptOfEach() *keptEach {
	column, ok := h.value.Column()
	if !ok || h.value.Type.Kind == schema.Float {
		return nil
	}
	return &keptEach{keeper: h.keeper, bytes: perValue, present: []string{column.Name}, hint: filterFirst}
}
