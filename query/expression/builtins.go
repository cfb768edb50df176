package expression

import (
	"encoding/base64"
	"math"
	"net/netip"
	"strings"

	"netql/query/schema"
)

var (
	textKinds   = []schema.Kind{schema.Text, schema.Enum}
	numberKinds = []schema.Kind{schema.Int, schema.Float, schema.Port}
	signedKinds = []schema.Kind{schema.Int, schema.Float, schema.Port, schema.Duration}
	wholeKinds  = []schema.Kind{schema.Int, schema.Port}
	listKinds   = []schema.Kind{schema.List, schema.Flags}
	sizedKinds  = []schema.Kind{schema.Text, schema.Enum, schema.List, schema.Flags}

	onText       = []Param{{Name: "text", Kinds: textKinds}}
	textPrefix   = []Param{{Name: "text", Kinds: textKinds}, {Name: "prefix", Kinds: textKinds}}
	textSuffix   = []Param{{Name: "text", Kinds: textKinds}, {Name: "suffix", Kinds: textKinds}}
	partOfText   = []Param{{Name: "text", Kinds: textKinds}, {Name: "part", Kinds: textKinds}}
	onNumber     = []Param{{Name: "number", Kinds: numberKinds}}
	wholeNumbers = []Param{{Name: "number", Kinds: wholeKinds}, {Name: "number", Kinds: wholeKinds}}
	onList       = []Param{{Name: "list", Kinds: listKinds}}
	onAny        = []Param{{Name: "x"}}
	onMany       = []Param{{Name: "x"}, {Name: "x", Many: true}}

	textElement = schema.Type{Kind: schema.Text}
	resultText  = schema.Type{Kind: schema.Text}
	resultBool  = schema.Type{Kind: schema.Bool}
	resultInt   = schema.Type{Kind: schema.Int}
	resultFloat = schema.Type{Kind: schema.Float}
)

// Builtins are the functions of every query.
var Builtins = []Function{
	{Name: "lower", Doc: "The text in lower case.", Params: onText, Result: resultText,
		Call: func(a []any) (any, error) { return strings.ToLower(a[0].(string)), nil }},
	{Name: "upper", Doc: "The text in upper case.", Params: onText, Result: resultText,
		Call: func(a []any) (any, error) { return strings.ToUpper(a[0].(string)), nil }},
	{Name: "trim", Doc: "The text without the blanks, or the given characters, around it.", Result: resultText,
		Params: []Param{{Name: "text", Kinds: textKinds}, {Name: "characters", Kinds: textKinds, Optional: true}},
		Call:   trimText},
	{Name: "trimPrefix", Doc: "The text without the prefix.", Params: textPrefix, Result: resultText,
		Call: func(a []any) (any, error) { return strings.TrimPrefix(a[0].(string), a[1].(string)), nil }},
	{Name: "trimSuffix", Doc: "The text without the suffix.", Params: textSuffix, Result: resultText,
		Call: func(a []any) (any, error) { return strings.TrimSuffix(a[0].(string), a[1].(string)), nil }},
	{Name: "hasPrefix", Doc: "Whether the text starts so.", Params: textPrefix, Result: resultBool,
		Call: func(a []any) (any, error) { return strings.HasPrefix(a[0].(string), a[1].(string)), nil }},
	{Name: "hasSuffix", Doc: "Whether the text ends so.", Params: textSuffix, Result: resultBool,
		Call: func(a []any) (any, error) { return strings.HasSuffix(a[0].(string), a[1].(string)), nil }},
	{Name: "indexOf", Doc: "Where the part starts in the text, in characters from 0; -1 where it does not occur.",
		Params: partOfText, Result: resultInt,
		Call: func(a []any) (any, error) { return position(a, strings.Index), nil }},
	{Name: "lastIndexOf",
		Doc:    "Where the part starts last in the text, in characters from 0; -1 where it does not occur.",
		Params: partOfText, Result: resultInt,
		Call: func(a []any) (any, error) { return position(a, strings.LastIndex), nil }},
	{Name: "replace", Doc: "The text with one part replaced by another.", Result: resultText, Call: replaceText,
		Params: []Param{
			{Name: "text", Kinds: textKinds}, {Name: "old", Kinds: textKinds}, {Name: "new", Kinds: textKinds},
		}},
	{Name: "split", Doc: "The parts of the text between the separators.", Call: splitText,
		Params: []Param{{Name: "text", Kinds: textKinds}, {Name: "separator", Kinds: textKinds}},
		Result: schema.Type{Kind: schema.List, Elem: &textElement}},
	{Name: "toBase64", Doc: "The text in base 64.", Params: onText, Result: resultText,
		Call: func(a []any) (any, error) { return base64.StdEncoding.EncodeToString([]byte(a[0].(string))), nil }},
	{Name: "fromBase64", Doc: "The text that base 64 stands for.", Params: onText, Result: resultText,
		Call: fromBase64},
	{Name: "ceil", Doc: "The number rounded up.", Params: onNumber, Result: resultFloat, Rounds: true,
		Call: func(a []any) (any, error) { return applyRounding(a[0], math.Ceil), nil }},
	{Name: "floor", Doc: "The number rounded down.", Params: onNumber, Result: resultFloat, Rounds: true,
		Call: func(a []any) (any, error) { return applyRounding(a[0], math.Floor), nil }},
	{Name: "round", Doc: "The number rounded to so many digits after the point, to none where nothing is said; " +
		"-3 rounds to thousands.",
		Params: []Param{{Name: "number", Kinds: numberKinds}, {Name: "digits", Kinds: wholeKinds, Optional: true}},
		Result: resultFloat, Rounds: true, check: checkDigits, Call: roundTo},
	{Name: "bucket", Doc: "The number or duration rounded down to a multiple of the width, so that values can be " +
		"grouped.",
		Params: []Param{{Name: "x", Kinds: signedKinds}, {Name: "width", Kinds: signedKinds}},
		Like:   true, sameUnit: true, check: checkWidth, Call: bucket},
	{Name: "network", Doc: "The prefix of this length in which the address lies.", Params: []Param{
		{Name: "address", Kinds: []schema.Kind{schema.Address}}, {Name: "length", Kinds: wholeKinds}},
		Result: schema.Type{Kind: schema.Prefix}, check: checkLength, Call: networkOf},
	{Name: "prefix_length", Doc: "The length of the prefix, from 0 to 32 or 128.",
		Params: []Param{{Name: "prefix", Kinds: []schema.Kind{schema.Prefix}}}, Result: resultInt,
		Call: func(a []any) (any, error) { return a[0].(netip.Prefix).Bits(), nil }},
	{Name: "bitand", Doc: "The bits that both numbers have.", Params: wholeNumbers, Result: resultInt,
		Call: func(a []any) (any, error) { return a[0].(int) & a[1].(int), nil }},
	{Name: "bitor", Doc: "The bits that either number has.", Params: wholeNumbers, Result: resultInt,
		Call: func(a []any) (any, error) { return a[0].(int) | a[1].(int), nil }},
	{Name: "bitxor", Doc: "The bits that one number has and the other not.", Params: wholeNumbers, Result: resultInt,
		Call: func(a []any) (any, error) { return a[0].(int) ^ a[1].(int), nil }},
	{Name: "abs", Doc: "The number or duration without its sign.", Like: true, Call: absolute,
		Params: []Param{{Name: "number", Kinds: signedKinds}}},
	{Name: "len", Doc: "The number of characters of a text, or of elements of a list.", Result: resultInt,
		Call: length, Params: []Param{{Name: "x", Kinds: sizedKinds}}},
	{Name: "join", Doc: "The elements of a list as one text.", Result: resultText, Call: joinList,
		Params: []Param{{Name: "list", Kinds: listKinds}, {Name: "separator", Kinds: textKinds, Optional: true}}},
	{Name: "first", Doc: "The first element of a list.", Params: onList,
		Call: func(a []any) (any, error) { return element(a[0], 0), nil }},
	{Name: "last", Doc: "The last element of a list.", Params: onList,
		Call: func(a []any) (any, error) { return element(a[0], -1), nil }},
	{Name: "min", Doc: "The smallest of the values. With one argument it is an aggregate.", Params: onMany,
		Like: true, Call: func(a []any) (any, error) { return extreme(a, -1), nil }},
	{Name: "max", Doc: "The largest of the values. With one argument it is an aggregate.", Params: onMany,
		Like: true, Call: func(a []any) (any, error) { return extreme(a, 1), nil }},
	{Name: "string", Doc: "The value as text, in base units.", Params: onAny, Result: resultText,
		Call: func(a []any) (any, error) { return schema.Format(a[0]), nil }},
	{Name: "toJSON", Doc: "The value as JSON.", Params: onAny, Result: resultText,
		Call: func(a []any) (any, error) { return string(schema.AppendJSON(nil, a[0])), nil }},
	{Name: "int", Params: onAny, Result: resultInt, Scales: true, Call: toInt,
		Doc: "The number without its fraction, a duration in whole seconds, or the number that a text spells."},
	{Name: "float", Params: onAny, Result: resultFloat, Scales: true, Call: toFloat,
		Doc: "The number as a float, a duration in seconds, or the number that a text spells."},
}

func trimText(args []any) (any, error) {
	if len(args) == 1 {
		return strings.TrimSpace(args[0].(string)), nil
	}
	return strings.Trim(args[0].(string), args[1].(string)), nil
}

func fromBase64(args []any) (any, error) {
	text, err := base64.StdEncoding.DecodeString(args[0].(string))
	if err != nil {
		return nil, err
	}
	return string(text), nil
}
