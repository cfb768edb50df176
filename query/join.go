package query

import (
	"context"
	"fmt"

	"netql/query/expression"
	"netql/query/schema"
)

// joining is join: a hash join. The other table is read first and kept; the rows so far stream past it.
type joining struct {
	text    string
	left    bool // rows without a partner stay
	table   *Table
	here    []*schema.Column // the columns that must be equal, of the input
	there   []*schema.Column // and of the other table
	floats  []bool           // whether these are compared as floats, because one of them may be one
	origins map[string]origin
	output  schema.Schema

	wanted  Set // of the other table
	request Request
	source  source
}

// origin is where a column of the result comes from.
type origin struct {
	column string
	there  bool
}

// pair is a row of the result; there is nil where the row has no partner.
type pair struct{ here, there schema.Row }

// arrange decides on the columns of the result: those of the input, then those of the other table, with _2 where a name
// is taken. A column that both share by name is there once.
func (j *joining) arrange(input schema.Schema, shared Set) {
	names := map[string]string{}
	j.output = schema.Schema{Source: input.Source + " joined with " + j.table.Name}
	taken := Set{}
	for _, column := range input.Columns {
		j.add(column, column.Name, false)
		taken.add(column.Name)
	}
	for _, column := range j.table.Columns {
		if shared[column.Name] {
			continue
		}
		name := free(column.Name, taken)
		names[column.Name] = name
		taken.add(name)
		j.add(column, name, true)
	}
	for _, column := range input.Identity {
		j.output.Identity = append(j.output.Identity, j.lift(column, column.Name, false))
	}
	for _, column := range j.table.schema().Identity {
		j.output.Identity = append(j.output.Identity, j.lift(column, column.Name, true))
	}
	j.output.Shown = append(j.output.Shown, input.Shown...)
	for _, name := range j.table.Shown {
		if names[name] != "" {
			j.output.Shown = append(j.output.Shown, names[name])
		}
	}
}

// add puts a column of one side into the result.
func (j *joining) add(original *schema.Column, name string, there bool) {
	j.output.Columns = append(j.output.Columns, j.lift(original, name, there))
	j.origins[name] = origin{original.Name, there}
}

// lift makes a column of one side one of the pairs.
func (j *joining) lift(original *schema.Column, name string, there bool) *schema.Column {
	side := func(r schema.Row) schema.Row { return r.(*pair).here }
	if there {
		side = func(r schema.Row) schema.Row { return r.(*pair).there }
	}
	column := original.Within(side)
	column.Name = name
	return column
}

// String shows how the other table is read, too.
func (j *joining) String() string {
	return j.text + "\n  scan " + j.table.Name + ": " + j.source.String() + "\n    reads " + j.table.reads(j.request)
}

func (j *joining) schema() schema.Schema { return j.output }

func (j *joining) needs(wanted Set) Set {
	here := Set{}
	j.wanted = Set{}
	for name := range wanted {
		if o := j.origins[name]; o.there {
			j.wanted.add(o.column)
		} else {
			here.add(o.column)
		}
	}
	for i := range j.here {
		here.add(j.here[i].Name)
		j.wanted.add(j.there[i].Name)
	}
	return here
}

func (j *joining) through(column string) (string, bool) {
	o, ok := j.origins[column]
	return o.column, ok && !o.there
}

// decide lets the other table choose how to read. conditions are about the result. One that a row without a partner can
// satisfy says nothing about the partners of a left join: leaving them out would make such rows.
func (j *joining) decide(hinted bool, conditions []Predicate, request Request) {
	var parts []Predicate
	for _, condition := range conditions {
		p := condition.Rename(func(column string) (string, bool) {
			o := j.origins[column]
			return o.column, o.there
		})
		alone := func(string) (any, bool) { return nil, true }
		if !j.left || !p.May(alone) {
			parts = append(parts, p)
		}
	}
	j.request = request
	j.request.Columns, j.request.Where = j.wanted, Predicate{}
	if hinted {
		j.request.Where = expression.And(parts...)
	}
	j.source = j.table.scan(j.request)
}

func (j *joining) rows(ctx context.Context, input Rows) Rows {
	return func(yield func(schema.Row, error) bool) {
		partners, err := j.partners(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		values := make([]any, len(j.here))
		pairs := 0
		for row, err := range input {
			if err != nil {
				yield(nil, err)
				return
			}
			found := partners[j.key(readAll(values, j.here, row))]
			if len(found) == 0 && j.left {
				found = []schema.Row{nil}
			}
			if pairs += len(found); pairs > maxPairs {
				yield(nil, fmt.Errorf("%s: more than %d rows agree; join on more columns, or filter before", j.text, maxPairs))
				return
			}
			for _, partner := range found {
				if !yield(&pair{row, partner}, nil) {
					return
				}
			}
		}
	}
}

// maxPairs bounds the rows of a join. Tables have up to some 100,000 rows, so more is a join on a column that says little,
// and a sort after it would take all memory.
const maxPairs = 10_000_000

// partners are the rows of the other table by the values that must be equal.
func (j *joining) partners(ctx context.Context) (map[any][]schema.Row, error) {
	partners := map[any][]schema.Row{}
	values := make([]any, len(j.there))
	for row, err := range j.source.rows(ctx) {
		if err != nil {
			return nil, err
		}
		if key := j.key(readAll(values, j.there, row)); key != nil {
			partners[key] = append(partners[key], row)
		}
	}
	return partners, nil
}

// key is the same for rows that agree, and nil where a value is NULL, which equals nothing.
func (j *joining) key(values []any) any {
	for i, value := range values {
		switch v := value.(type) {
		case nil:
			return nil
		case int:
			if j.floats[i] {
				values[i] = float64(v)
			}
		}
	}
	return combination(values)
}
