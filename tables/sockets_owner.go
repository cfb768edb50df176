package tables

import (
	"cmp"
	"net/netip"
	"slices"

	"netql/sources/inetdiag"
	"netql/sources/owners"
)

// owned says who has the socket, and why. Owners are found by inode and never by port; only a connection that waits to
// be accepted is given its listener's owners, and says so.
func (s *socket) owned() (status string, all []owners.Owner) {
	if s.gone {
		return "orphan", nil
	}
	if s.Inode == 0 {
		return s.unheld()
	}
	return s.facts.of(uint64(s.Inode))
}

func (s *socket) process(pid int) *process { return s.facts.process(pid) }

// unheld is for a socket that no process can have a file of.
func (s *socket) unheld() (string, []owners.Owner) {
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

// listenerOwners are the owners of the listener to which an unaccepted connection came: the one on its address, else
// the one on any address. Listeners that share an address (SO_REUSEPORT) share the answer.
func (s *socket) listenerOwners() []owners.Owner {
	holders := s.facts.socketHolders()
	if holders == nil {
		return nil
	}
	var all []owners.Owner
	for _, inode := range s.listeners() {
		all = append(all, holders.Owners(inode)...)
	}
	if len(all) == 0 {
		s.facts.warnUnseen(holders)
	}
	slices.SortFunc(all,
		func(a, b owners.Owner) int { return cmp.Or(cmp.Compare(a.PID, b.PID), cmp.Compare(a.FD, b.FD)) })
	return all
}

// listeners are the inodes of the listeners that may have been meant, by the first of the addresses on which there are
// any.
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
