package query

import (
	"strconv"
	"strings"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// item is a column of a stage, and the expression it comes from.
type item struct {
	column     *schema.Column
	expression *expression.Expression
}

// items compiles the items of a stage, without those that are *. stars has, for each item of the list, how many * stand
// before it.
func (c *compiler) items(list []syntax.Item) (items []item, stars []int, err error) {
	names, count := Set{}, 0
	for _, s := range list {
		stars = append(stars, count)
		if s.Star {
			count++
			continue
		}
		e, err := c.expression(s.Expression)
		if err != nil {
			return nil, nil, err
		}
		column, err := itemColumn(s, e, names)
		if err == nil && e.HasPrefetch {
			column.Prefetch, err = c.prefetch(s.Expression)
		}
		if err != nil {
			return nil, nil, err
		}
		items = append(items, item{column, e})
	}
	return items, stars, nil
}

// itemColumn is the column that an item makes. Its name is added to taken.
func itemColumn(s syntax.Item, e *expression.Expression, taken Set) (*schema.Column, error) {
	name, err := itemName(s, e, taken)
	if err != nil {
		return nil, err
	}
	taken.add(name)
	if original, ok := e.Column(); ok {
		renamed := *original
		renamed.Name = name
		return &renamed, nil
	}
	doc := "Computed: " + s.Expression.String() + "."
	return &schema.Column{Name: name, Doc: doc, Type: e.Type, Unit: e.Unit, Costly: e.Costly, Comparing: e.Comparing,
		Value: schema.Boxing(memoize(e.Eval))}, nil
}

// memoize keeps the value of the last row, because a column is often read several times for each row: by a filter, a
// sort, other columns and the output.
func memoize(eval func(schema.Row) any) func(schema.Row) any {
	var last schema.Row
	var value any
	return func(row schema.Row) any {
		if last == nil || row != last {
			value, last = eval(row), row
		}
		return value
	}
}

// itemName is the name the query gives, else the column's, else one made of the words of the expression.
func itemName(s syntax.Item, e *expression.Expression, taken Set) (string, error) {
	if s.Name != nil {
		if taken[s.Name.Name] {
			return "", syntax.Errorf(s.Name.Range, "there are two columns called %q",
				s.Name.Name).WithHint("give one of them another name")
		}
		return s.Name.Name, nil
	}
	base := nameOf(s.Expression)
	if column, ok := e.Column(); ok {
		base = column.Name
	}
	return uniqueName(base, taken), nil
}

// uniqueName is the name, with _2 and so on where it is taken.
func uniqueName(base string, taken Set) string {
	name := base
	for n := 2; taken[name]; n++ {
		name = base + "_" + strconv.Itoa(n)
	}
	return name
}

// nameOf makes a name of an expression: p95(rtt) is p95_rtt, total_retrans / segs_out is total_retrans_segs_out.
func nameOf(e syntax.Expression) string {
	var parts []string
	for _, name := range syntax.Names(e) {
		if !name.Quoted() {
			name.Name = strings.ToLower(name.Name)
		}
		parts = append(parts, name.Name)
	}
	if len(parts) == 0 {
		return "value"
	}
	return strings.Join(parts, "_")
}

// itemNeeds are the columns of the input behind the wanted columns of the output.
func itemNeeds(items []item, kept, wanted Set) Set {
	needed := Set{}
	for column := range wanted {
		if kept[column] {
			needed.add(column)
		}
	}
	for _, it := range items {
		if wanted[it.column.Name] {
			needed.add(it.expression.Columns...)
		}
	}
	return needed
}

func itemInputColumn(items []item, kept Set, column string) (string, bool) {
	for _, it := range items {
		if it.column.Name == column {
			original, ok := it.expression.Column()
			if !ok {
				return "", false
			}
			return original.Name, true
		}
	}
	return column, kept[column]
}
