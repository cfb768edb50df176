package query

import (
	"math"
	"net/netip"
	"time"

	"netql/query/schema"
)

// Value is what the getters of columns give. The kind of the column follows from the type. Whole numbers of all sizes
// become ints, and a uint64 above math.MaxInt becomes math.MaxInt.
type Value interface {
	bool | string | float64 | int | int32 | int64 | uint8 | uint16 | uint32 | uint64 | Port |
		netip.Addr | netip.Prefix | netip.AddrPort | schema.HardwareAddr | time.Duration | time.Time
}

// Port is a transport port; 0 is none.
type Port uint16

// kinds are the kinds of values of each type, and how they become values of the engine (see schema.Kind).
var kinds = [...]struct {
	kind   schema.Kind
	scalar any // func(V) schema.Scalar
}{
	{schema.Bool, schema.OfBool},
	{schema.Text, schema.OfText},
	{schema.Float, schema.OfFloat},
	{schema.Int, schema.OfInt},
	{schema.Int, func(v int32) schema.Scalar { return schema.OfInt(int(v)) }},
	{schema.Int, func(v int64) schema.Scalar { return schema.OfInt(int(v)) }},
	{schema.Int, func(v uint8) schema.Scalar { return schema.OfInt(int(v)) }},
	{schema.Int, func(v uint16) schema.Scalar { return schema.OfInt(int(v)) }},
	{schema.Int, func(v uint32) schema.Scalar { return schema.OfInt(int(v)) }},
	{schema.Int, func(v uint64) schema.Scalar { return schema.OfInt(int(min(v, math.MaxInt))) }},
	{schema.Port, func(v Port) schema.Scalar { return orNull(schema.OfInt(int(v)), v != 0) }},
	{schema.Address, func(v netip.Addr) schema.Scalar { return orNull(schema.OfAddress(v.Unmap()), v.IsValid()) }},
	{schema.Prefix, func(v netip.Prefix) schema.Scalar { return orNull(schema.OfPrefix(v), v.IsValid()) }},
	{schema.Endpoint, func(v netip.AddrPort) schema.Scalar {
		return orNull(schema.OfEndpoint(netip.AddrPortFrom(v.Addr().Unmap(), v.Port())), v.IsValid())
	}},
	{schema.MAC, func(v schema.HardwareAddr) schema.Scalar { return boxedOrNull(v, v != "") }},
	{schema.Duration, schema.OfDuration},
	{schema.Time, func(v time.Time) schema.Scalar { return boxedOrNull(v, !v.IsZero()) }},
}

// scalarOf is the kind that follows from a type, and the function that makes a value of the engine.
func scalarOf[V Value]() (schema.Kind, func(V) schema.Scalar) {
	for i := range kinds {
		if scalar, ok := kinds[i].scalar.(func(V) schema.Scalar); ok {
			return kinds[i].kind, scalar
		}
	}
	panic("query: a type of Value has no kind")
}

// orNull is the value where it is valid, else NULL.
func orNull(v schema.Scalar, holds bool) schema.Scalar {
	if !holds {
		return schema.Scalar{}
	}
	return v
}

// boxedOrNull is orNull for a type that a Scalar does not hold itself.
func boxedOrNull[V any](v V, holds bool) schema.Scalar {
	if !holds {
		return schema.Scalar{}
	}
	return schema.Boxed(v)
}
