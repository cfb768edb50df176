package syntax

import (
	"math"
	"net/netip"
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
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
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

// span is the length of the longest start of the text that keeps to the characters, cut before the range operator ".."
func span(text, characters string) int {
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

// scanAddress reads an IPv4 or IPv6 address, a prefix, or a MAC address.
func scanAddress(text string) (Token, *Error) {
	n := span(text, hexDigits+":.")
	if strings.Count(text[:n], ":") < 2 {
		return scanIPv4(text)
	}
	if strings.HasSuffix(text[:n], ":") && !strings.HasSuffix(text[:n], "::") {
		n-- // the colon of group, or of a ? b : c
	}
	if n < len(text) && wordByte(text[n], true) && !strings.Contains(digits+":", text[:1]) {
		return Token{}, nil // a word that starts like an address
	}
	if mac, ok := schema.ParseHardwareAddr(text[:n]); ok {
		return literal(text[:n], mac), nil
	}
	if text[0] == ':' && !strings.HasPrefix(text, "::") {
		return Token{}, nil
	}
	if n+1 < len(text) && text[n] == '%' {
		n += 1 + span(text[n+1:], letters+digits+"_-.@")
	}
	return finishAddress(text, n)
}

// scanIPv4 takes digits with two dots or more for an address; less is a number.
func scanIPv4(text string) (Token, *Error) {
	n := span(text, digits+".")
	n = len(strings.TrimRight(text[:n], "."))
	if strings.Count(text[:n], ".") < 2 {
		return Token{}, nil
	}
	return finishAddress(text, n)
}

// finishAddress parses the address in text[:n] and the prefix length that may follow it.
func finishAddress(text string, n int) (Token, *Error) {
	addr, err := netip.ParseAddr(text[:n])
	if err != nil {
		return Token{}, Errorf(Range{0, n}, "%q is not an address: %s", text[:n], addressFault(text[:n], err)).
			WithHint("addresses look like 10.0.0.1, 2001:db8::1, fe80::1%%eth0")
	}
	bits := 0
	if n < len(text) && text[n] == '/' {
		bits = span(text[n+1:], digits)
	}
	if bits == 0 {
		return literal(text[:n], addr.Unmap()), trailing(text, n)
	}
	n += 1 + bits
	prefix, err := netip.ParsePrefix(text[:n])
	if err != nil {
		return Token{}, Errorf(Range{0, n}, "%q is not a prefix: %s", text[:n], addressFault(text[:n], err)).
			WithHint("prefixes look like 10.0.0.0/8 and 2001:db8::/32")
	}
	return literal(text[:n], prefix), trailing(text, n)
}

// addressFault is the reason in the parser's error, without the function and the text, which the message has already.
func addressFault(text string, err error) string {
	reason := err.Error()
	if i := strings.LastIndex(reason, ": "); i >= 0 {
		reason = reason[i+2:]
	}
	for part := range strings.SplitSeq(text, ".") {
		if n, err := strconv.Atoi(part); err == nil && n > 255 {
			return part + " is above 255"
		}
	}
	if strings.Contains(reason, "ParseAddr") {
		return "an IPv4 address has four numbers, an IPv6 address up to eight groups"
	}
	return reason
}

// trailing refuses letters that stick to a literal.
func trailing(text string, n int) *Error {
	end := n
	for end < len(text) && wordByte(text[end], true) {
		end++
	}
	if end == n {
		return nil
	}
	return Errorf(Range{n, end}, "unexpected %q after %s", text[n:end], text[:n]).WithHint("put a blank between them, or quotes around text")
}

// scanNumber reads a number and the unit that sticks to it.
func scanNumber(text string) (Token, *Error) {
	n := numberLength(text)
	number, err := parseNumber(text[:n])
	if err != nil {
		return Token{}, outOfRange(text[:n])
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
		return Token{}, outOfRange(text[:end])
	}
	if !ok {
		return Token{}, unknownUnit(text, n, end)
	}
	return literal(text[:end], quantity), trailing(text, end)
}

func outOfRange(text string) *Error {
	return Errorf(Range{0, len(text)}, "%s is out of range", text).WithHint("the largest number is %d", math.MaxInt64)
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
	e := Errorf(Range{start, end}, "unknown unit %q", text[start:end])
	if near := Nearest(text[start:end], knownUnits); near != "" {
		return e.WithHint("did you mean %s%s?", text[:start], near)
	}
	return e.WithHint("units: 5ms 2m 3d (time), 4MiB 10MB (size), 100Mbit (rate), 10k (count)")
}

// numberLength is the length of the plain number at the start of the text: 12, 1_000, 0x1f, 1.5, 1e9.
func numberLength(text string) int {
	if len(text) > 2 && text[0] == '0' && strings.IndexByte("xXoObB", text[1]) >= 0 {
		if n := span(text[2:], hexDigits+"_"); n > 0 {
			return 2 + n
		}
	}
	n := span(text, digits+"_")
	if n+1 < len(text) && text[n] == '.' && strings.IndexByte(digits, text[n+1]) >= 0 {
		n += 1 + span(text[n+1:], digits+"_")
	}
	if n+1 < len(text) && (text[n] == 'e' || text[n] == 'E') {
		sign := len(text[n+1:]) - len(strings.TrimLeft(text[n+1:], "+-"))
		if exponent := span(text[n+1+sign:], digits); sign <= 1 && exponent > 0 {
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
	total, at := 0.0, 0
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
		number, err := strconv.ParseFloat(strings.ReplaceAll(text[at:at+n], "_", ""), 64)
		total += number * float64(scale)
		at += n + len(unit)
		if err != nil || total >= math.MaxInt64 {
			return Token{}, outOfRange(text[:at])
		}
	}
	return literal(text[:at], time.Duration(math.Round(total))), trailing(text, at)
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
	f := number.(float64) * factor
	if f == math.Trunc(f) && f < math.MaxInt64 {
		return Quantity{int(f), kind}, true, nil
	}
	return Quantity{f, kind}, true, nil
}
