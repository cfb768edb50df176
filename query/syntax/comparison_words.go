package syntax

import (
	"regexp"
	"strconv"
	"strings"
)

// wordComparison reads a comparison that other languages have a word for: between and is null have one meaning and are
// taken, like and its kin are told what to write. found is false where none follows.
func (p *Parser) wordComparison(start int, left Expression) (n Expression, err *Error, found bool) {
	negated, word := p.peek(0).operation().Name == "not", p.peek(0)
	if negated {
		word = p.peek(1)
	}
	from := p.peek(0).Range.Start
	switch {
	case word.IsWord("between"):
		n, err = p.between(start, left, negated)
	case word.IsWord("is") && !negated:
		n, err = p.isNull(start, left)
	case word.Kind == Name && patternWords[strings.ToLower(word.Text)].instead != "":
		n, err = p.pattern(from, negated)
	default:
		return nil, nil, false
	}
	return n, err, true
}

// skipNegated reads the word, and the not before it.
func (p *Parser) skipNegated(negated bool) Token {
	if negated {
		p.at++
	}
	return p.Take()
}

// between reads SQL's between 1 and 5, which is in 1..5.
func (p *Parser) between(start int, left Expression, negated bool) (Expression, *Error) {
	word := p.skipNegated(negated)
	if err := p.count(); err != nil {
		return nil, err
	}
	low, err := p.rightOperand(left, Operation{word.Range, "between"}, levelSum)
	if err != nil {
		return nil, err
	}
	if p.peek(0).Keyword() != "and" {
		return nil, p.Missing("and", "lport between 1 and 1023")
	}
	and := p.Take()
	high, err := p.rightOperand(left, Operation{word.Range, "between"}, levelSum)
	if err != nil {
		return nil, err
	}
	ends := &Binary{node: node{low.Span().Join(high.Span())}, Operator: Operation{and.Range, ".."}, Left: low,
		Right: high}
	in := Operation{word.Range, "in"}
	return &Binary{node: p.from(start), Operator: in, Left: left, Right: ends, Negated: negated}, nil
}

// isNull reads SQL's is null and is not null, which are == nil and != nil.
func (p *Parser) isNull(start int, left Expression) (Expression, *Error) {
	is := p.Take()
	op := Operation{is.Range, "=="}
	if p.peek(0).operation().Name == "not" {
		op = Operation{is.Range.Join(p.Take().Range), "!="}
	}
	null := p.peek(0)
	if p.done() {
		return nil, p.Missing("null", "pid is not null")
	}
	if null.Keyword() != "nil" {
		e := Errorf(op.Range, "is tests for NULL and nothing else")
		return nil, e.WithFix(op.Range, "%s", op.Name)
	}
	p.at++
	if err := p.count(); err != nil {
		return nil, err
	}
	right := &Constant{node{null.Range}, Name, "nil", nil}
	return &Binary{node: p.from(start), Operator: op, Left: left, Right: right}, nil
}

// patternWords are other languages' words for tests of text: the operator to write, and how they read the text.
var patternWords = map[string]struct {
	instead  string
	like     bool // it has % and _ as in SQL
	anyCases bool // it takes capital and small letters for the same
}{
	"like": {"matches", true, false}, "ilike": {"matches", true, true},
	"rlike": {"matches", false, false}, "regexp": {"matches", false, false}, "regex": {"matches", false, false},
	"has": {"contains", false, false}, "includes": {"contains", false, false},
	"starts_with": {"startsWith", false, false}, "ends_with": {"endsWith", false, false},
}

// pattern is the error for such a word, with the test that does the same.
func (p *Parser) pattern(from int, negated bool) (Expression, *Error) {
	word := p.skipNegated(negated)
	known := patternWords[strings.ToLower(word.Text)]
	e := Errorf(word.Range, "netql has no %s", strings.ToLower(word.Text))
	not := ""
	if negated {
		not = "not "
	}
	text, isText := p.peek(0).Value.(string)
	switch {
	case !known.like:
		return nil, e.WithFix(Range{from, word.Range.End}, "%s%s", not, known.instead)
	case !isText || p.peek(0).Kind != String:
		return nil, e.WithHint("text is tested with contains, startsWith, endsWith and matches")
	}
	return nil, e.WithFix(Range{from, p.peek(0).Range.End}, "%s", likeTest(text, known.anyCases, negated))
}

// likeTest is the test that SQL's like makes: % stands for any characters, and _ for one.
func likeTest(pattern string, anyCases, negated bool) string {
	not := ""
	if negated {
		not = "not "
	}
	inner := strings.Trim(pattern, "%")
	before, after := strings.HasPrefix(pattern, "%"), strings.HasSuffix(pattern, "%")
	switch {
	case anyCases || strings.ContainsAny(inner, "%_"):
		return not + "matches " + strconv.Quote(likeExpression(pattern, anyCases))
	case before && after:
		return not + "contains " + strconv.Quote(inner)
	case after:
		return not + "startsWith " + strconv.Quote(inner)
	case before:
		return not + "endsWith " + strconv.Quote(inner)
	case negated:
		return "!= " + strconv.Quote(inner)
	}
	return "== " + strconv.Quote(inner)
}

// likeExpression is the regular expression of a pattern of like.
func likeExpression(pattern string, anyCases bool) string {
	inner := strings.Trim(pattern, "%")
	text := strings.NewReplacer("%", ".*", "_", ".").Replace(regexp.QuoteMeta(inner))
	if !strings.HasPrefix(pattern, "%") {
		text = "^" + text
	}
	if !strings.HasSuffix(pattern, "%") {
		text += "$"
	}
	if anyCases {
		text = "(?i)" + text
	}
	return text
}
