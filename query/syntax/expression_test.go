package syntax

import (
	"fmt"
	"strings"
	"testing"
)

// shape shows what belongs together: every operation in brackets, the operator first.
func shape(n Expression) string {
	switch n := n.(type) {
	case nil:
		return "_"
	case *Unary:
		return shapeOf(n.Operator.Name, n.Operand)
	case *Binary:
		name := n.Operator.Name
		if n.Negated {
			name = "not-" + name
		}
		if n.Hyphen {
			name = "hyphen"
		}
		return shapeOf(name, n.Left, n.Right)
	case *Chain:
		var names []string
		for _, op := range n.Operators {
			names = append(names, op.Name)
		}
		return shapeOf(strings.Join(names, ""), n.Operands...)
	case *Conditional:
		return shapeOf("?", n.Condition, n.Then, n.Else)
	case *Array:
		return shapeOf("list", n.Elements...)
	case *Call:
		if n.Piped {
			return shapeOf("pipe "+n.Name.Name, n.Arguments...)
		}
		return shapeOf("call "+n.Name.Name, n.Arguments...)
	case *Field:
		return shapeOf("."+n.Name.Name, n.Object)
	case *Index:
		return shapeOf("index", n.Object, n.Index)
	case *Slice:
		return shapeOf("slice", n.Object, n.From, n.To)
	}
	return n.String()
}

func shapeOf(name string, nodes ...Expression) string {
	parts := []string{name}
	for _, n := range nodes {
		parts = append(parts, shape(n))
	}
	return "(" + strings.Join(parts, " ") + ")"
}

// TestPrecedence holds what belongs together, and the canonical text of it.
func TestPrecedence(t *testing.T) {
	for text, want := range map[string][2]string{
		`a or b and c or d`:              {"(or (or a (and b c)) d)", `a or b and c or d`},
		`(a or b) and c`:                 {"(and (or a b) c)", `(a or b) and c`},
		`a||b&&!c`:                       {"(or a (and b (not c)))", `a or b and not c`},
		`not a == b`:                     {"(not (== a b))", `not a == b`},
		`not (a == b)`:                   {"(not (== a b))", `not a == b`},
		`! a == b and c`:                 {"(and (not (== a b)) c)", `not a == b and c`},
		`(not a) == b`:                   {"(== (not a) b)", `(not a) == b`},
		`a == not b`:                     {"(== a (not b))", `a == (not b)`},
		`a == not b and c`:               {"(and (== a (not b)) c)", `a == (not b) and c`},
		`not not a in [1]`:               {"(not (not (in a (list 1))))", `not not a in [1]`},
		`not a not in b`:                 {"(not (not-in a b))", `not a not in b`},
		`a NOT IN b or c Not Contains d`: {"(or (not-in a b) (not-contains c d))", `a not in b or c not contains d`},
		`a < b <= c > d`:                 {"(<<=> a b c d)", `a < b <= c > d`},
		`(a < b) < c`:                    {"(< (< a b) c)", `(a < b) < c`},
		`a < (b < c)`:                    {"(< a (< b c))", `a < (b < c)`},
		`a < b == c`:                     {"(== (< a b) c)", `(a < b) == c`},
		`a == b < c < d`:                 {"(<< (== a b) c d)", `(a == b) < c < d`},
		`a in 1..5+1`:                    {"(in a (.. 1 (+ 5 1)))", `a in 1..5 + 1`},
		`a > 80% and b`:                  {"(and (> a 0.8) b)", `a > 0.8 and b`},
		`a == 300%`:                      {"(== a 3.0)", `a == 3.0`},
		`(80%) - 3`:                      {"(- 0.8 3)", `0.8 - 3`},
		`a - b - c`:                      {"(- (- a b) c)", `a - b - c`},
		`a - (b - c)`:                    {"(- a (- b c))", `a - (b - c)`},
		`a-b-c - d`:                      {"(- (hyphen (hyphen a b) c) d)", `a-b-c - d`},
		`a-b * c`:                        {"(- a (* b c))", `a - b * c`},
		"`a`-b":                          {"(- a b)", `a - b`},
		`fin-wait-2`:                     {"(hyphen (hyphen fin wait) 2)", `fin-wait-2`},
		`5-a`:                            {"(- 5 a)", `5 - a`},
		`(a + b) * -c / d % e`:           {"(% (/ (* (+ a b) (- c)) d) e)", `(a + b) * -c / d % e`},
		`-a ** b`:                        {"(- (** a b))", `-a ** b`},
		`(-a) ^ -b ** c`:                 {"(** (- a) (- (** b c)))", `(-a) ** -b ** c`},
		`a ** b ** c`:                    {"(** a (** b c))", `a ** b ** c`},
		`(a ** b) ** c`:                  {"(** (** a b) c)", `(a ** b) ** c`},
		`- -a - -b`:                      {"(- (- (- a)) (- b))", `--a - -b`},
		`a ?? b ?? c`:                    {"(?? (?? a b) c)", `a ?? b ?? c`},
		`a ?? (b ?? c)`:                  {"(?? a (?? b c))", `a ?? (b ?? c)`},
		`a ?? -b ?? c`:                   {"(?? (?? a (- b)) c)", `a ?? -b ?? c`},
		`a ?? -(b ** c)`:                 {"(?? a (- (** b c)))", `a ?? (-b ** c)`},
		`1 == a ?? b`:                    {"(== 1 (?? a b))", `1 == (a ?? b)`},
		`-a ?? b`:                        {"(- (?? a b))", `-(a ?? b)`},
		`a ?? b ? c : d`:                 {"(? (?? a b) c d)", `a ?? b ? c : d`},
		`a ? b : c ? d : e`:              {"(? a b (? c d e))", `a ? b : c ? d : e`},
		`(a ? b : c) ? d ? 1 : 2 : e`:    {"(? (? a b c) (? d 1 2) e)", `(a ? b : c) ? d ? 1 : 2 : e`},
		`a ?: b`:                         {"(? a _ b)", `a ?: b`},
		`(a or b|f()|g(c))`:              {"(pipe g (pipe f (or a b)) c)", `(a or b | f() | g(c))`},
		`f(a|g()).x`:                     {"(.x (call f (pipe g a)))", `f(a | g()).x`},
		`(a | f())[0] == 1`:              {"(== (index (pipe f a) 0) 1)", `(a | f())[0] == 1`},
		`a ? b : (c | f())`:              {"(? a b (pipe f c))", `a ? b : (c | f())`},
		`[a ? b : c | f(),]`:             {"(list (? a b (pipe f c)))", `[a ? b : c | f()]`},
		`any(o, {#.x > 1 and # != b})`:   {"(call any o (and (> (.x #) 1) (!= # b)))", `any(o, .x > 1 and # != b)`},
		`o[0]?.x.y[-1:][:2][:]`: {"(slice (slice (slice (.y (.x (index o 0))) (- 1) _) _ 2) _ _)",
			`o[0]?.x.y[-1:][:2][:]`},
		`.y ?? #?.x`:                {"(?? (.y #) (.x #))", `.y ?? #?.x`},
		`x[fe80::1:y[a:b]]`:         {"(slice x fe80::1 (slice y a b))", `x[fe80::1 : y[a:b]]`},
		`5 .x`:                      {"(.x 5)", `5 .x`},
		`"a".x + 'it''s'.y`:         {"", ""},
		`-(a + b).c`:                {"(- (.c (+ a b)))", `-(a + b).c`},
		"f (`in`, `x y`, `plain`)":  {"(call f `in` `x y` plain)", "f(`in`, `x y`, plain)"},
		`TRUE == Null`:              {"(== true nil)", `true == nil`},
		`0x1f + 1_000 > 5ms`:        {"(> (+ 0x1f 1_000) 5ms)", `0x1f + 1_000 > 5ms`},
		`let == if or else > where`: {"(or (== let if) (> else where))", `let == if or else > where`},
		`a.in.not`:                  {"(.not (.in a))", `a.in.not`},
	} {
		tree, err := parseText(text)
		switch {
		case want[0] == "":
			if err == nil {
				t.Errorf("%s: no error", text)
			}
			continue
		case err != nil:
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := shape(tree); got != want[0] {
			t.Errorf("%s:\ngives %s\nwant  %s", text, got, want[0])
		}
		if got := tree.String(); got != want[1] {
			t.Errorf("%s:\nprints %s\nwant   %s", text, got, want[1])
		}
		again, err := parseText(tree.String())
		if err != nil || shape(again) != want[0] {
			t.Errorf("%s: its text %s becomes %v (%v)", text, tree, again, err)
		}
	}
}

// TestSpans: each node knows its place, which brackets around it do not belong to.
func TestSpans(t *testing.T) {
	const text = `((a + b) * f(c, -d) == owners[0].pid)`
	tree, err := parseText(text)
	if err != nil {
		t.Fatal(err)
	}
	equal := tree.(*Binary)
	product := equal.Left.(*Binary)
	call := product.Right.(*Call)
	for n, want := range map[fmt.Stringer]string{
		equal: `(a + b) * f(c, -d) == owners[0].pid`, product: `(a + b) * f(c, -d)`, product.Left: `a + b`,
		call:              `f(c, -d)`,
		call.Arguments[1]: `-d`, equal.Right: `owners[0].pid`, equal.Right.(*Field).Object: `owners[0]`,
	} {
		at := n.(Expression).Span()
		if got := text[at.Start:at.End]; got != want {
			t.Errorf("%s stands at %q, want %q", n, got, want)
		}
	}
	if at := product.Operator.Range; text[at.Start:at.End] != "*" {
		t.Errorf("the operator stands at %v", at)
	}
	if got := fmt.Sprint(Names(tree)); got != "[a b f c d owners pid]" {
		t.Errorf("names %s", got)
	}
}

// TestWrongExpressions holds each error against its place, message, hint, and whether more text can mend it.
func TestWrongExpressions(t *testing.T) {
	for text, want := range map[string]string{
		`a ==`:        `"" the expression ends too early; something is missing after ==; incomplete`,
		`a and (b or`: `"(" "(" is never closed; close it with ")"; incomplete`,
		`f(a, not)`:   `")" unexpected ); an operator or a value is missing before it`,
		`not`:         `"" the expression ends too early; something is missing after not; incomplete`,
		`a ? b`:       `"?" ? lacks its :; for example: lport < 1024 ? "system" : "user"; incomplete`,
		`(a ? b)`:     `"?" ? lacks its :; for example: lport < 1024 ? "system" : "user"`,
		`a b`: `"b" unexpected b; two names in a row: is an operator such as == or and missing, or a ` +
			`| before a stage?`,
		`a == 5 ms`:     `"ms" unexpected ms; a unit sticks to its number: 5ms, 4MiB`,
		`a == == b`:     `"==" unexpected ==; an operator or a value is missing before it`,
		`a in and b`:    `"and" unexpected and; an operator or a value is missing before it`,
		`a not b`:       `"not" unexpected not; an operator or a value is missing before it`,
		`a = 5`:         `"=" = names an item; it does not compare; to compare, write ==`,
		`f(a = 5)`:      `"=" = names an item; it does not compare; to compare, write ==`,
		`pid ?? 1 == 1`: `"==" ?? and == need brackets; for example: (pid ?? 0) == 0`,
		`a : b`: `":" unexpected :; a colon stands in a ? b : c, and in group between the keys and the ` +
			`aggregates`,
		`a == 10.0.0.1:22`: `"10.0.0.1:22" an address with a port is text; it is written "10.0.0.1:22"`,
		`{a: 1} == b`:      `"{" netql's expressions have no maps; use columns, literals, operators and functions`,
		`f({a: 1})`:        `"{" netql's expressions have no maps; use columns, literals, operators and functions`,
		`a.lower()`: `"lower" netql's expressions have no methods; use columns, literals, operators and ` +
			`functions`,
		`(a | 5)`: `"5" a | inside brackets hands a value to a function, and 5 is none; for example: ` +
			`(process | lower())`,
		`(a | lower)`: `"lower" a | inside brackets hands a value to a function, and lower is none; for ` +
			`example: (process | lower())`,
		`[1,,2]`: `"," unexpected ,; an operator or a value is missing before it`,
		`()`:     `")" unexpected ); an operator or a value is missing before it`,
		`a[1 : 2 : 3]`: `":" unexpected :; a colon stands in a ? b : c, and in group between the keys and the ` +
			`aggregates`,
		`f(a)(b)`: `"(" unexpected (; an operator or a value is missing before it`,
		strings.Repeat("not ", 11_000) + "a": `"` + strings.Repeat("not ", 10_000) +
			`not" the expression is too large; a prefix or a range such as 1..1023 replaces a long list`,
	} {
		_, err := parseText(text)
		if err == nil {
			t.Errorf("%.60s: no error", text)
			continue
		}
		got := fmt.Sprintf("%q %s; %s", text[err.Range.Start:err.Range.End], err.Message, err.Hint)
		if err.Incomplete {
			got += "; incomplete"
		}
		if got != want {
			t.Errorf("%.60s:\ngives %.300s\nwant  %.300s", text, got, want)
		}
	}
}

// parseText parses an expression that stands alone.
func parseText(text string) (Expression, *Error) {
	tokens, err := tokenize(text)
	if err != nil {
		return nil, err
	}
	p := &Parser{text: text, tokens: tokens}
	n, err := p.parseExpression()
	if err == nil && !p.done() {
		err = p.unexpected()
	}
	return n, err
}
