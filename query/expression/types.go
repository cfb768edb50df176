package expression

import (
	"net/netip"
	"strings"
	"time"

	"netql/query/schema"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

// kindOf is the type of a literal's value.
func kindOf(value any) schema.Type {
	switch value.(type) {
	case bool:
		return schema.Of(schema.Bool)
	case int:
		return schema.Of(schema.Int)
	case float64:
		return schema.Of(schema.Float)
	case string:
		return schema.Of(schema.Text)
	case netip.Addr:
		return schema.Of(schema.Address)
	case netip.Prefix:
		return schema.Of(schema.Prefix)
	case time.Duration:
		return schema.Of(schema.Duration)
	case schema.HardwareAddr:
		return schema.Of(schema.MAC)
	}
	return schema.Of(schema.Any)
}

// isNull says that the operand is the literal nil.
func (o operand) isNull() bool { return o.constant && o.value == nil }

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
	case network(a) && network(b) && a.Kind != b.Kind:
		return schema.Of(schema.Prefix), true
	case a.Kind == b.Kind:
		return a, true
	}
	return schema.Type{}, false
}

// Joinable says whether values of the two types can be equal, so that a join may match them.
func Joinable(a, b schema.Type) bool {
	_, ok := commonType(a, b)
	return ok && (a.Kind == b.Kind || textual(a) || a.Kind != schema.Float && b.Kind != schema.Float && !network(a))
}

// textual kinds hold Go strings.
func textual(t schema.Type) bool { return t.Kind == schema.Text || t.Kind == schema.Enum }

// network kinds may stand in one list.
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
