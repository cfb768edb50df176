package rtnetlink

import (
	"context"
	"fmt"
	"iter"

	"netql/sources/netlink"
)

// objects lists what one dump holds, and reads it again if it changes meanwhile. An error is the last item.
func objects[T any](
	ctx context.Context, transport netlink.Transport, request netlink.Request, what string, parse func([]byte) (T, error),
) iter.Seq2[T, error] {
	return netlink.Settled(func(yield func(T, error) bool) {
		for message, err := range transport.Dump(ctx, request) {
			var object T
			if err == nil {
				object, err = parse(message.Data)
			}
			if err != nil {
				yield(object, fmt.Errorf("list the %s: %w", what, err))
				return
			}
			if !yield(object, nil) {
				return
			}
		}
	})
}
