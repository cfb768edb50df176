package tables

import "net/netip"

// distinct tells the sockets of one protocol apart. The kernel may list a socket twice (see sockdiag.Dump), and gives
// each a cookie by which that shows. A protocol that copies cookies has connections with the cookie of their listener,
// if that was ever listed; their addresses tell those apart, and their inodes once they are accepted.
type distinct struct {
	copies  bool
	cookies cookieSet
	copied  map[copiedCookie]bool
}

type copiedCookie struct {
	cookie        uint64
	local, remote netip.AddrPort
	inode         uint32
}

func newDistinct(p protocol) *distinct {
	return &distinct{p.copies, cookieSet{}, map[copiedCookie]bool{}}
}

// add says whether the socket is another one than those before it. Those that /proc/net tells have no cookie.
func (d *distinct) add(s *socket) bool {
	switch {
	case s.fromFile():
		return true
	case !d.copies:
		return d.cookies.add(s.Cookie)
	}
	key := copiedCookie{s.Cookie, s.Local, s.Remote, s.Inode}
	again := d.copied[key]
	d.copied[key] = true
	return !again
}
