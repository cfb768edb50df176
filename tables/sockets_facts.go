package tables

import (
	"iter"
	"net/netip"
	"strconv"

	"netql/sources/cgroup"
	"netql/sources/inetdiag"
)

// socketFacts are what sockets' columns need beside the socket itself. Each is read once for a query, and only if some
// row asks for it.
type socketFacts struct {
	ownership
	cgroups      lazy[map[uint64]string]        // paths of control groups by their numbers
	tcpListeners lazy[map[listenerKey][]uint64] // inodes of the TCP listeners
}

func newSocketFacts(s *scanState) *socketFacts {
	f := &socketFacts{ownership: ownership{scanState: s}}
	f.inodes = f.everyInode
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
func (f *socketFacts) cgroupPath(id uint64) string {
	if id == 0 {
		return ""
	}
	if path, ok := f.cgroups.get(f.readCgroups)[id]; ok {
		return path
	}
	return "unreachable:" + strconv.FormatUint(id, 16)
}

// listenerKey is where a listener takes connections from.
type listenerKey struct {
	local netip.AddrPort
	index uint32 // the interface, 0 for any
}

// listeners are known even where the query asked for other states only.
func (f *socketFacts) listeners() map[listenerKey][]uint64 {
	return f.tcpListeners.get(f.readListeners)
}

func (f *socketFacts) readListeners() map[listenerKey][]uint64 {
	found := map[listenerKey][]uint64{}
	for s, err := range f.list(tcp.allOf(inetdiag.States(inetdiag.Listen))) {
		if err != nil {
			f.warn("the listeners of connections that nobody accepted yet are unknown: " + err.Error())
			break
		}
		key := listenerKey{s.Local, s.Interface}
		found[key] = append(found[key], uint64(s.Inode))
	}
	return found
}

// everyInode lists the sockets once more. What cannot be listed has been warned about.
func (f *socketFacts) everyInode() iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for _, p := range protocols {
			for s, err := range f.list(p.allOf(p.states)) {
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

func (f *socketFacts) list(d socketDump) iter.Seq2[*socket, error] {
	return d.rows(f, func() {})
}
