package expression

import (
	"net/netip"
	"strings"
	"time"

	"netql/query/schema"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

// goKind is the kind that a value's Go type shows; ports are ints to it, and enums text.
func goKind(value any) schema.Kind {
	switch value.(type) {
	case bool:
		return schema.Bool
	case int:
		return schema.Int
	case float64:
		return schema.Float
	case string:
		return schema.Text
	case netip.Addr:
		return schema.Address
	case netip.Prefix:
		return schema.Prefix
	case netip.AddrPort:
		return schema.Endpoint
	case schema.HardwareAddr:
		return schema.MAC
	case time.Duration:
		return schema.Duration
	case time.Time:
		return schema.Time
	case []any:
		return schema.List
	case []string:
		return schema.Flags
	case []float64:
		return schema.Series
	case schema.Record:
		return schema.Object
	}
	return schema.Any
}

func isNumber(kind schema.Kind) bool { return kind == schema.Int || kind == schema.Float }

// isNull says that the operand is the literal nil.
func (o operand) isNull() bool { return o.constant && o.value == nil }

// resultType is the type of a value that comes from either operand.
func resultType(a, b operand) (schema.Type, bool) {
	switch {
	case a.isNull():
		return b.typ, true
	case b.isNull():
		return a.typ, true
	case a.typ.Kind == schema.Any || b.typ.Kind == schema.Any:
		return schema.Of(schema.Any), true
	}
	return commonType(a.typ, b.typ)
}

// widen makes floats of ints where the type is float, because each kind has one Go type.
func (b *builder) widen(o operand, typ schema.Type) operand {
	if typ.Kind != schema.Float || !o.typ.Numeric() || o.typ.Kind == schema.Float {
		return o
	}
	wide := b.apply(o.source, typ, toFloat, o)
	wide.unit, wide.number, wide.certain = o.unit, o.number, o.certain
	return wide
}

// commonType is the type that values of both types can be taken for.
func commonType(a, b schema.Type) (schema.Type, bool) {
	switch {
	case a.Kind == schema.Any:
		return b, true
	case b.Kind == schema.Any:
		return a, true
	case a.Numeric() && b.Numeric():
		if a.Kind == schema.Float || b.Kind == schema.Float {
			return schema.Of(schema.Float), true
		}
		if a.Kind == b.Kind {
			return a, true
		}
		return schema.Of(schema.Int), true
	case a.Kind == schema.Enum && b.Kind == schema.Enum && a.Words == b.Words:
		return a, true
	case textual(a) && textual(b):
		return schema.Of(schema.Text), true
	case a.Kind == schema.List && b.Kind == schema.List && a.Elem != nil && b.Elem != nil:
		elem, ok := commonType(*a.Elem, *b.Elem)
		return schema.ListOf(elem), ok
	case a.Kind == b.Kind:
		return a, true
	}
	return schema.Type{}, false
}

// Joinable says whether values of the two types can be equal, so that a join may match them.
func Joinable(a, b schema.Type) bool {
	_, ok := commonType(a, b)
	return ok && (a.Kind == b.Kind || textual(a) || !network(a))
}

// textual kinds hold Go strings.
func textual(t schema.Type) bool { return t.Kind == schema.Text || t.Kind == schema.Enum }

// network kinds may stand opposite each other: an address belongs to a prefix.
func network(t schema.Type) bool { return t.Kind == schema.Address || t.Kind == schema.Prefix }

// commonUnit is the unit of a value that comes from either operand.
func commonUnit(a, b operand) schema.Unit {
	switch {
	case a.unit == b.unit, b.number, b.isNull():
		return a.unit
	case a.number, a.isNull():
		return b.unit
	}
	return schema.Mixed
}
