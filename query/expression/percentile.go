package expression

import (
	"math"
	"math/bits"
	"strconv"

	"netql/query/schema"
	"netql/query/stop"
)

// percentile keeps every value, which an exact percentile needs.
type percentile struct {
	accumulation
	percent float64
	values  []any
}

func (a accumulation) newPercentile(percent float64) Accumulator {
	return &percentile{accumulation: a, percent: percent}
}

// perValue is about how many bytes a value takes in the list, with the room that there is for more and for sorting.
const perValue = 2*16 + 16

func (p *percentile) Add(v any) {
	p.keeper.Keep(perValue)
	p.values = append(p.values, v)
}

func (p *percentile) Result() any {
	if len(p.values) == 0 || !stop.Sort(p.stop, p.values, schema.Compare) {
		return nil
	}
	return p.values[nearestRank(len(p.values), p.percent)]
}

// nearestRank is the index of the first of n sorted values that so many per cent do not exceed. It counts in whole
// billionths of a per cent: 99.9 is no float64, and a little more of it would be the next rank.
func nearestRank(n int, percent float64) int {
	const billionths, whole = 1e9, 100 * 1e9
	high, low := bits.Mul64(uint64(n), uint64(math.Round(percent*billionths)))
	rank, rest := bits.Div64(high, low, whole)
	if rest == 0 && rank > 0 {
		rank--
	}
	return int(rank)
}

// isPercent says whether the text is a number from 0 to 100.
func isPercent(text string) bool {
	f, err := strconv.ParseFloat(text, 64)
	return err == nil && f >= 0 && f <= 100
}
