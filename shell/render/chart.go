package render

import (
	"math"
	"slices"
	"strconv"
	"time"

	"netql/query/schema"
)

// chart is the bars of some rows. It has to know all of them, because the largest number decides how long bars are.
type chart struct {
	schema.Bars
	rows   []chartRow
	scales []barScale // of each number
	sums   []float64  // of each number
}

// chartRow is the numbers of a row that are drawn, and the level of its state, which colours them.
type chartRow struct {
	sizes []float64 // 0 has no bar
	level schema.Level
}

// add takes a row; value gives its values.
func (c *chart) add(columns []*schema.Column, value func(*schema.Column) any) {
	row := chartRow{sizes: make([]float64, len(c.Numbers))}
	known := c.Known == nil || value(c.Known) != nil
	for i, number := range c.Numbers {
		if known {
			row.sizes[i] = size(value(number))
		}
	}
	for _, column := range columns {
		if word, ok := value(column).(string); ok && column.Type.Kind == schema.Enum && row.level == schema.Plain {
			row.level = level(column, word)
		}
	}
	c.rows = append(c.rows, row)
}

// rowSize is about how many bytes the chart takes for a row, with its place in a list of lines.
func (c *chart) rowSize() int {
	const itself, perNumber = 96, 24
	return itself + perNumber*len(c.Numbers)
}

// size is the number that a bar shows of a value; 0 for NULL, for numbers below zero and for what is no number.
func size(v any) float64 {
	switch v := v.(type) {
	case int:
		return max(0, float64(v))
	case float64:
		return max(0, v)
	case time.Duration:
		return max(0, float64(v))
	}
	return 0
}

// settle computes the scales, when all rows are there. Two numbers of one kind and unit have one scale.
func (c *chart) settle() {
	all := make([][]float64, len(c.Numbers))
	c.sums = make([]float64, len(c.Numbers))
	for _, row := range c.rows {
		for i, size := range row.sizes {
			all[i] = append(all[i], size)
			c.sums[i] += size
		}
	}
	if len(all) == 2 && sameScale(c.Numbers[0], c.Numbers[1]) {
		both := slices.Concat(all...)
		all = [][]float64{both, both}
	}
	c.scales = make([]barScale, len(all))
	for i, sizes := range all {
		c.scales[i] = newBarScale(sizes, c.Log)
	}
}

// sameScale says whether the sizes of two numbers can be compared.
func sameScale(a, b *schema.Column) bool {
	return a.Unit == b.Unit && (a.Type.Kind == schema.Duration) == (b.Type.Kind == schema.Duration)
}

// length is how long the bar of a number is, from 0 to 1.
func (c *chart) length(row, number int) float64 {
	return c.scales[number].length(c.rows[row].sizes[number])
}

// shares are the columns for what per cent each number is of its sum, if that is wanted.
func (c *chart) shares() (columns []*schema.Column) {
	if !c.Share {
		return nil
	}
	for _, number := range c.Numbers {
		name := "share"
		if len(c.Numbers) > 1 {
			name = number.Name + " share"
		}
		columns = append(columns, &schema.Column{Name: name, Type: schema.Of(schema.Float)})
	}
	return columns
}

// share is the text in such a column; "" for a row without a bar.
func (c *chart) share(row, number int) string {
	size, sum := c.rows[row].sizes[number], c.sums[number]
	if size <= 0 || sum <= 0 || math.IsInf(sum, 0) {
		return ""
	}
	return strconv.FormatFloat(100*size/sum, 'f', 1, 64) + "%"
}

// barScale says how long bars are.
type barScale struct {
	longest float64 // the number of the longest bar
	from    float64 // of a logarithmic scale: the number of a bar without length; else 0
}

// newBarScale is the scale of these numbers. A logarithmic one begins at the power of ten below the least number above
// 0, so that this one has a bar, too.
func newBarScale(sizes []float64, log bool) barScale {
	s, least := barScale{}, math.Inf(1)
	for _, size := range sizes {
		s.longest = max(s.longest, size)
		if size > 0 {
			least = min(least, size)
		}
	}
	if log && s.longest > 0 {
		s.from = math.Pow(10, math.Ceil(math.Log10(least))-1)
	}
	return s
}

func (s barScale) length(size float64) float64 {
	switch {
	case size <= 0:
		return 0
	case s.from > 0:
		return math.Log(size/s.from) / math.Log(s.longest/s.from)
	}
	return size / s.longest
}
