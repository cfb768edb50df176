package schema

import (
	"net/netip"
	"time"
)

// Held is about how many bytes a value takes that is kept in an interface, beside the interface itself.
func Held(v any) int {
	const header = 24 // of a list
	switch v := v.(type) {
	case nil, bool:
		return 0
	case int, float64, time.Duration:
		return 8
	case string:
		return 16 + len(v)
	case HardwareAddr:
		return header + len(v)
	case time.Time, netip.Addr:
		return 24
	case []float64:
		return header + 8*len(v)
	case []string:
		return header + heldByAll(v, func(s string) int { return 16 + len(s) })
	case []any:
		return header + heldByAll(v, func(e any) int { return 16 + Held(e) })
	case Record:
		return header + heldByAll(v.Values, func(e any) int { return 16 + Held(e) })
	}
	return 32
}

func heldByAll[E any](list []E, held func(E) int) (bytes int) {
	for _, element := range list {
		bytes += held(element)
	}
	return bytes
}
