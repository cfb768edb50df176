package tables

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"netql/query"
	"netql/query/schema"
	"netql/sources/netlink"
	"netql/sources/sockdiag"
)

// diagOrProc is two ways to list the sockets of a kind: socket diagnostics, and a file of /proc/net for kernels without
// the module for these.
type diagOrProc[T any] struct {
	kind        string // of sockets, for messages: "unix"
	diagnostics iter.Seq2[*T, error]
	cookie      func(*T) uint64
	file        iter.Seq2[*T, error]
	missing     []string // the columns that the file lacks
}

// list lists sockets by socket diagnostics, each cookie once, or by the file.
func (d diagOrProc[T]) list(s *scanState) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		seen := cookieSet{}
		for row, err := range d.diagnostics {
			if errors.Is(err, netlink.ErrNoModule) && len(seen) == 0 {
				d.listFile(s, yield)
				return
			}
			if err == nil && !seen.add(d.cookie(row)) {
				continue
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// listFile lists the sockets of the file. Before the first, it warns of columns that the file lacks.
func (d diagOrProc[T]) listFile(s *scanState, yield func(*T, error) bool) {
	warned := false
	for row, err := range d.file {
		if err == nil && !warned {
			warned = true
			s.warnMissing(d.kind, s.columns, d.missing)
		}
		if !yield(row, err) {
			return
		}
	}
}

// warnMissing warns of the columns, among those that the query reads, which are unknown because a file answers in place
// of socket diagnostics.
func (s *scanState) warnMissing(kind string, read query.Set, missing []string) {
	unknown := slices.DeleteFunc(slices.Clone(missing), func(name string) bool { return !read[name] })
	if len(unknown) > 0 {
		s.warn(fmt.Sprintf("this kernel has no socket diagnostics for %s, and /proc/net does not tell %s",
			kind, enumerated(unknown)))
	}
}

// enumerated is the names with commas between them; of many, the first few and the number of the others.
func enumerated(names []string) string {
	const few = 4
	if rest := len(names) - few; rest > 1 {
		return fmt.Sprintf("%s and %d other columns", strings.Join(names[:few], ", "), rest)
	}
	return strings.Join(names, ", ")
}

// withExtension are columns that need attributes which socket diagnostics send only if they are asked for: extension
// are the bits of the request that ask.
func withExtension[T any, W ~uint8 | ~uint32](extension W, columns ...query.Column[T]) []query.Column[T] {
	for i := range columns {
		columns[i] = columns[i].Needs(uint32(extension))
	}
	return columns
}

// memoryColumns are the columns of a socket's memory, SK_MEMINFO_* of linux/sock_diag.h; NULL where the kernel does not
// send it.
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
		bytes("backlog", "Memory of packets that wait while a system call holds the socket; it is not "+
			"the backlog of listen(2).", sockdiag.Backlog),
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
