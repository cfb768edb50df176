package render

import (
	"math"

	"netql/query/schema"
)

// The characters of graphs, from the lowest to the highest.
var (
	blocks = []rune{'▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'}
	ascii  = []rune{'_', '.', '-', '=', '+', '*', '#', '@'}
)

// interval is the numbers that the lowest and the highest character of graphs stand for. The lowest is 0, or the
// smallest number where that is below 0; the highest is the largest number.
type interval struct{ lowest, highest float64 }

func (i *interval) add(numbers []float64) {
	for _, n := range numbers {
		i.lowest, i.highest = min(i.lowest, n), max(i.highest, n)
	}
}

// spark is a graph of numbers, one character each, on the scale of the interval.
func (i interval) spark(numbers []float64, heights []rune) string {
	graph := make([]rune, len(numbers))
	for j, n := range numbers {
		graph[j] = heights[height((n-i.lowest)/(i.highest-i.lowest), len(heights))]
	}
	return string(graph)
}

// height is the step, of so many, for a share of the whole from 0 to 1. Only 0 is the lowest step.
func height(share float64, steps int) int {
	if math.IsNaN(share) || share <= 0 {
		return 0
	}
	return min(steps-1, int(math.Ceil(share*float64(steps-1))))
}

// measureSeries computes the scales of columns of series, each of which is one for all rows. values calls a function
// with the index of the column of each value.
func (o Options) measureSeries(columns []*schema.Column, values func(yield func(i int, v any))) Options {
	if !hasSeries(columns) {
		return o
	}
	o.series = map[*schema.Column]interval{}
	values(func(i int, v any) {
		if numbers, ok := v.([]float64); ok {
			scale := o.series[columns[i]]
			scale.add(numbers)
			o.series[columns[i]] = scale
		}
	})
	return o
}

func hasSeries(columns []*schema.Column) bool {
	for _, c := range columns {
		if c.Type.Kind == schema.Series {
			return true
		}
	}
	return false
}

// readSeries reads all rows where a column is of series, to measure these, and gives the rows once more.
func (o Options) readSeries(columns []*schema.Column, rows Rows) (Options, Rows) {
	if !hasSeries(columns) {
		return o, rows
	}
	var all []schema.Row
	var failure error
	for row, err := range rows {
		if failure = err; err == nil {
			all = append(all, row)
		}
	}
	o = o.measureSeries(columns, func(yield func(i int, v any)) {
		for _, row := range all {
			for i, c := range columns {
				if c.Type.Kind == schema.Series {
					yield(i, c.Get(row))
				}
			}
		}
	})
	return o, func(yield func(schema.Row, error) bool) {
		for _, row := range all {
			if !yield(row, nil) {
				return
			}
		}
		if failure != nil {
			yield(nil, failure)
		}
	}
}

// label is the name of a column, with the ends of its scale where it is of series.
func (o Options) label(c *schema.Column) string {
	scale, ok := o.series[c]
	if !ok {
		return c.Name
	}
	return c.Name + " " + forPeople(scale.lowest, c.Unit) + ".." + forPeople(scale.highest, c.Unit)
}

// people is a value as text for a person.
func (o Options) people(c *schema.Column, v any) string {
	numbers, ok := v.([]float64)
	if !ok {
		return valueForPeople(c, v)
	}
	heights := blocks
	if o.ASCII {
		heights = ascii
	}
	scale, ok := o.series[c]
	if !ok {
		scale.add(numbers)
	}
	return scale.spark(numbers, heights)
}
