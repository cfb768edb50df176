package tables

import (
	"net/netip"
	"slices"

	"netql/sources/inetdiag"
	"netql/sources/owners"
)

// owned is the owners of the socket, and why there are none. Owners are found by inode, never by port; a connection
// that waits to be accepted has its listener's owners, and the status unaccepted.
func (s *socket) owned() (status string, all []owners.Owner) {
	if s.gone != nil {
		return s.gone.status, s.gone.all
	}
	if s.Inode == 0 {
		return s.ownedWithoutInode()
	}
	return s.facts.lookup(uint64(s.Inode))
}

func (s *socket) process(pid int) *process { return s.facts.process(pid) }

// ownedWithoutInode is owned for a socket without an inode, which no process can have open.
func (s *socket) ownedWithoutInode() (string, []owners.Owner) {
	switch s.State {
	case inetdiag.TimeWait:
		return "time_wait", nil
	case inetdiag.FinWait2:
		if s.Timer == inetdiag.TimerTimeWait {
			return "time_wait", nil
		}
		return "orphan", nil
	case inetdiag.FinWait1, inetdiag.Closing, inetdiag.LastAck:
		return "orphan", nil
	case inetdiag.SynReceived, inetdiag.Established, inetdiag.CloseWait:
		if s.Protocol == inetdiag.TCP || s.Protocol == inetdiag.MPTCP { // a listener of MPTCP is one of TCP too
			return "unaccepted", s.listenerOwners()
		}
	}
	return "kernel", nil
}

// listenerOwners are the owners of the listener of an unaccepted connection: of the listener on its address, else of
// the one on any address. Of listeners that share an address (SO_REUSEPORT) it is unknown which one it is: the owners
// of all are returned.
func (s *socket) listenerOwners() []owners.Owner {
	table := s.facts.socketOwners()
	if table == nil {
		return nil
	}
	var all []owners.Owner
	for _, inode := range s.listeners() {
		all = append(all, table.Owners(inode)...)
	}
	if len(all) == 0 {
		s.facts.warnUnseen(table)
	}
	slices.SortFunc(all, owners.CompareOwners)
	return all
}

// listeners are the inodes of the listeners that the connection may belong to: those on its address, else those on any
// address.
func (s *socket) listeners() []uint64 {
	local := s.Local.Addr()
	candidates := []netip.Addr{local, local.Unmap()}
	if local.Unmap().Is4() {
		candidates = append(candidates, netip.IPv4Unspecified())
	}
	for _, addr := range append(candidates, netip.IPv6Unspecified()) {
		local := netip.AddrPortFrom(addr, s.Local.Port())
		// A connection inherits the interface that its listener is bound to.
		for _, index := range []uint32{s.Interface, 0} {
			if inodes := s.facts.listeners()[listenerKey{local, index}]; len(inodes) > 0 {
				return inodes
			}
		}
	}
	return nil
}
