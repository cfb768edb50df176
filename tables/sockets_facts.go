package tables

import (
	"iter"
	"net/netip"
	"strconv"

	"netql/sources/cgroup"
	"netql/sources/inetdiag"
)

// socketFacts are what columns of sockets need beside the socket message. Each is read once for a query, and only if
// some row asks for it.
type socketFacts struct {
	ownership
	cgroups      lazy[map[uint64]string]        // paths of control groups by id
	addressNames lazy[map[netip.Addr]string]    // names of Docker's containers by address
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

// cgroupPath is the path of the control group of an id; "" for 0, and unreachable:ID, as in ss, for a group that was
// removed or is outside of the cgroup namespace.
func (f *socketFacts) cgroupPath(id uint64) string {
	if id == 0 {
		return ""
	}
	if path, ok := f.cgroups.get(f.readCgroups)[id]; ok {
		return path
	}
	return "unreachable:" + strconv.FormatUint(id, 16)
}

// listenerKey is the address and the interface on which a listener listens.
type listenerKey struct {
	local netip.AddrPort
	index uint32 // of the interface; 0 for any
}

// listeners are the inodes of all TCP listeners. They are listed apart, because the query may be for other states.
func (f *socketFacts) listeners() map[listenerKey][]uint64 {
	return f.tcpListeners.get(f.readListeners)
}

func (f *socketFacts) readListeners() map[listenerKey][]uint64 {
	found := map[listenerKey][]uint64{}
	for s, err := range f.list(protocols[tcp].allOf(inetdiag.States(inetdiag.Listen))) {
		if err != nil {
			f.warn("the listeners of connections that nobody accepted yet are unknown: " + err.Error())
			break
		}
		key := listenerKey{s.Local, s.Interface}
		found[key] = append(found[key], uint64(s.Inode))
	}
	return found
}

// everyInode lists the inodes of all IP sockets. Errors are left out: the scan has warned of them.
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
