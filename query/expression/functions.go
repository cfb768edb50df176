package expression

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"netql/query/schema"
)

// Function is a function of the language. It is never called with NULL: a NULL argument gives NULL.
type Function struct {
	Name   string
	Doc    string // one sentence
	Params []Param
	Result schema.Type
	Unit   schema.Unit
	Like   bool // the result has the type and unit of the arguments, which are of one kind
	Scales bool // the result has the unit of the first argument
	Rounds bool // the same, and it is an int where that is one
	Costly bool // it asks something outside the row
	Call   func(args []any) (any, error)
	// Prefetch starts what Call would wait for, and returns at once; nil where Call never waits.
	Prefetch func(args []any)

	// sameUnit says that constants must be in the unit of the first argument, and need one opposite a duration.
	sameUnit bool
	// check refuses arguments that have the right kind and a value that makes no sense, and says which. Arguments that
	// are not known yet are nil. Constants are checked while the query is compiled, all before each Call; nil refuses
	// none.
	check func(args []any) *badArgument
}

// badArgument is why the argument at i is refused.
type badArgument struct {
	i      int
	reason string
}

func (e *badArgument) Error() string { return e.reason }

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
func position(args []any, index func(s, part string) int) int {
	s := args[0].(string)
	i := index(s, args[1].(string))
	if i < 0 {
		return -1
	}
	return utf8.RuneCountInString(s[:i])
}

// extreme is the largest of the values, or, with sign -1, the smallest.
func extreme(values []any, sign int) any {
	best := values[0]
	for _, value := range values[1:] {
		if schema.Compare(value, best)*sign > 0 {
			best = value
		}
	}
	return best
}

// applyRounding rounds a number of either type. An int, of which a float64 may not have all digits, is whole.
func applyRounding(v any, rounded func(float64) float64) any {
	if i, ok := v.(int); ok {
		return i
	}
	f, ok := asFloat(v)
	if !ok {
		return nil
	}
	return rounded(f) + 0 // which makes 0 of -0
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
		return inSeconds(v), nil
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
		text := strings.TrimSpace(s)
		i, err := strconv.ParseInt(text, 10, 64) // of 061, too, which is not octal
		if err != nil {
			i, err = strconv.ParseInt(text, 0, 64)
		}
		if err == nil {
			return int(i), nil
		}
	}
	switch v := args[0].(type) {
	case int:
		return v, nil
	case time.Duration:
		return int(v / time.Second), nil
	}
	f, err := toFloat(args)
	if err != nil {
		return nil, err
	}
	return saturated(f.(float64)), nil
}
