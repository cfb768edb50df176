package tables

import (
	"iter"
	"strings"

	"netql/query"
	"netql/sources/owners"
	"netql/sources/procfs"
	"netql/sources/unixdiag"
)

// unixFacts are what columns of unix_sockets need beside the socket message. Each is read once for a query, and only if
// some row asks for it.
type unixFacts struct {
	ownership
	names     lazy[map[uint32]string] // the names of sockets by inode
	refs      lazy[map[uint32]int]    // the references to sockets by inode
	acceptors lazy[map[uint32]uint32] // the inodes of listeners by those of clients that wait to be accepted
}

func newUnixFacts(s *scanState) *unixFacts {
	f := &unixFacts{ownership: ownership{scanState: s}}
	f.inodes = func() iter.Seq[uint64] {
		return inodesOf(f.scanState, f.list(everyUnixSocket(0)), func(s *unixSocket) uint32 { return s.Inode })
	}
	return f
}

func (f *unixFacts) socketNames() map[uint32]string { return f.names.get(f.readNames) }
func (f *unixFacts) references() map[uint32]int     { return f.refs.get(f.readRefs) }

// everyUnixSocket is the query for all unix sockets.
func everyUnixSocket(show unixdiag.Show) unixdiag.Query {
	return unixdiag.Query{States: unixdiag.AllStates, Show: show}
}

// list lists unix sockets, each once.
func (f *unixFacts) list(q unixdiag.Query) iter.Seq2[*unixSocket, error] {
	diagnostics := converted(unixdiag.List(f.ctx, f.system.Netlink, q),
		func(s *unixdiag.Socket) *unixSocket { return &unixSocket{s, f} })
	return diagOrProc[unixSocket]{
		"unix", diagnostics, func(s *unixSocket) uint64 { return s.Cookie }, f.listFile(q.States),
		[]string{"recv_queue", "send_queue", "accept_queue", "accept_backlog", "peer", "peer_path", "peer_pid",
			"peer_process", "cookie", "uid", "user", "vfs_inode", "vfs_device", "shutdown", "rmem", "rcvbuf", "wmem",
			"sndbuf", "fwd_alloc", "wmem_queued", "opt_mem", "backlog"},
	}.list(f.scanState)
}

// listFile lists the sockets of /proc/net/unix that socket diagnostics would list: those with an inode. A line within
// the name of a socket, which may contain line ends, is taken for a socket, because there is no other list to check.
func (f *unixFacts) listFile(states uint32) iter.Seq2[*unixSocket, error] {
	return func(yield func(*unixSocket, error) bool) {
		for record, err := range procfs.UnixSockets(f.system.Files, nil) {
			var s *unixSocket
			if err == nil {
				s = &unixSocket{unixFromFile(record), f}
				if s.Inode == 0 || states&(1<<s.State) == 0 {
					continue
				}
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

// unixFromFile is a socket by its line of /proc/net/unix.
func unixFromFile(record *procfs.UnixSocket) *unixdiag.Socket {
	s := &unixdiag.Socket{Type: record.Type, Inode: uint32(record.Inode), Name: record.Path, State: unixdiag.Closed}
	if rest, abstract := strings.CutPrefix(record.Path, "@"); abstract {
		s.Name = "\x00" + rest
	}
	switch {
	case record.Flags&procfs.UnixAccepts != 0:
		s.State = unixdiag.Listen
	case record.State == procfs.UnixConnected:
		s.State = unixdiag.Established
	}
	return s
}

// wantedUnixStates are the states that the conditions allow, as bits. The kernel may have others than the three that
// have names.
func wantedUnixStates(where query.Predicate) uint32 {
	states := uint32(unixdiag.AllStates)
	for state, name := range unixStateNames {
		if name != "" && !mayBe(where, "state", name) {
			states &^= 1 << state
		}
	}
	if !mayBe(where, "state", nil) {
		states &= 1<<unixdiag.Listen | 1<<unixdiag.Established | 1<<unixdiag.Closed
	}
	return states
}

// unixStatesText is what explain says of the states; "" for all.
func unixStatesText(states uint32) string {
	if states == unixdiag.AllStates {
		return ""
	}
	var names []string
	for _, word := range unixStates().Words() {
		for state, name := range unixStateNames {
			if name == word.Name && states&(1<<state) != 0 {
				names = append(names, name)
			}
		}
	}
	if names == nil {
		return ", no state"
	}
	return ", states " + strings.Join(names, "+")
}

// readNames reads the names of all sockets: the query may be for others than the peers whose names it shows.
func (f *unixFacts) readNames() map[uint32]string {
	names := map[uint32]string{}
	for s, err := range f.list(everyUnixSocket(unixdiag.ShowName)) {
		if err != nil {
			f.warnPeers(err)
			break
		}
		names[s.Inode] = s.Name
	}
	return names
}

// readAcceptors reads the queues of connections that wait to be accepted.
func (f *unixFacts) readAcceptors() map[uint32]uint32 {
	acceptors := map[uint32]uint32{}
	for s, err := range f.list(unixdiag.Query{States: 1 << unixdiag.Listen, Show: unixdiag.ShowPending}) {
		if err != nil {
			f.warnPeers(err)
			break
		}
		for _, client := range s.Pending {
			acceptors[client] = s.Inode
		}
	}
	return acceptors
}

// readRefs reads the references of sockets in /proc/net/unix, which socket diagnostics do not have. Names may contain
// lines like those of the file: the names by socket diagnostics tell them apart. A socket that is newer than that list
// may still do so, so that an inode with two different numbers counts as unknown.
func (f *unixFacts) readRefs() map[uint32]int {
	refs := map[uint32]int{}
	for record, err := range procfs.UnixSockets(f.system.Files, f.socketNames()) {
		if err != nil {
			f.warn("the references to some unix sockets are unknown: " + err.Error())
			break
		}
		inode := uint32(record.Inode)
		if other, twice := refs[inode]; twice && other != record.Refs {
			record.Refs = 0
		}
		refs[inode] = record.Refs
	}
	return refs
}

func (f *unixFacts) warnPeers(err error) {
	if f.ctx.Err() == nil {
		f.warn("the peers of some unix sockets are unknown: " + err.Error())
	}
}

// otherEnd is the inode of the peer, or of the listener that has not accepted the connection yet; 0 for none.
func (s *unixSocket) otherEnd() uint32 {
	if s.Peer != 0 || !s.Has(unixdiag.AttrPeer) || s.State != unixdiag.Established {
		return s.Peer
	}
	return s.facts.acceptors.get(s.facts.readAcceptors)[s.Inode]
}

// peerOwner is the first owner of the peer; nil if none is known.
func (s *unixSocket) peerOwner() *owners.Owner {
	peer := s.otherEnd()
	if peer == 0 {
		return nil
	}
	if _, all := s.facts.lookup(uint64(peer)); len(all) > 0 {
		return &all[0]
	}
	return nil
}

func (s *unixSocket) owned() (status string, all []owners.Owner) {
	return s.facts.lookup(uint64(s.Inode))
}

func (s *unixSocket) process(pid int) *process { return s.facts.process(pid) }
