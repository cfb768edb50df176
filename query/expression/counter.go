package expression

import (
	"math"
	"slices"
	"time"

	"netql/query/schema"
)

// resetRule says how the difference of a number between two samples is computed where the number has fallen.
type resetRule struct {
	counters []*schema.Column // the counters that the number is a sum of; none: it may fall like any gauge
	wraps    bool             // it is a single counter, which may have wrapped
}

func resetRuleOf(argument operand) resetRule {
	return resetRule{argument.counters, argument.column != nil}
}

// addedCounters are the counters of a result that only falls if one of them starts again: a sum of counters, and one
// times a positive constant. A difference of counters goes up and down, and has none.
func addedCounters(op string, left, right operand) []*schema.Column {
	switch {
	case op == "+" && len(left.counters) > 0 && len(right.counters) > 0:
		return slices.Concat(left.counters, right.counters)
	case op == "+" && right.constant, (op == "*" || op == "/") && positive(right):
		return left.counters
	case op == "+" && left.constant, op == "*" && positive(left):
		return right.counters
	}
	return nil
}

func positive(o operand) bool {
	f, ok := asFloat(o.value)
	return o.constant && ok && f > 0
}

// difference is how much the number has grown; NULL where that cannot be known. Whether a column counts may depend on
// the row (schema.Column.ChangeOf).
func (r resetRule) difference(row schema.Row, now, before any) any {
	counts := len(r.counters) > 0 && !slices.ContainsFunc(r.counters, func(c *schema.Column) bool {
		return c.ChangeFor(row) != schema.Counter
	})
	switch now := now.(type) {
	case int:
		if before, ok := before.(int); ok {
			return counterIncrease(now, before, counts, r.wraps)
		}
	case time.Duration:
		if before, ok := before.(time.Duration); ok && (now >= before || !counts) {
			return now - before
		}
		return nil
	}
	x, ok := asFloat(now)
	y, both := asFloat(before)
	if !ok || !both || counts && x < y {
		return nil
	}
	return finite(x - y)
}

// counterIncrease is the growth of an int. A counter that fell is taken for one of 32 bits that has wrapped if it was
// in the upper half of that range and is in the lower half now, which is how MIBs are read (RFC 2578, section 7.1.6).
// Otherwise it has started again, and the growth is NULL. So is that of a sum that fell, which does not tell which of
// its counters has wrapped.
func counterIncrease(now, before int, counts, wraps bool) any {
	const half, whole = 1 << 31, 1 << 32
	switch {
	case now >= before || !counts:
		if now == math.MaxInt && before == math.MaxInt {
			return nil // it saturates there
		}
		return subInt(now, before)
	case wraps && before >= half && before < whole && now < half:
		return now + whole - before
	}
	return nil
}
