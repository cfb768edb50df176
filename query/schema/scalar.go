package schema

import (
	"math"
	"net/netip"
	"strconv"
	"time"
)

// Scalar is a value as a column gives it. An interface around a number or an address costs an allocation, a Scalar
// none: it holds the common types itself, and others as the interface that they are. The zero Scalar is NULL.
type Scalar struct {
	kind   scalarKind
	number int64 // of integer, truth and span; the bits of fraction and prefix; the port of endpoint
	text   string
	addr   netip.Addr // of address, prefix and endpoint
	boxed  any        // of boxed
}

type scalarKind uint8

const (
	null scalarKind = iota
	integer
	fraction
	truth
	span
	text
	address
	prefix
	endpoint
	boxed
)

// OfInt is a Scalar of an int.
func OfInt(n int) Scalar { return Scalar{kind: integer, number: int64(n)} }

// OfFloat is a Scalar of a float64.
func OfFloat(f float64) Scalar { return Scalar{kind: fraction, number: int64(math.Float64bits(f))} }

// OfBool is a Scalar of a bool.
func OfBool(v bool) Scalar {
	if v {
		return Scalar{kind: truth, number: 1}
	}
	return Scalar{kind: truth}
}

// OfDuration is a Scalar of a time.Duration.
func OfDuration(d time.Duration) Scalar { return Scalar{kind: span, number: int64(d)} }

// OfText is a Scalar of a string.
func OfText(s string) Scalar { return Scalar{kind: text, text: s} }

// OfAddress is a Scalar of a netip.Addr.
func OfAddress(a netip.Addr) Scalar { return Scalar{kind: address, addr: a} }

// OfPrefix is a Scalar of a netip.Prefix.
func OfPrefix(p netip.Prefix) Scalar {
	return Scalar{kind: prefix, addr: p.Addr(), number: int64(p.Bits())}
}

// OfEndpoint is a Scalar of a netip.AddrPort.
func OfEndpoint(e netip.AddrPort) Scalar {
	return Scalar{kind: endpoint, addr: e.Addr(), number: int64(e.Port())}
}

// Boxed is a Scalar of a value of any kind, which it keeps as it is.
func Boxed(v any) Scalar {
	if v == nil {
		return Scalar{}
	}
	return Scalar{kind: boxed, boxed: v}
}

// Boxing makes the function of a column (Column.Value) out of one that gives values of any kind.
func Boxing(get func(Row) any) func(Row) Scalar {
	return func(r Row) Scalar { return Boxed(get(r)) }
}

// IsNull says whether the value is NULL.
func (s Scalar) IsNull() bool { return s.kind == null }

// Any is the value as the Go type of its kind; nil is NULL.
func (s Scalar) Any() any {
	switch s.kind {
	case integer:
		return int(s.number)
	case fraction:
		return s.float()
	case truth:
		return s.number != 0
	case span:
		return time.Duration(s.number)
	case text:
		return s.text
	case address:
		return s.addr
	case prefix:
		return s.prefix()
	case endpoint:
		return s.addrPort()
	}
	return s.boxed
}

func (s Scalar) float() float64 { return math.Float64frombits(uint64(s.number)) }

func (s Scalar) prefix() netip.Prefix { return netip.PrefixFrom(s.addr, int(s.number)) }

func (s Scalar) addrPort() netip.AddrPort { return netip.AddrPortFrom(s.addr, uint16(s.number)) }

// Append appends what Format gives for the value.
func (s Scalar) Append(b []byte) []byte {
	switch s.kind {
	case integer:
		return strconv.AppendInt(b, s.number, 10)
	case fraction:
		return appendFloat(b, s.float())
	case truth:
		return strconv.AppendBool(b, s.number != 0)
	case span:
		return appendSeconds(b, time.Duration(s.number))
	case text:
		return append(b, s.text...)
	case address:
		return s.addr.AppendTo(b)
	case prefix:
		return s.prefix().AppendTo(b)
	case endpoint:
		return s.addrPort().AppendTo(b)
	}
	return Append(b, s.boxed)
}

// AppendJSON appends what the function AppendJSON does for the value.
func (s Scalar) AppendJSON(b []byte) []byte {
	switch s.kind {
	case integer, truth, span:
		return s.Append(b)
	case text:
		return AppendJSONString(b, s.text)
	case address, prefix, endpoint:
		if s.Simple() {
			return append(s.Append(append(b, '"')), '"')
		}
	}
	return AppendJSON(b, s.Any())
}

// Text is the value where it is a text that the Scalar holds itself.
func (s Scalar) Text() (value string, ok bool) { return s.text, s.kind == text }

// Number says whether the value is a number or a time span.
func (s Scalar) Number() bool {
	switch s.boxed.(type) {
	case int, float64, time.Duration:
		return true
	}
	return s.kind == integer || s.kind == fraction || s.kind == span
}

// Simple says of some values that their text is of letters, digits and . : / [ ] - alone, so that no format has to
// quote or escape it. An address with a zone is not simple: the zone is the name of an interface.
func (s Scalar) Simple() bool {
	switch s.kind {
	case integer, truth, span:
		return true
	case address, prefix, endpoint:
		return s.addr.Zone() == ""
	}
	return false
}
