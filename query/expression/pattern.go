package expression

import (
	"fmt"
	"io"
	"regexp"
	"regexp/syntax"
	"strings"

	"netql/query/stop"
)

const (
	maxPattern       = 64 << 10 // bytes of a regular expression
	maxPatternWeight = 10_000   // and of what it is compiled to: about the steps for each character of a text
	maxPatterns      = 100      // that a condition remembers
	longMatch        = 64 << 10 // steps from which on a match can be stopped
)

// pattern is a regular expression, and what a character of text costs.
type pattern struct {
	*regexp.Regexp
	weight int
}

// compilePattern refuses what would be large: x{1000} stands for a thousand x.
func compilePattern(text string) (pattern, error) {
	if len(text) > maxPattern {
		return pattern{}, fmt.Errorf("it is longer than %d bytes", maxPattern)
	}
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return pattern{}, fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	w := weight(tree)
	if w > maxPatternWeight {
		return pattern{}, fmt.Errorf("it is too large")
	}
	expression, err := regexp.Compile(text)
	return pattern{expression, w}, err
}

// weight is about how many instructions the expression is compiled to.
func weight(re *syntax.Regexp) int {
	total := 1 + len(re.Rune)/textStep
	if re.Op == syntax.OpLiteral {
		total = len(re.Rune)
	}
	for _, sub := range re.Sub {
		total = min(total+weight(sub), maxPatternWeight+1)
	}
	if re.Op == syntax.OpRepeat {
		total *= max(1, re.Min, re.Max)
	}
	return min(total, maxPatternWeight+1)
}

// cost is the steps for matching a text.
func (p pattern) cost(text string) int { return len(text) * p.weight / textStep }

// matches is false, whatever the text is, when the run is to end meanwhile. Only a match that reads its text rune by
// rune can be stopped; it is slower, because it cannot search for literal parts first, and so used for long ones alone.
func (p pattern) matches(text string, flag *stop.Flag) bool {
	if p.cost(text) < longMatch {
		return p.MatchString(text)
	}
	return p.MatchReader(&stoppable{*strings.NewReader(text), flag})
}

// stoppable is a text that ends when the run is to end.
type stoppable struct {
	strings.Reader
	stop *stop.Flag
}

// ReadRune implements io.RuneReader.
func (s *stoppable) ReadRune() (r rune, size int, err error) {
	if s.stop.Set() {
		return 0, 0, io.EOF
	}
	return s.Reader.ReadRune()
}
