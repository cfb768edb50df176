package tables

import "net/netip"

// distinct finds sockets of one protocol that the kernel lists twice (see sockdiag.Dump), by their cookies. Where the
// protocol copies cookies, connections have the cookie of their listener, if that was ever listed; their addresses tell
// them apart, and their inodes once they are accepted.
type distinct struct {
	copies  bool                  // protocol.copies
	cookies cookieSet             // of the sockets so far
	copied  map[copiedCookie]bool // the sockets so far, where cookies are copied
}

// copiedCookie identifies a socket whose cookie others may have.
type copiedCookie struct {
	cookie        uint64
	local, remote netip.AddrPort
	inode         uint32
}

func newDistinct(p protocol) *distinct {
	return &distinct{p.copies, cookieSet{}, map[copiedCookie]bool{}}
}

// add adds a socket, and says whether it differs from those before it. Sockets from /proc/net have no cookies, and are
// taken to differ.
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
