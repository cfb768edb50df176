package syntax

import (
	"cmp"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"netql/query/schema"
)

// Quantity is a number with a multiplier or a unit, such as 10k, 4MiB or 100Mbit, in base units.
type Quantity struct {
	Number any         // int, or float64 where it is not whole
	Unit   schema.Unit // Bytes, BitsPerSecond, or None for a bare multiplier
}

// durations are the units of time; m is minutes.
var durations = map[string]time.Duration{
	"ns": time.Nanosecond, "us": time.Microsecond, "µs": time.Microsecond, "μs": time.Microsecond,
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour,
	"w": 7 * 24 * time.Hour,
}

// multipliers are what may stand before B or bit, or alone; M is mega.
var multipliers = map[string]float64{
	"": 1, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15,
	"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40, "Pi": 1 << 50,
}

// knownUnits are the spellings that a wrong unit is compared with.
var knownUnits = []string{
	"ns", "us", "ms", "s", "m", "h", "d", "w", "B", "kB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB",
	"k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti", "bit", "kbit", "Mbit", "Gbit", "Tbit",
}

// usualUnits are what people write elsewhere, in lower case, and the unit that they mean.
var usualUnits = map[string]string{
	"msec": "ms", "usec": "us", "nsec": "ns", "sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m",
	"mins":   "m",
	"minute": "m", "minutes": "m", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d",
	"week": "w", "weeks": "w",
	"byte": "B", "bytes": "B", "bits": "bit", "bps": "bit", "kbps": "kbit", "mbps": "Mbit", "gbps": "Gbit",
}

// scanLiteral reads the number or typed literal that the text starts with. Its Text is empty where there is none.
// The ranges of its errors are relative to the text.
func scanLiteral(text string) (Token, *Error) {
	if token, err := scanAddress(text); err != nil || token.Text != "" {
		return token, err
	}
	if text[0] < '0' || text[0] > '9' {
		return Token{}, nil
	}
	return scanNumber(text)
}

func literal(text string, value any) Token { return Token{Kind: Literal, Text: text, Value: value} }

// prefixLength is the length of the longest start of the text that is made of the characters, up to the range operator
// "..".
func prefixLength(text, characters string) int {
	n := len(text) - len(strings.TrimLeft(text, characters))
	if i := strings.Index(text[:n], ".."); i >= 0 {
		return i
	}
	return n
}

const (
	digits    = "0123456789"
	hexDigits = "0123456789abcdefABCDEF"
	letters   = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// trailing is an error for letters that follow the literal text[:n] directly.
func trailing(text string, n int) *Error {
	end := n
	for end < len(text) && wordByte(text[end], true) {
		end++
	}
	if end == n {
		return nil
	}
	return Errorf(Range{n, end}, "unexpected %q after %s", text[n:end], text[:n]).
		WithHint("put a blank between them, or quotes around text")
}

// scanNumber reads a number and the unit that sticks to it.
func scanNumber(text string) (Token, *Error) {
	n := numberLength(text)
	number, err := parseNumber(text[:n])
	if err != nil {
		return Token{}, wrongNumber(text[:n], err)
	}
	if percent(text[n:]) {
		const hundredths = 100
		return Token{Kind: Number, Text: text[:n+1], Value: asFloat(number) / hundredths}, nil
	}
	unit := unitAt(text[n:])
	if unit == "" {
		return Token{Kind: Number, Text: text[:n], Value: number}, trailing(text, n)
	}
	if _, ok := durations[unit]; ok {
		return scanDuration(text)
	}
	end := n + len(unit)
	quantity, ok, err := scale(number, unit)
	if err != nil {
		return Token{}, wrongNumber(text[:end], err)
	}
	if !ok {
		return Token{}, unknownUnit(text, n, end)
	}
	return literal(text[:end], quantity), trailing(text, end)
}

// percent says whether the text behind a number makes it one of hundredths, as in 80%. Before an operand, % is the
// operator of the remainder: 80 % 3, 80%3.
func percent(text string) bool {
	if text == "" || text[0] != '%' {
		return false
	}
	rest := strings.TrimLeft(text[1:], " \t\r\n")
	if rest == "" {
		return true
	}
	if n := wordLength(rest); n > 0 {
		word := Token{Kind: Name, Text: rest[:n]}.Keyword()
		return operatorWords[word] && word != "not" || word == "not" && negatedOperator(rest[n:])
	}
	return strings.IndexByte("0123456789\"'`$([{#-+!", rest[0]) < 0 || strings.HasPrefix(rest, "!=")
}

// negatedOperator says whether the text behind a not begins with an operator that it may stand before: a not in b.
func negatedOperator(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n")
	return negatable(Token{Kind: Name, Text: text[:wordLength(text)]}.Keyword())
}

func wrongNumber(text string, err error) *Error {
	at := Range{0, len(text)}
	if errors.Is(err, strconv.ErrRange) {
		return Errorf(at, "%s is out of range", text).WithHint("the largest number is %d", math.MaxInt64)
	}
	return Errorf(at, "%s is not a number", text).WithHint("0x starts a hexadecimal, 0o an octal, 0b a binary number")
}

// unitAt is the run of letters at the start of the text: a candidate for a unit.
func unitAt(text string) string {
	n := 0
	for n < len(text) && (strings.IndexByte(letters, text[n]) >= 0 || text[n] >= 0x80) {
		n++
	}
	return text[:n]
}

func unknownUnit(text string, start, end int) *Error {
	if start == end {
		return Errorf(Range{start - 1, end}, "a unit is missing after %s", text[:end]).WithHint("for example: 1h30m")
	}
	unit := text[start:end]
	e := Errorf(Range{start, end}, "unknown unit %q", unit)
	if near := cmp.Or(usualUnits[strings.ToLower(unit)], Nearest(unit, knownUnits)); near != "" {
		return e.WithHint("did you mean %s%s?", text[:start], near).WithFix(e.Range, "%s", near)
	}
	return e.WithHint("units: 5ms 2m 3d (time), 4MiB 10MB (size), 100Mbit (rate), 10k (count)")
}

// numberLength is the length of the plain number at the start of the text: 12, 1_000, 0x1f, 1.5, 1e9.
func numberLength(text string) int {
	if len(text) > 2 && text[0] == '0' && strings.IndexByte("xXoObB", text[1]) >= 0 {
		if n := prefixLength(text[2:], hexDigits+"_"); n > 0 {
			return 2 + n
		}
	}
	n := prefixLength(text, digits+"_")
	if n+1 < len(text) && text[n] == '.' && strings.IndexByte(digits, text[n+1]) >= 0 {
		n += 1 + prefixLength(text[n+1:], digits+"_")
	}
	if n+1 < len(text) && (text[n] == 'e' || text[n] == 'E') {
		sign := len(text[n+1:]) - len(strings.TrimLeft(text[n+1:], "+-"))
		if exponent := prefixLength(text[n+1+sign:], digits); sign <= 1 && exponent > 0 {
			n += 1 + sign + exponent
		}
	}
	return n
}

// parseNumber gives an int, or a float64 for a number with a point or an exponent.
func parseNumber(text string) (any, error) {
	if i, err := strconv.ParseInt(text, 0, 64); err == nil && !leadingZero(text) {
		return int(i), nil
	}
	plain := strings.ReplaceAll(text, "_", "")
	if strings.Trim(plain, digits) == "" {
		i, err := strconv.ParseInt(plain, 10, 64)
		return int(i), err
	}
	return strconv.ParseFloat(plain, 64)
}

// leadingZero says that Go would take a decimal number for an octal one.
func leadingZero(text string) bool {
	return len(text) > 1 && text[0] == '0' && strings.IndexByte(digits+"_", text[1]) >= 0
}

// scanDuration reads 5ms, 1.5s, 1h30m.
func scanDuration(text string) (Token, *Error) {
	total, at := 0, 0 // in ns
	fraction := 0.0   // of ns
	for {
		n := numberLength(text[at:])
		if n == 0 {
			break
		}
		unit := unitAt(text[at+n:])
		scale, ok := durations[unit]
		if !ok {
			return Token{}, unknownUnit(text, at+n, at+n+len(unit))
		}
		number, err := parseNumber(text[at : at+n])
		at += n + len(unit)
		whole, part, fits := product(number, scale)
		if fraction += part; err == nil && (!fits || whole > math.MaxInt64-total-int(math.Round(fraction))) {
			err = strconv.ErrRange
		}
		if err != nil {
			return Token{}, wrongNumber(text[:at], err)
		}
		total += whole
	}
	return literal(text[:at], time.Duration(total)+time.Duration(math.Round(fraction))), trailing(text, at)
}

// product is a number of units of time in ns, without and with what is less than one; fits says whether an int64 has
// it. A whole number of units is exact up to the largest.
func product(number any, unit time.Duration) (whole int, fraction float64, fits bool) {
	if n, ok := number.(int); ok {
		return n * int(unit), 0, n <= math.MaxInt64/int(unit)
	}
	ns, fraction := math.Modf(asFloat(number) * float64(unit))
	if ns >= math.MaxInt64 {
		return 0, 0, false
	}
	return int(ns), fraction, true
}

func asFloat(number any) float64 {
	if i, ok := number.(int); ok {
		return float64(i)
	}
	f, _ := number.(float64)
	return f
}

// scale applies a multiplier, B or bit; ok says whether the unit is known.
func scale(number any, unit string) (q Quantity, ok bool, err error) {
	prefix, kind := unit, schema.None
	if before, found := strings.CutSuffix(unit, "bit"); found {
		prefix, kind = before, schema.BitsPerSecond
	} else if before, found := strings.CutSuffix(unit, "B"); found {
		prefix, kind = before, schema.Bytes
	}
	factor, ok := multipliers[prefix]
	if !ok {
		return Quantity{}, false, nil
	}
	if i, whole := number.(int); whole {
		if i != 0 && float64(i)*factor >= math.MaxInt64 {
			return Quantity{}, true, strconv.ErrRange
		}
		return Quantity{i * int(factor), kind}, true, nil
	}
	f := asFloat(number) * factor
	if math.IsInf(f, 0) {
		return Quantity{}, true, strconv.ErrRange
	}
	if f == math.Trunc(f) && f < math.MaxInt64 {
		return Quantity{int(f), kind}, true, nil
	}
	return Quantity{f, kind}, true, nil
}
