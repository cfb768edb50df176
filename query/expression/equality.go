package expression

import (
	"cmp"
	"net/netip"
	"time"

	"netql/query/schema"
)

// equality tests for one value; never true for NULL. An address without a zone stands for every zone, and equals a
// prefix when it lies in it.
func equality(want any) func(any) bool {
	switch want := want.(type) {
	case int:
		return func(v any) bool {
			if i, ok := v.(int); ok {
				return i == want
			}
			f, ok := v.(float64)
			return ok && schema.Compare(f, want) == 0
		}
	case float64:
		return func(v any) bool { return isNumber(goKind(v)) && schema.Compare(v, want) == 0 }
	case string:
		return func(v any) bool { s, ok := v.(string); return ok && s == want }
	case netip.Addr:
		return func(v any) bool { a, ok := v.(netip.Addr); return ok && sameAddr(a, want) }
	case netip.AddrPort:
		return func(v any) bool {
			e, ok := v.(netip.AddrPort)
			return ok && e.Port() == want.Port() && sameAddr(e.Addr(), want.Addr())
		}
	case netip.Prefix:
		network := want.Masked()
		return func(v any) bool { return v == want || within(v, network) }
	}
	key := schema.Key(want)
	return func(v any) bool { return v != nil && schema.Key(v) == key }
}

func sameAddr(a, want netip.Addr) bool {
	return a == want || want.Zone() == "" && a.Zone() != "" && a.WithZone("") == want
}

// within says whether a value is an address in the prefix. Prefixes know no zones and no mapped addresses.
func within(v any, prefix netip.Prefix) bool {
	a, ok := v.(netip.Addr)
	return ok && prefix.Contains(a.WithZone("").Unmap())
}

// equalityOf is == for two values of these types that are both known only when a row is there; NULL equals nothing.
func equalityOf(left, right schema.Type) func(x, y any) bool {
	if network(left) || network(right) {
		return func(x, y any) bool { return x != nil && x == y || addressInPrefix(x, y) || addressInPrefix(y, x) }
	}
	return func(x, y any) bool { return x != nil && y != nil && left.Compare(x, y) == 0 }
}

// addressInPrefix says whether v is an address in the prefix.
func addressInPrefix(v, prefix any) bool {
	p, ok := prefix.(netip.Prefix)
	return ok && within(v, p)
}

// order tests the comparison of a value with a limit; never true for NULL, nor for what has no order with the limit.
func order(limit any, accept func(int) bool) func(any) bool {
	switch limit := limit.(type) {
	case int:
		return intOrder(limit, accept)
	case time.Duration:
		return func(v any) bool { d, ok := v.(time.Duration); return ok && accept(cmp.Compare(d, limit)) }
	case netip.Addr:
		if limit.Zone() == "" {
			return func(v any) bool {
				a, ok := v.(netip.Addr)
				return ok && accept(a.WithZone("").Compare(limit))
			}
		}
	}
	return func(v any) bool { return haveOrder(v, limit) && accept(schema.Compare(v, limit)) }
}

// intOrder is the comparison that most conditions are made of.
func intOrder(limit int, accept func(int) bool) func(any) bool {
	return func(v any) bool {
		i, ok := v.(int)
		if !ok {
			f, ok := v.(float64)
			return ok && accept(schema.Compare(f, limit))
		}
		switch {
		case i < limit:
			return accept(-1)
		case i > limit:
			return accept(1)
		}
		return accept(0)
	}
}

// haveOrder says whether two values can be ordered: they are of one kind, or both are numbers.
func haveOrder(a, b any) bool {
	x, y := goKind(a), goKind(b)
	return x == y && a != nil || isNumber(x) && isNumber(y)
}
