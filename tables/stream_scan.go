package tables

import (
	"context"
	"errors"
	"iter"

	"netql/query"
	"netql/sources/netlink"
)

// streamScan is the scan of a table that comes as a stream from a source. An error in the stream costs a warning, and
// the rows around it are there; if there are no rows, it is an error (Unreadable).
type streamScan[T any] struct {
	text    string // what explain says: "rtnetlink RTM_GETROUTE, inet and inet6"
	what    string // what warnings call the rows: "routes"
	request query.Request
	list    func(*scanState) iter.Seq2[*T, error] // the stream; errors may stand between rows
}

func (r streamScan[T]) String() string { return r.text }

func (r streamScan[T]) Rows(ctx context.Context) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		s := newScanState(ctx, r.request)
		failed := failures{warn: s.warn, files: s.system.Files, what: r.what}
		for row, err := range r.list(s) {
			switch {
			case ctx.Err() != nil:
				yield(nil, ctx.Err())
				return
			case errors.Is(err, netlink.ErrInterrupted):
				s.warn("the " + r.what + " changed while they were read: one may be missing, or listed twice")
			case err != nil:
				failed.add(r.what, err)
			default:
				failed.read()
				if !yield(row, nil) {
					return
				}
			}
		}
		if err := failed.end(); err != nil {
			yield(nil, err)
		}
	}
}

// each yields pointers to the elements of a list, and then the error, if there is one.
func each[T any](list []T, err error) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for i := range list {
			if !yield(&list[i], nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// converted is a stream of A's as one of B's.
func converted[A, B any](list iter.Seq2[*A, error], convert func(*A) *B) iter.Seq2[*B, error] {
	return func(yield func(*B, error) bool) {
		for a, err := range list {
			var b *B
			if err == nil {
				b = convert(a)
			}
			if !yield(b, err) {
				return
			}
		}
	}
}
