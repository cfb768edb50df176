package tables

import (
	"context"
	"iter"
	"net/netip"
	"strconv"
	"sync"

	"netql/sources"
	"netql/sources/cgroup"
	"netql/sources/inetdiag"
)

// socketFacts are what sockets' columns need beside the socket itself. Each is read once for a query, and only if some
// row asks for it.
type socketFacts struct {
	*ownership
	cgroups   func() map[uint64]string
	listeners func() map[listenerKey][]uint64 // inodes of the TCP listeners
}

func newSocketFacts(ctx context.Context, system *sources.System, warn func(string)) *socketFacts {
	f := &socketFacts{}
	f.ownership = newOwnership(ctx, system, warn, func(*ownership) iter.Seq[uint64] { return f.inodes(ctx) })
	f.cgroups = sync.OnceValue(f.readCgroups)
	f.listeners = sync.OnceValue(func() map[listenerKey][]uint64 { return f.readListeners(ctx) })
	return f
}

func (f *socketFacts) readCgroups() map[uint64]string {
	paths, err := cgroup.Paths(f.system.Files)
	if err != nil {
		f.warn("the names of some control groups are unknown: " + err.Error())
	}
	return paths
}

// cgroupPath says which group it was when the group has been removed, or lies outside of what we see.
func (f *socketFacts) cgroupPath(id uint64) any {
	if id == 0 {
		return nil
	}
	if path, ok := f.cgroups()[id]; ok {
		return path
	}
	return "unreachable:" + strconv.FormatUint(id, 16)
}

// listenerKey is where a listener takes connections from.
type listenerKey struct {
	local netip.AddrPort
	index uint32 // the interface, 0 for any
}

// readListeners knows the listeners even where the query asked for other states only.
func (f *socketFacts) readListeners(ctx context.Context) map[listenerKey][]uint64 {
	found := map[listenerKey][]uint64{}
	for s, err := range f.list(ctx, tcp.allOf(inetdiag.States(inetdiag.Listen))) {
		if err != nil {
			f.warn("the listeners of connections that nobody accepted yet are unknown: " + err.Error())
			break
		}
		key := listenerKey{s.Local, s.Interface}
		found[key] = append(found[key], uint64(s.Inode))
	}
	return found
}

// inodes lists the sockets once more. What cannot be listed has been warned about.
func (f *socketFacts) inodes(ctx context.Context) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for _, p := range protocols {
			for s, err := range f.list(ctx, p.allOf(p.states)) {
				if err != nil {
					break
				}
				if !yield(uint64(s.Inode)) {
					return
				}
			}
		}
	}
}

func (f *socketFacts) list(ctx context.Context, d socketDump) iter.Seq2[*socket, error] {
	return socketScan{system: f.system, warn: f.warn}.dump(ctx, d, f)
}
