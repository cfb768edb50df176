package expression

import (
	"math"
	"slices"
	"time"

	"netql/query/schema"
)

// fall says what it means that a number is smaller than in the sample before.
type fall struct {
	counters []*schema.Column // it grows with these, and falls only if one of them starts again; none: it may fall
	wraps    bool             // it is one of them and nothing more, so that it may have wrapped
}

func fallOf(argument operand) fall {
	return fall{argument.counters, argument.column != nil}
}

// grows are the counters with which the result of an operation grows: a sum of what grows, and that times a positive
// constant. A difference of counters goes up and down.
func grows(op string, left, right operand) []*schema.Column {
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

// difference is how much the number has grown; NULL where that cannot be known. A row's own columns say whether they
// count (see schema.Column.ChangeOf).
func (f fall) difference(row schema.Row, now, before any) any {
	counts := len(f.counters) > 0 && !slices.ContainsFunc(f.counters, func(c *schema.Column) bool {
		return c.In(row) != schema.Counter
	})
	switch now := now.(type) {
	case int:
		if before, ok := before.(int); ok {
			return grown(now, before, counts, f.wraps)
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

// grown takes a counter that fell for one of 32 bits that has wrapped if it was in the upper half of them and is in
// the lower half now, which is how MIBs are read (RFC 2578, section 7.1.6). Otherwise it has started again. Of a sum of
// counters that fell nobody knows which has wrapped.
func grown(now, before int, counts, wraps bool) any {
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
