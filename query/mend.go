package query

import (
	"cmp"
	"errors"

	"netql/query/syntax"
)

// maxFixes bounds the mistakes of one query that are mended, each of which costs a compilation.
const maxFixes = 20

// withLine completes an error of compile: where fixes are known, of this mistake and of those that show behind it, Line
// is the query that they make, in canonical spelling, and the hint of an error that has none. If they do not make a
// query that compiles, and the error has no hint, the mistake that is left is the error.
func withLine(text string, err error, compile func(text string) (*Plan, error)) error {
	var first *syntax.Error
	if !errors.As(err, &first) || first.Incomplete {
		return err
	}
	if statement := fromSelect(text); statement != nil {
		first = statement
	}
	line, last := text, first
	for range maxFixes {
		fix := last.Fix
		if fix == nil {
			break
		}
		line = fix.Apply(line)
		plan, err := compile(line)
		if err == nil {
			first.Line = plan.Query()
			first.Hint = cmp.Or(first.Hint, first.Line)
			return first
		}
		if !errors.As(err, &last) {
			break
		}
	}
	if first.Hint == "" && first.Fix != nil {
		last.Text = line
		return last
	}
	return first
}
