package expression

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/expr-lang/expr/builtin"

	"netql/query/schema"
)

// Function is a function of the language. It is never called with NULL: a NULL argument gives NULL.
type Function struct {
	Name   string
	Doc    string // one sentence
	Params []Param
	Result schema.Type
	Unit   schema.Unit
	Like   int  // the argument, counted from 1, whose type and unit the result has; 0: Result and Unit
	Costly bool // it asks something outside the row
	Call   func(args []any) (any, error)
	// Ahead begins what Call would wait for, and does not wait; nil where Call never waits.
	Ahead func(args []any)
}

// Param is what one argument may be.
type Param struct {
	Name     string
	Kinds    []schema.Kind // empty: anything
	Optional bool
	Many     bool // the last one only: it may be repeated
}

// Signature is the function as it is called: replace(text, old, new).
func (f Function) Signature() string {
	names := make([]string, len(f.Params))
	for i, p := range f.Params {
		names[i] = p.Name
		if p.Optional {
			names[i] = "[" + names[i] + "]"
		}
		if p.Many {
			names[i] += " ..."
		}
	}
	return f.Name + "(" + strings.Join(names, ", ") + ")"
}

var (
	textKinds   = []schema.Kind{schema.Text, schema.Enum}
	numberKinds = []schema.Kind{schema.Int, schema.Float, schema.Port}
	wholeKinds  = []schema.Kind{schema.Int, schema.Port}
	listKinds   = []schema.Kind{schema.List, schema.Flags}
	sizedKinds  = []schema.Kind{schema.Text, schema.Enum, schema.List, schema.Flags}

	textParam   = Param{Name: "text", Kinds: textKinds}
	numberParam = Param{Name: "number", Kinds: numberKinds}
	wholeParam  = Param{Name: "number", Kinds: wholeKinds}
	listParam   = Param{Name: "list", Kinds: listKinds}
	anyParam    = Param{Name: "x"}
)

func named(p Param, name string) Param { p.Name = name; return p }
func optional(p Param) Param           { p.Optional = true; return p }
func many(p Param) Param               { p.Many = true; return p }

// Builtins are the functions of every query: expr-lang's own, typed, and a few that netql defines because expr's know
// nothing of durations, addresses and records.
func Builtins() []Function {
	text, integer, list := schema.Of(schema.Text), schema.Of(schema.Int), schema.ListOf(schema.Of(schema.Text))
	boolean, float, anything := schema.Of(schema.Bool), schema.Of(schema.Float), schema.Of(schema.Any)
	return []Function{
		exprs("lower", "The text in lower case.", text, textParam),
		exprs("upper", "The text in upper case.", text, textParam),
		exprs("trim", "The text without the blanks, or the given characters, around it.", text, textParam, optional(named(textParam, "characters"))),
		exprs("trimPrefix", "The text without the prefix.", text, textParam, named(textParam, "prefix")),
		exprs("trimSuffix", "The text without the suffix.", text, textParam, named(textParam, "suffix")),
		exprs("hasPrefix", "Whether the text starts so.", boolean, textParam, named(textParam, "prefix")),
		exprs("hasSuffix", "Whether the text ends so.", boolean, textParam, named(textParam, "suffix")),
		{Name: "indexOf", Doc: "Where the part starts in the text, in characters from 0; -1 where it does not occur.", Params: []Param{textParam, named(textParam, "part")}, Result: integer, Call: position(strings.Index)},
		{Name: "lastIndexOf", Doc: "Where the part starts last in the text, in characters from 0; -1 where it does not occur.", Params: []Param{textParam, named(textParam, "part")}, Result: integer, Call: position(strings.LastIndex)},
		{Name: "replace", Doc: "The text with one part replaced by another.", Params: []Param{textParam, named(textParam, "old"), named(textParam, "new")}, Result: text, Call: replaceText},
		{Name: "split", Doc: "The parts of the text between the separators.", Params: []Param{textParam, named(textParam, "separator")}, Result: list, Call: splitText},
		exprs("toBase64", "The text in base 64.", text, textParam),
		exprs("fromBase64", "The text that base 64 stands for.", text, textParam),
		exprs("ceil", "The number rounded up.", float, numberParam),
		exprs("floor", "The number rounded down.", float, numberParam),
		exprs("round", "The number rounded to the nearest whole one.", float, numberParam),
		exprs("bitand", "The bits that both numbers have.", integer, wholeParam, wholeParam),
		exprs("bitor", "The bits that either number has.", integer, wholeParam, wholeParam),
		exprs("bitxor", "The bits that one number has and the other not.", integer, wholeParam, wholeParam),
		{Name: "abs", Doc: "The number or duration without its sign.", Params: []Param{{Name: "number", Kinds: append(slices.Clone(numberKinds), schema.Duration)}}, Like: 1, Call: absolute},
		{Name: "len", Doc: "The number of characters of a text, or of elements of a list.", Params: []Param{{Name: "x", Kinds: sizedKinds}}, Result: integer, Call: length},
		{Name: "join", Doc: "The elements of a list as one text.", Params: []Param{listParam, optional(named(textParam, "separator"))}, Result: text, Call: joinList},
		{Name: "first", Doc: "The first element of a list.", Params: []Param{listParam}, Result: anything, Call: func(a []any) (any, error) { return element(a[0], 0), nil }},
		{Name: "last", Doc: "The last element of a list.", Params: []Param{listParam}, Result: anything, Call: func(a []any) (any, error) { return element(a[0], -1), nil }},
		{Name: "min", Doc: "The smallest of the values. With one argument it is an aggregate.", Params: []Param{anyParam, many(anyParam)}, Like: 1, Call: extreme(-1)},
		{Name: "max", Doc: "The largest of the values. With one argument it is an aggregate.", Params: []Param{anyParam, many(anyParam)}, Like: 1, Call: extreme(1)},
		{Name: "string", Doc: "The value as text, in base units.", Params: []Param{anyParam}, Result: text, Call: func(a []any) (any, error) { return schema.Format(a[0]), nil }},
		{Name: "toJSON", Doc: "The value as JSON.", Params: []Param{anyParam}, Result: text, Call: func(a []any) (any, error) { return string(schema.AppendJSON(nil, a[0])), nil }},
		{Name: "int", Doc: "The number without its fraction, a duration in whole seconds, or the number that a text spells.", Params: []Param{anyParam}, Result: integer, Call: toInt},
		{Name: "float", Doc: "The number as a float, a duration in seconds, or the number that a text spells.", Params: []Param{anyParam}, Result: float, Call: toFloat},
	}
}

// exprs takes a function over from expr-lang, with types.
func exprs(name, doc string, result schema.Type, params ...Param) Function {
	f := builtin.Builtins[builtin.Index[name]]
	call := func(args []any) (any, error) { return f.Func(args...) }
	if f.Func == nil {
		call = func(args []any) (any, error) { return f.Fast(args[0]), nil }
	}
	return Function{Name: name, Doc: doc, Params: params, Result: result, Call: func(args []any) (any, error) {
		value, err := call(args)
		return plain(value), err
	}}
}

// plain turns what expr's functions return into the Go types of schema's kinds.
func plain(v any) any {
	if list, ok := v.([]string); ok {
		return elements(list)
	}
	return v
}

// elements are the elements of a list or flags value.
func elements(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case []string:
		list := make([]any, len(v))
		for i, s := range v {
			list[i] = s
		}
		return list
	}
	return nil
}

// element is the i-th element of a list, counted from the end where i is negative; NULL where there is none.
func element(list any, i int) any {
	all := elements(list)
	if i < 0 {
		i += len(all)
	}
	if i < 0 || i >= len(all) {
		return nil
	}
	return all[i]
}

func length(args []any) (any, error) {
	if s, ok := args[0].(string); ok {
		return utf8.RuneCountInString(s), nil
	}
	return len(elements(args[0])), nil
}

// position counts characters, as len and [from:to] do.
func position(index func(s, part string) int) func(args []any) (any, error) {
	return func(args []any) (any, error) {
		s := args[0].(string)
		i := index(s, args[1].(string))
		if i < 0 {
			return -1, nil
		}
		return utf8.RuneCountInString(s[:i]), nil
	}
}

func extreme(sign int) func([]any) (any, error) {
	return func(args []any) (any, error) {
		best := args[0]
		for _, arg := range args[1:] {
			if schema.Compare(arg, best)*sign > 0 {
				best = arg
			}
		}
		return best, nil
	}
}

func absolute(args []any) (any, error) {
	switch v := args[0].(type) {
	case int:
		return max(v, subInt(0, v)), nil
	case float64:
		return math.Abs(v), nil
	case time.Duration:
		return v.Abs(), nil
	}
	return nil, nil
}

func toFloat(args []any) (any, error) {
	switch v := args[0].(type) {
	case int:
		return float64(v), nil
	case float64:
		return v, nil
	case time.Duration:
		return v.Seconds(), nil
	case string:
		f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		if err != nil || finite(f) == nil {
			return nil, fmt.Errorf("%q is no number", v)
		}
		return f, nil
	}
	return nil, fmt.Errorf("%s is no number", article(schema.Of(goKind(args[0]))))
}

func toInt(args []any) (any, error) {
	if s, ok := args[0].(string); ok {
		if i, err := strconv.ParseInt(strings.TrimSpace(s), 0, 64); err == nil {
			return int(i), nil
		}
	}
	if i, ok := args[0].(int); ok {
		return i, nil
	}
	f, err := toFloat(args)
	if err != nil {
		return nil, err
	}
	return saturated(f.(float64)), nil
}
