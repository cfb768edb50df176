package query

import (
	"context"
	"math"
	"slices"
	"time"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/stop"
)

// histogramOp implements histogram. It keeps all values, because the least and the largest decide what the bins are.
type histogramOp struct {
	text   string
	value  *expression.Expression
	log    bool
	by     *item // nil: one histogram of all rows
	output schema.Schema
	stop   *stop.Flag
}

// histogramRow is a bin and how many values lie in it.
type histogramRow struct {
	by           any
	lower, upper any // lower is NULL for values below 0 on a logarithmic scale, both are for NULL
	count        int
}

// histogram are the values of one group.
type histogram struct {
	by     any
	values []any // ints, float64s or durations
	nulls  int
}

func (h *histogramOp) String() string        { return h.text }
func (h *histogramOp) use() use              { return keeps }
func (h *histogramOp) combines() bool        { return true }
func (h *histogramOp) schema() schema.Schema { return h.output }

func (h *histogramOp) needs(Set) Set {
	needed := Set{}.add(h.value.Columns...)
	if h.by != nil {
		needed.add(h.by.expression.Columns...)
	}
	return needed
}

// inputColumn: no condition may come first, because all values together decide what the bins are.
func (h *histogramOp) inputColumn(string) (string, bool) { return "", false }

func (h *histogramOp) rows(_ context.Context, input Rows) Rows {
	return func(yield func(schema.Row, error) bool) {
		groups, err := h.collect(input)
		if err != nil {
			yield(nil, err)
			return
		}
		if h.by != nil && !stop.Sort(h.stop, groups, h.compare) {
			return
		}
		b := h.bins(groups)
		for _, group := range groups {
			for _, row := range group.rows(b) {
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// collect reads the whole input. Where that breaks off there are no bins.
func (h *histogramOp) collect(input Rows) ([]*histogram, error) {
	var groups []*histogram
	index := map[any]*histogram{}
	for row, err := range input {
		if err != nil {
			return nil, err
		}
		var by any
		if h.by != nil {
			by = h.by.expression.Eval(row)
		}
		key := schema.Key(by)
		group, known := index[key]
		if !known {
			group = &histogram{by: by}
			index[key] = group
			groups = append(groups, group)
		}
		if value := h.number(h.value.Eval(row)); value != nil {
			group.values = append(group.values, value)
		} else {
			group.nulls++
		}
	}
	return groups, nil
}

// number is a value as it is compared with bounds, which are of one Go type; nil for what is no number.
func (h *histogramOp) number(value any) any {
	kind := boundType(h.value).Kind
	switch v := value.(type) {
	case int:
		if kind == schema.Float {
			return float64(v)
		}
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) || kind != schema.Float {
			return nil
		}
	case time.Duration:
		if kind != schema.Duration {
			return nil
		}
	default:
		return nil
	}
	return value
}

func (h *histogramOp) compare(a, b *histogram) int {
	return h.by.expression.Type.Compare(a.by, b.by)
}

// bins are the same for all groups, so that these can be compared.
func (h *histogramOp) bins(groups []*histogram) bins {
	var all []any
	for _, group := range groups {
		all = append(all, group.values...)
	}
	return newBins(all, h.log, h.value.Unit)
}

// rows are the bins from the first to the last that has values, and one for NULL where there are any.
func (g *histogram) rows(b bins) (rows []*histogramRow) {
	counts := make([]int, max(0, len(b)-1))
	for _, value := range g.values {
		counts[b.find(value)]++
	}
	counted := func(n int) bool { return n > 0 }
	if first := slices.IndexFunc(counts, counted); first >= 0 {
		last := len(counts) - 1
		for ; counts[last] == 0; last-- {
		}
		for i := first; i <= last; i++ {
			rows = append(rows, &histogramRow{g.by, b[i], b[i+1], counts[i]})
		}
	}
	if g.nulls > 0 {
		rows = append(rows, &histogramRow{by: g.by, count: g.nulls})
	}
	return rows
}
