package tables

// optional is a value that may be unknown.
type optional[V any] struct {
	value V
	known bool
}

// known is a value that is known.
func known[V any](v V) optional[V] { return optional[V]{v, true} }

func (o optional[V]) get() (V, bool) { return o.value, o.known }
