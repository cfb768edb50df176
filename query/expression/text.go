package expression

import (
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"netql/query/schema"
	"netql/query/syntax"
)

// textTests are the operators on two texts.
var textTests = map[string]func(s, part string) bool{
	"contains":   strings.Contains,
	"startsWith": strings.HasPrefix,
	"endsWith":   strings.HasSuffix,
}

// textTest lowers contains, startsWith, endsWith and matches. Flags contain a word, lists an element.
func (b *builder) textTest(n *ast.BinaryNode) (operand, error) {
	left, right, err := b.textPairOf(n)
	if err != nil {
		return operand{}, err
	}
	var result operand
	switch {
	case n.Operator == "contains" && left.typ.Kind == schema.Flags:
		result, err = b.holdsFlag(left, right)
	case n.Operator == "contains" && left.typ.Kind == schema.List:
		result, err = b.holdsElement(left, right)
	case !textual(left.typ) && left.typ.Kind != schema.Any:
		return operand{}, syntax.Errorf(left.at, "%s tests text, and %s is %s", n.Operator, left.name(b), article(left.typ)).
			WithHint("string(%s) makes text of it", left.name(b))
	case !textual(right.typ) && right.typ.Kind != schema.Any:
		return operand{}, syntax.Errorf(right.at, "%s needs text on its right", n.Operator).WithHint("text needs quotes: %q", right.name(b))
	case n.Operator == "matches":
		result, err = b.matches(left, right)
	default:
		result = b.textTestOf(left, n.Operator, right)
	}
	result.at = left.at.Join(right.at)
	return result, err
}

// textPairOf lowers the operands. A bare word is a flag or an element of a list, but never a part of text.
func (b *builder) textPairOf(n *ast.BinaryNode) (left, right operand, err error) {
	if left, err = b.lower(n.Left); err != nil {
		return
	}
	if right, err = b.lowerWord(n.Right); err != nil || right.word == "" {
		return
	}
	if textual(left.typ) {
		return left, right, b.unknownColumn(right).WithHint("text needs quotes: %q", right.word)
	}
	right, err = b.resolve(right, left)
	return
}

func (b *builder) textTestOf(left operand, op string, right operand) operand {
	holds := textTests[op]
	if part, ok := right.value.(string); ok {
		return b.test(left, op, []any{part}, func(v any) bool { s, ok := v.(string); return ok && holds(s, part) })
	}
	return b.textPair(left, right, func(s, part string) (bool, error) { return holds(s, part), nil })
}

// textPair tests two texts of which neither is known yet; NULL is false.
func (b *builder) textPair(left, right operand, holds func(s, t string) (bool, error)) operand {
	at := left.at.Join(right.at)
	result := operand{typ: schema.Of(schema.Bool), at: at, certain: true, costly: left.costly || right.costly}
	result.node = b.call(func(args ...any) (any, error) {
		s, ok := args[0].(string)
		t, both := args[1].(string)
		if !ok || !both {
			return false, nil
		}
		holds, err := holds(s, t)
		if err != nil {
			b.complain(operand{at: at}.name(b), err)
		}
		return holds, nil
	}, left.node, right.node)
	return result
}

// maxPatterns bounds the regular expressions that a condition remembers.
const maxPatterns = 1000

// matches tests with a regular expression in Go's syntax. A constant one is compiled once, any other once for each text.
func (b *builder) matches(left, right operand) (operand, error) {
	pattern, ok := right.value.(string)
	if !ok {
		cache := map[string]*regexp.Regexp{}
		return b.textPair(left, right, func(s, pattern string) (bool, error) {
			if cache[pattern] == nil {
				expression, err := regexp.Compile(pattern)
				if err != nil {
					return false, err
				}
				if len(cache) == maxPatterns {
					clear(cache)
				}
				cache[pattern] = expression
			}
			return cache[pattern].MatchString(s), nil
		}), nil
	}
	expression, err := regexp.Compile(pattern)
	if err != nil {
		return operand{}, syntax.Errorf(right.at, "this is no regular expression: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: ")).
			WithHint(`to find text as it is, use contains; \\ takes a character as it is`)
	}
	return b.test(left, "matches", []any{pattern}, func(v any) bool {
		s, ok := v.(string)
		return ok && expression.MatchString(s)
	}), nil
}

// holdsFlag lowers flags contains UP, and UP in flags.
func (b *builder) holdsFlag(flags, word operand) (operand, error) {
	if !word.constant || word.isNull() {
		return operand{}, syntax.Errorf(word.at, "a flag must be a word").WithHint("for example: %s contains UP", flags.name(b))
	}
	value, err := b.convert(word, flags)
	if word.typ.Kind == schema.Enum {
		value, err = word.value, nil
	}
	if err != nil {
		return operand{}, err
	}
	flag, _ := value.(string)
	return b.test(flags, "contains", []any{value}, func(v any) bool {
		words, _ := v.([]string)
		return slices.Contains(words, flag)
	}), nil
}
