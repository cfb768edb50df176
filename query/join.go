package query

import (
	"context"
	"fmt"
	"slices"
	"unsafe"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/stop"
	"netql/query/syntax"
)

// joinOp implements join, as a hash join: the right table is read into memory first, then the left rows, which are the
// operator's input, are streamed.
type joinOp struct {
	text         string
	typed        string // the stage as a person typed it
	outer        bool   // rows without a partner stay
	table        *Table
	leftColumns  []*schema.Column // the columns of the left rows that must be equal
	rightColumns []*schema.Column // to these of the right table
	inside       int              // of the pairs, the one in which the left value lies in the right prefix; -1 for none
	all          bool             // every such prefix counts, not only the longest
	floats       []bool           // whether a pair of them is compared as floats, because one may be a float
	origins      map[string]origin
	output       schema.Schema

	at        syntax.Range // where the text names the right table
	questions []Question   // that conditions ask the right table, if it lists nothing
	asks      []int        // those of the pairs by which it is asked (Spec.AskedBy)
	one       bool         // the left rows are events, each of which is looked up at once

	keeper     *stop.Keeper
	weighRight weight // of a row of the right table

	wanted  Set // of the other table
	named   Set // of these, the columns that the query's text names
	request Request
	open    func(Request) source // plans to read the right table
	source  source
}

// origin is the column of the left or right side from which a column of the result comes.
type origin struct {
	column string
	right  bool
}

// pair is a row of the result; right is nil where the left row has no partner.
type pair struct{ left, right schema.Row }

// buildSchema makes the schema of the result: the columns of the left side, then those of the right one, with _2 where
// a name is taken. A column on which the sides are joined by one name (shared) is there once.
func (j *joinOp) buildSchema(input schema.Schema, shared Set) {
	names := map[string]string{}
	j.output = schema.Schema{Source: input.Source + " joined with " + j.table.schema().Source}
	taken := Set{}
	for _, column := range input.Columns {
		j.add(column, column.Name, false)
		taken.add(column.Name)
	}
	for _, column := range j.table.Columns {
		if shared[column.Name] {
			continue
		}
		name := uniqueName(column.Name, taken)
		names[column.Name] = name
		taken.add(name)
		j.add(column, name, true)
	}
	for _, column := range input.Identity {
		j.output.Identity = append(j.output.Identity, j.pairColumn(column, column.Name, false))
	}
	for _, column := range j.table.schema().Identity {
		j.output.Identity = append(j.output.Identity, j.pairColumn(column, column.Name, true))
	}
	j.output.Chosen = input.Chosen
	right := j.table.schema()
	j.output.Shown = slices.Concat(input.Shown, renamed(right.Shown, names))
	j.output.Spare = slices.Concat(input.Spare, renamed(right.Spare, names))
	j.output.Quiet = slices.Concat(input.Quiet, renamed(right.Quiet, names))
}

// renamed are the names that columns of the right table have in the result, without those that it does not have.
func renamed(list []string, names map[string]string) (all []string) {
	for _, name := range list {
		if names[name] != "" {
			all = append(all, names[name])
		}
	}
	return all
}

// add puts a column of the left or right side into the result.
func (j *joinOp) add(original *schema.Column, name string, right bool) {
	j.output.Columns = append(j.output.Columns, j.pairColumn(original, name, right))
	j.origins[name] = origin{original.Name, right}
}

// pairColumn makes a column of pairs out of one of the left or right side.
func (j *joinOp) pairColumn(original *schema.Column, name string, right bool) *schema.Column {
	side := func(r schema.Row) schema.Row { return r.(*pair).left }
	if right {
		side = func(r schema.Row) schema.Row { return r.(*pair).right }
	}
	column := original.Within(side)
	column.Name = name
	return column
}

// String tells, besides the stage, how the right table is read.
func (j *joinOp) String() string {
	return j.text + "\n  scan " + j.table.Name + ": " + j.source.String() + j.askedText() + "\n    reads " +
		j.table.reads(j.request)
}

func (j *joinOp) schema() schema.Schema { return j.output }

func (j *joinOp) needs(wanted Set) Set {
	left := Set{}
	j.wanted = Set{}
	for name := range wanted {
		if o := j.origins[name]; o.right {
			j.wanted.add(o.column)
		} else {
			left.add(o.column)
		}
	}
	for i := range j.leftColumns {
		left.add(j.leftColumns[i].Name)
		j.wanted.add(j.rightColumns[i].Name)
	}
	return left
}

func (j *joinOp) use() use       { return keeps }
func (j *joinOp) combines() bool { return false }

// weights: the rows of the right table are kept here, those of the left side by who keeps pairs.
func (j *joinOp) weights(input weight) weight {
	return func(row schema.Row) int {
		p := row.(*pair)
		return int(unsafe.Sizeof(*p)) + input(p.left)
	}
}

func (j *joinOp) inputColumn(column string) (string, bool) {
	o, ok := j.origins[column]
	return o.column, ok && !o.right
}

// bindScan says what the right table is asked. Of the conditions, which are about the result, a left join pushes
// down only those that a row without a partner cannot meet: leaving out partners makes rows without one.
func (j *joinOp) bindScan(hinted bool, conditions []Predicate) {
	j.request.Columns, j.request.Where = j.wanted, Predicate{}
	if hinted {
		j.request.Where = expression.And(j.pushed(conditions)...)
	}
}

// pushed are the conditions of bindScan in terms of the right table.
func (j *joinOp) pushed(conditions []Predicate) (parts []Predicate) {
	if j.choosesLongest() {
		return nil
	}
	for _, condition := range conditions {
		p := condition.MapColumns(func(column string) (string, bool) {
			o := j.origins[column]
			return o.column, o.right
		})
		alone := func(string) (any, bool) { return nil, true }
		if !j.outer || !p.May(alone) {
			parts = append(parts, p)
		}
	}
	return parts
}

func (j *joinOp) rows(ctx context.Context, input Rows) Rows {
	if len(j.asks) > 0 {
		return j.lookUp(ctx, input)
	}
	return func(yield func(schema.Row, error) bool) {
		partners, err := j.hashTable(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		m := matcher{joinOp: j, partners: partners, unpaired: j.newUnpaired()}
		for row, err := range input {
			if err != nil {
				yield(nil, err)
				return
			}
			if !m.pairs(row, yield) {
				return
			}
		}
		m.unpaired.tell()
	}
}

// matcher finds the partners of rows, and counts them.
type matcher struct {
	*joinOp
	partners *partners
	unpaired *unpaired
	key      []byte
	found    int
}

// pairs yields a left row with each of its partners; false where the run is over.
func (m *matcher) pairs(row schema.Row, yield func(schema.Row, error) bool) bool {
	var found []schema.Row
	var some bool
	if m.key, some = m.appendKey(m.key[:0], m.leftColumns, row); some {
		found = m.partnersOf(m.key, row)
	}
	if len(found) == 0 && m.outer && m.unpaired.keeps(row) {
		found = []schema.Row{nil}
	}
	if m.found += len(found); m.found > maxPairs {
		yield(nil, fmt.Errorf("%s: more than %d rows agree; join on more columns, or filter before", m.typed, maxPairs))
		return false
	}
	for _, partner := range found {
		if !yield(&pair{row, partner}, nil) {
			return false
		}
	}
	return true
}

// maxPairs bounds the rows of a join, which a stage after it may keep in memory. Tables have up to some 100,000 rows,
// so more is a join on a column that tells few rows apart.
const maxPairs = 10_000_000

// perPartner is about how many bytes it takes to find a row of the right table, beside its key.
const perPartner = perIndexed + 48

// hashTable reads the right table; its rows are found by the key of the joined columns.
func (j *joinOp) hashTable(ctx context.Context) (*partners, error) {
	found := newPartners()
	return found, j.read(j.source.rows(ctx), found)
}

// read puts rows of the right table among the partners.
func (j *joinOp) read(rows Rows, found *partners) error {
	var key []byte
	var some bool
	for row, err := range rows {
		if err != nil {
			return err
		}
		if key, some = j.appendKey(key[:0], j.rightColumns, row); some {
			if prefix, ok := j.prefixOf(row); ok {
				found.add(key, prefix, row)
				j.keeper.Keep(j.weighRight(row) + perPartner + len(key))
			}
		}
	}
	return nil
}

// appendKey appends what is equal for rows that agree in the joined columns, except for the one with in; false
// where one of them is NULL, which equals nothing.
func (j *joinOp) appendKey(b []byte, columns []*schema.Column, row schema.Row) (key []byte, ok bool) {
	for i, column := range columns {
		if i == j.inside {
			continue
		}
		value := column.Value(row)
		if value.IsNull() {
			return b, false
		}
		if j.floats[i] {
			if n, whole := value.Any().(int); whole {
				value = schema.OfFloat(float64(n))
			}
		}
		b = value.AppendKey(b)
	}
	return b, true
}
