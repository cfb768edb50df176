package schema

import (
	"bytes"
	"math"
	"net/netip"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// AppendJSON appends the value as JSON: numbers in base units, NULL as null, addresses and times as strings, lists as
// arrays, records as objects in field order. Control characters are escaped, bytes that are not UTF-8 become U+FFFD.
func AppendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case string:
		return AppendJSONString(b, v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return append(b, "null"...)
		}
		return appendFloat(b, v)
	case []string:
		return appendArray(b, v, AppendJSONString)
	case []any:
		return appendArray(b, v, AppendJSON)
	case []float64:
		return appendArray(b, v, appendFloat)
	case Record:
		return appendRecord(b, v)
	case int, bool, time.Duration:
		return Append(b, v)
	case netip.Prefix, time.Time, HardwareAddr:
		b = append(b, '"')
		b = Append(b, v)
		return append(b, '"')
	case netip.Addr, netip.AddrPort:
		return appendAddress(b, v)
	}
	return AppendJSONString(b, Format(v))
}

// appendAddress takes care of the zone: it is the name of an interface, which may hold a quote or an escape character.
func appendAddress(b []byte, v any) []byte {
	start := len(b) + 1
	b = append(b, '"')
	b = Append(b, v)
	if bytes.IndexByte(b[start:], '%') < 0 {
		return append(b, '"')
	}
	return AppendJSONString(b[:start-1], string(b[start:]))
}

func appendArray[T any](b []byte, values []T, appendValue func([]byte, T) []byte) []byte {
	b = append(b, '[')
	for i, value := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendValue(b, value)
	}
	return append(b, ']')
}

func appendRecord(b []byte, r Record) []byte {
	b = append(b, '{')
	for i, f := range r.Fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendJSONString(b, f.Name)
		b = append(b, ':')
		b = AppendJSON(b, r.Values[i])
	}
	return append(b, '}')
}

// AppendJSONString appends s as a JSON string. Everything that a terminal could take as a command or hide is escaped,
// as in Visible, so JSON is safe to look at.
func AppendJSONString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < 0x7f {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if c >= 0x80 && (r != utf8.RuneError || size > 1) && drawable(r) {
			i += size
			continue
		}
		b = append(b, s[start:i]...)
		b = appendEscape(b, r)
		i += size
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

func appendEscape(b []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	case utf8.RuneError:
		return utf8.AppendRune(b, r)
	}
	if r > 0xffff {
		high, low := utf16.EncodeRune(r)
		return appendEscape(appendEscape(b, high), low)
	}
	return append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}
