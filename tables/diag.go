package tables

import (
	"errors"
	"iter"

	"netql/query"
	"netql/query/schema"
	"netql/sources/netlink"
	"netql/sources/sockdiag"
)

// either lists sockets by socket diagnostics, each once, and by a file of /proc/net where there is no module for that.
func either[T any](
	diagnostics iter.Seq2[*T, error], cookie func(*T) uint64, file iter.Seq2[*T, error],
) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		seen := cookieSet{}
		for s, err := range diagnostics {
			if errors.Is(err, netlink.ErrNoModule) {
				file(yield)
				return
			}
			if err == nil && !seen.add(cookie(s)) {
				continue
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

// withExtension are columns for which socket diagnostics must send something, in bits of W.
func withExtension[T any, W ~uint8 | ~uint32](extension W, columns ...query.Column[T]) []query.Column[T] {
	for i := range columns {
		columns[i] = columns[i].Needs(uint32(extension))
	}
	return columns
}

// memoryColumns are the socket's memory, as in SK_MEMINFO_* of linux/sock_diag.h; NULL where the kernel does not tell.
func memoryColumns[T any](memory func(*T) *sockdiag.Memory) []query.Column[T] {
	bytes := func(name, doc string, f sockdiag.MemoryField) query.Column[sockdiag.Memory] {
		get := func(m *sockdiag.Memory) (uint32, bool) { return m.Get(f) }
		return query.Opt(name, doc, get).In(schema.Bytes).Gauge()
	}
	return query.Within(memory,
		bytes("rmem", "Memory of received data, with its overhead.", sockdiag.ReadAllocated),
		bytes("rcvbuf", "The limit of rmem (SO_RCVBUF).", sockdiag.ReceiveBuffer),
		bytes("wmem", "Memory of data that the device layer has, with its overhead.", sockdiag.WriteAllocated),
		bytes("sndbuf", "The limit of what is queued to send (SO_SNDBUF).", sockdiag.SendBuffer),
		bytes("fwd_alloc", "Memory reserved for the socket and not used yet.", sockdiag.ForwardAllocated),
		bytes("wmem_queued", "Memory of data queued to send, with its overhead.", sockdiag.WriteQueued),
		bytes("opt_mem", "Memory of socket options and filters.", sockdiag.OptionMemory),
		bytes("backlog", "Memory of packets that wait while a system call holds the socket.", sockdiag.Backlog),
	)
}

// inodesOf are the inodes of sockets, which are listed once more. If that fails there is a warning.
func inodesOf[T any](s *scanState, list iter.Seq2[*T, error], inode func(*T) uint32) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for socket, err := range list {
			if err != nil {
				s.warn("which sockets are there still is unknown: " + err.Error())
				return
			}
			if !yield(uint64(inode(socket))) {
				return
			}
		}
	}
}
