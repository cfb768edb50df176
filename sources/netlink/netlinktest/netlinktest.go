// Package netlinktest plays the kernel for tests of the packages that decode netlink messages.
package netlinktest

import (
	"context"
	"iter"

	"netql/sources/netlink"
)

// Func answers requests from a script: the messages, then the error unless it is nil. Like the kernel's transport it
// hands all messages out in one buffer, so that a decoder which keeps a message's bytes is caught.
type Func func(netlink.Request) ([]netlink.Message, error)

// Dump implements netlink.Transport.
func (f Func) Dump(ctx context.Context, r netlink.Request) iter.Seq2[netlink.Message, error] {
	return func(yield func(netlink.Message, error) bool) {
		messages, failure := f(r)
		var buffer []byte
		for _, m := range messages {
			if ctx.Err() != nil {
				failure = context.Cause(ctx)
				break
			}
			buffer = append(buffer[:0], m.Data...)
			ok := yield(netlink.Message{Type: m.Type, Flags: m.Flags, Data: buffer}, nil)
			clear(buffer)
			if !ok {
				return
			}
		}
		if failure != nil {
			yield(netlink.Message{}, failure)
		}
	}
}
