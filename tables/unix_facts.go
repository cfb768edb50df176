package tables

import (
	"iter"
	"strings"

	"netql/query"
	"netql/sources/owners"
	"netql/sources/procfs"
	"netql/sources/unixdiag"
)

// unixFacts are what unix_sockets' columns need beside the socket itself.
type unixFacts struct {
	ownership
	names     lazy[map[uint32]string] // names by inode
	refs      lazy[map[uint32]int]    // references by inode
	acceptors lazy[map[uint32]uint32] // the inode of a client that waits for accept, to its listener's
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

// listFile lists the sockets of /proc/net/unix as socket diagnostics would: those with an inode. A name that imitates a
// line is taken for a socket, because nothing else tells of the sockets.
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

// unixFromFile is a socket as /proc/net/unix tells it.
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

// wantedUnixStates asks the predicate about every state. A kernel may have others, which have no name.
func wantedUnixStates(where query.Predicate) uint32 {
	states := uint32(unixdiag.AllStates)
	for state, name := range unixStateNames {
		if !mayBe(where, "state", name) {
			states &^= 1 << state
		}
	}
	if !mayBe(where, "state", nil) {
		states &= 1<<unixdiag.Listen | 1<<unixdiag.Established | 1<<unixdiag.Closed
	}
	return states
}

// unixStatesText tells what is asked for, where that is not all.
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

// readNames knows the names even where the query asked for other sockets only.
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

// readRefs reads the references, which socket diagnostics do not tell. They tell the names, though, which may imitate
// lines of the file. A socket that is newer than their list may do so still, so what is told twice is not known.
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

// peerOwner is the first who has the peer; nil if nobody is known to.
func (s *unixSocket) peerOwner() *owners.Owner {
	peer := s.otherEnd()
	if peer == 0 {
		return nil
	}
	if _, all := s.facts.of(uint64(peer)); len(all) > 0 {
		return &all[0]
	}
	return nil
}

func (s *unixSocket) owned() (status string, all []owners.Owner) { return s.facts.of(uint64(s.Inode)) }

func (s *unixSocket) process(pid int) *process { return s.facts.process(pid) }
