package expression

import (
	"errors"
	"slices"
	"strings"

	"netql/query/schema"
	"netql/query/syntax"
)

// textTests are the operators on two texts.
var textTests = map[string]func(s, part string) bool{
	"contains":   strings.Contains,
	"startsWith": strings.HasPrefix,
	"endsWith":   strings.HasSuffix,
}

// textTest lowers contains, startsWith, endsWith and matches. Flags contain a word, lists an element, and prefixes an
// address.
func (b *builder) textTest(n *syntax.Binary) (operand, error) {
	left, right, err := b.textPairOf(n)
	if err != nil {
		return operand{}, err
	}
	op := n.Operator.Name
	switch {
	case op == "contains" && left.typ.Kind == schema.Flags:
		return b.holdsFlag(left, right)
	case op == "contains" && left.typ.Kind == schema.List:
		return b.holdsElement(left, right)
	case op == "contains" && left.typ.Kind == schema.Prefix:
		return b.inPrefix(right, left)
	case !textual(left.typ) && left.typ.Kind != schema.Any:
		return operand{}, syntax.Errorf(left.at(), "%s tests text, and %s", op, left.described()).
			WithHint("string(%s) makes text of it", left.name())
	case !textual(right.typ) && right.typ.Kind != schema.Any:
		return operand{}, syntax.Errorf(right.at(), "%s needs text on its right", op).
			WithHint("text needs quotes: %q", right.name())
	case op == "matches":
		return b.matches(n, left, right)
	}
	return b.textTestOf(n, left, right), nil
}

// textPairOf lowers the operands. A bare word is a flag, an element of a list or a text, but never a part of the word
// that an enum is.
func (b *builder) textPairOf(n *syntax.Binary) (left, right operand, err error) {
	if left, err = b.lower(n.Left); err != nil {
		return
	}
	if right, err = b.lowerWord(n.Right); err != nil || right.word == "" {
		return
	}
	if left.typ.Kind == schema.Enum {
		return left, right, b.unknownColumn(right).WithHint("text needs quotes: %q", right.word)
	}
	right, err = b.resolve(right, left)
	return
}

func (b *builder) textTestOf(n *syntax.Binary, left, right operand) operand {
	op := n.Operator.Name
	holds := textTests[op]
	if part, ok := right.value.(string); ok {
		return b.test(left, op, []any{part}, func(v any) bool { s, ok := v.(string); return ok && holds(s, part) })
	}
	return b.textPair(n, left, right, func(s, part string) (bool, error) { return holds(s, part), nil })
}

// textPair tests two texts that are known only when a row is there; NULL is false.
func (b *builder) textPair(n syntax.Expression, left, right operand, holds func(s, t string) (bool, error)) operand {
	result := operand{typ: schema.Of(schema.Bool), certain: true, costly: left.costly || right.costly}
	result.node = b.call(func(args ...any) (any, error) {
		s, ok := args[0].(string)
		t, both := args[1].(string)
		if !ok || !both {
			return false, nil
		}
		holds, err := holds(s, t)
		switch {
		case errors.Is(err, errTooMuch), errors.Is(err, errStopped):
			return nil, err
		case err != nil:
			b.warn(n, err)
		}
		return holds, nil
	}, left.node, right.node)
	return result
}

// matches tests with a regular expression in Go's syntax. A constant one is compiled once, any other once for each
// text.
func (b *builder) matches(n *syntax.Binary, left, right operand) (operand, error) {
	text, ok := right.value.(string)
	if !ok {
		return b.matchesAny(n, left, right), nil
	}
	p, err := compilePattern(text)
	if b.patterns += p.weight; err == nil && b.patterns > maxPatternWeight {
		return operand{}, b.tooLarge()
	}
	if err != nil {
		return operand{}, syntax.Errorf(right.at(), "this is no regular expression: %v", err).
			WithHint(`to find text as it is, use contains; \\ takes a character as it is`)
	}
	holds := func(v any) bool {
		s, ok := v.(string)
		return ok && p.matches(s, b.work.stop)
	}
	result := b.test(left, "matches", []any{text}, holds)
	if !result.constant {
		result.node = b.call(func(args ...any) (any, error) {
			s, _ := args[0].(string)
			if err := b.work.spend(p.cost(s)); err != nil {
				return nil, err
			}
			return holds(args[0]), nil
		}, left.node)
	}
	return result, nil
}

// matchesAny tests with regular expressions that are known only when a row is there.
func (b *builder) matchesAny(n *syntax.Binary, left, right operand) operand {
	cache := map[string]pattern{}
	return b.textPair(n, left, right, func(s, text string) (bool, error) {
		p, known := cache[text]
		if !known {
			b.work.steps += len(text)
			var err error
			if p, err = compilePattern(text); err != nil {
				return false, err
			}
			if len(cache) == maxPatterns {
				clear(cache)
			}
			cache[text] = p
			b.work.steps += p.weight
		}
		if err := b.work.spend(p.cost(s)); err != nil {
			return false, err
		}
		return p.matches(s, b.work.stop), nil
	})
}

// holdsFlag lowers flags contains UP, and UP in flags.
func (b *builder) holdsFlag(flags, word operand) (operand, error) {
	if !word.constant || word.isNull() {
		return operand{}, syntax.Errorf(word.at(), "a flag must be a word").
			WithHint("for example: %s contains UP", flags.name())
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
