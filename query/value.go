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

// boxes make values of the engine (see schema.Kind) out of values of each type; nil is NULL.
var boxes = [...]struct {
	kind schema.Kind
	box  any // func(V) any
}{
	{schema.Bool, func(v bool) any { return v }},
	{schema.Text, func(v string) any { return v }},
	{schema.Float, func(v float64) any { return v }},
	{schema.Int, func(v int) any { return v }},
	{schema.Int, func(v int32) any { return int(v) }},
	{schema.Int, func(v int64) any { return int(v) }},
	{schema.Int, func(v uint8) any { return int(v) }},
	{schema.Int, func(v uint16) any { return int(v) }},
	{schema.Int, func(v uint32) any { return int(v) }},
	{schema.Int, func(v uint64) any { return int(min(v, math.MaxInt)) }},
	{schema.Port, func(v Port) any { return orNull(int(v), v != 0) }},
	{schema.Address, func(v netip.Addr) any { return orNull(v.Unmap(), v.IsValid()) }},
	{schema.Prefix, func(v netip.Prefix) any { return orNull(v, v.IsValid()) }},
	{schema.Endpoint, func(v netip.AddrPort) any {
		return orNull(netip.AddrPortFrom(v.Addr().Unmap(), v.Port()), v.IsValid())
	}},
	{schema.MAC, func(v schema.HardwareAddr) any { return orNull(v, v != "") }},
	{schema.Duration, func(v time.Duration) any { return v }},
	{schema.Time, func(v time.Time) any { return orNull(v, !v.IsZero()) }},
}

// boxing is the kind that follows from a type, and the function that makes a value of the engine.
func boxing[V Value]() (schema.Kind, func(V) any) {
	for i := range boxes {
		if box, ok := boxes[i].box.(func(V) any); ok {
			return boxes[i].kind, box
		}
	}
	panic("query: a type of Value has no kind")
}

// orNull is the value where it is valid, else NULL.
func orNull[V any](v V, holds bool) any {
	if !holds {
		return nil
	}
	return v
}
