package tables

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"syscall"

	"netql/query"
	"netql/query/schema"
	"netql/sources/owners"
	"netql/sources/sockdiag"
	"netql/sources/unixdiag"
)

// unixSocket is a row of unix_sockets.
type unixSocket struct {
	*unixdiag.Socket
	facts *unixFacts
}

// unixStates are the states that unix sockets have, in the words of ss.
func unixStates() *schema.Vocabulary {
	return schema.NewVocabulary(
		schema.Word{Name: "LISTEN", Aliases: []string{"LISTENING"}},
		schema.Word{Name: "ESTABLISHED", Aliases: []string{"ESTAB", "CONNECTED"}, Level: schema.Good},
		schema.Word{Name: "UNCONN", Aliases: []string{"UNCONNECTED", "CLOSED", "CLOSE"}},
	)
}

// unixTypes are the SOCK_* of socket(2) that unix sockets have.
func unixTypes() codes {
	return codes{
		named(syscall.SOCK_STREAM, "stream"), named(syscall.SOCK_DGRAM, "dgram"),
		named(syscall.SOCK_SEQPACKET, "seqpacket"),
	}
}

// unixSocketsTable declares the table of unix sockets.
func unixSocketsTable() *query.Table {
	return query.Define(query.Spec[unixSocket]{
		Doc: "A unix socket. A connection that nobody has accepted yet is no socket of its own: there is its " +
			"client, and its listener's accept_queue counts it.",
		Examples: []string{
			"unix_sockets state == LISTEN | select path, type, process, accept_queue, accept_backlog | sort path",
			`unix_sockets peer_path contains "dbus" | select pid, process, peer_process`,
			"unix_sockets recv_queue > 64KiB or send_queue > 64KiB | " +
				"select path, process, peer_process, recv_queue, send_queue",
			"unix_sockets state == LISTEN and accept_queue >= accept_backlog | select path, process",
			"unix_sockets | count by process",
			"unix_sockets abstract and state == LISTEN | select path, user, process",
		},
		Columns: slices.Concat(unixIdentityColumns(), unixPeerColumns(), unixQueueColumns(),
			ownerColumns[unixSocket]()),
		Shown: []string{
			"type", "state", "path", "recv_queue", "send_queue", "accept_queue", "pid", "process", "peer_pid",
			"peer_process",
		},
		Quiet: []string{"recv_queue", "send_queue", "accept_queue"},
		Spare: []string{"peer_pid", "send_queue", "type", "accept_queue", "pid"},
		Key:   []string{"cookie", "inode"},
		Scan: func(r query.Request) query.Scan[unixSocket] {
			q := unixdiag.Query{States: wantedUnixStates(r.Where), Show: unixdiag.Show(r.Needs)}
			read := readsOwners(r.Columns)
			text := "unix socket diagnostics" + unixStatesText(q.States) + ownersText(r, read)
			return streamScan[unixSocket]{text, "unix sockets", r,
				func(s *scanState) iter.Seq2[*unixSocket, error] {
					return withOwners(s, read, newUnixFacts(s).list(q))
				}}
		},
	})
}

// unixIdentityColumns are the columns of which socket it is.
func unixIdentityColumns() []query.Column[unixSocket] {
	return slices.Concat([]query.Column[unixSocket]{
		enumOf("type", "The type: stream, dgram (datagrams) or seqpacket (a stream of messages).",
			unixTypes(), func(s *unixSocket) uint8 { return s.Type }),
		query.Enum("state", "The state: LISTEN, ESTABLISHED while it has or had a peer, else UNCONN.",
			unixStates(), func(s *unixSocket) string { return unixStateNames[s.State] }),
	}, withExtension(unixdiag.ShowName,
		query.NonZero("path", "The file that the socket is bound to, or an abstract name, whose NULs are shown as "+
			"@, so that it begins with one; NULL for a socket without name.",
			func(s *unixSocket) string { return unixPath(s.Name) }),
		query.Opt("abstract", "Whether path is an abstract name and no file; where /proc/net answers, whether it "+
			"begins with @.",
			func(s *unixSocket) (bool, bool) { return strings.HasPrefix(s.Name, "\x00"), s.Name != "" }),
	), []query.Column[unixSocket]{
		query.NonZero("inode", "The socket's inode, by which /proc/PID/fd names it.",
			func(s *unixSocket) uint32 { return s.Inode }),
		query.NonZero("cookie", "The kernel's number for the socket, never used twice; NULL where /proc/net answers.",
			func(s *unixSocket) uint64 { return s.Cookie }),
		query.NonZero("refs", "References to the socket in the kernel (/proc/net/unix RefCount); NULL where the "+
			"socket is newer than the file.",
			func(s *unixSocket) int { return s.facts.references()[s.Inode] }).Costly(),
	}, withExtension(unixdiag.ShowVFS,
		query.Opt("vfs_inode", "The inode of the file at path.",
			func(s *unixSocket) (uint32, bool) { return s.VFSInode, s.Has(unixdiag.AttrVFS) }),
		query.Opt("vfs_device", "The device of the file at path, major:minor as in /proc/self/mountinfo.",
			func(s *unixSocket) (string, bool) { return deviceText(s.VFSDevice), s.Has(unixdiag.AttrVFS) }),
	), withExtension(unixdiag.ShowUID,
		query.Opt("uid", "The user who made the socket.",
			func(s *unixSocket) (uint32, bool) { return s.UID, s.hasUser() }),
		query.NonZero("user", "The user's name in /etc/passwd.",
			func(s *unixSocket) string { return s.facts.userName(s.UID) }).When((*unixSocket).hasUser),
	))
}

// hasUser says that the kernel sent the user (Linux 5.3).
func (s *unixSocket) hasUser() bool { return s.Has(unixdiag.AttrUID) }

// unixPeerColumns are the columns of the other end.
func unixPeerColumns() []query.Column[unixSocket] {
	return withExtension(unixdiag.ShowPeer, append([]query.Column[unixSocket]{
		query.NonZero("peer", "The inode of the socket at the other end, or that a datagram socket sends to; NULL "+
			"where that has none, because it is closed, or a connection that nobody has accepted yet.",
			func(s *unixSocket) uint32 { return s.Peer }),
		query.NonZero("peer_path", "The path or abstract name of the peer; before a connection is accepted, its "+
			"listener's.",
			func(s *unixSocket) string { return unixPath(s.facts.socketNames()[s.otherEnd()]) }).Costly(),
	}, query.Within((*unixSocket).peerOwner,
		query.Col("peer_pid", "The process that has the peer, the first by number; before a connection is "+
			"accepted, the one that has its listener.", func(o *owners.Owner) int { return o.PID }).Costly(),
		query.Col("peer_process", "The name of that process.",
			func(o *owners.Owner) string { return o.Process }).Costly(),
	)...)...)
}

// unixQueueColumns are the columns of queues and memory.
func unixQueueColumns() []query.Column[unixSocket] {
	type row = unixSocket
	return slices.Concat(withExtension(unixdiag.ShowQueues,
		query.Col("recv_queue", "Bytes received that the program has not read yet; of a datagram socket those of "+
			"the first datagram; NULL for a listener.",
			func(s *row) uint32 { return s.RecvQueue }).When((*row).queues).In(schema.Bytes).Gauge(),
		query.Col("send_queue", "Memory of what was sent and the peer has not read yet, with its overhead; NULL "+
			"for a listener.",
			func(s *row) uint32 { return s.SendQueue }).When((*row).queues).In(schema.Bytes).Gauge(),
		query.Col("accept_queue", "Connections that wait for the listener to accept them; NULL for other sockets.",
			func(s *row) uint32 { return s.RecvQueue }).When((*row).accepts).In(schema.Connections).Gauge(),
		query.Col("accept_backlog", "How many connections may wait for the listener, as in listen(2); NULL for other "+
			"sockets.",
			func(s *row) uint32 { return s.SendQueue }).When((*row).accepts).In(schema.Connections),
	), []query.Column[row]{
		flagsOf("shutdown", "The directions that are closed; NULL where none is.",
			bits(1, "receive", "send"), func(s *row) uint8 { return s.Shutdown }),
	}, withExtension(unixdiag.ShowMemory, memoryColumns(func(s *row) *sockdiag.Memory { return s.Memory })...))
}

// queues says that RecvQueue and SendQueue are known, and are those of data.
func (s *unixSocket) queues() bool { return s.Has(unixdiag.AttrQueues) && !s.listens() }

// accepts says that they are known, and are those of connections: the accept queue and its limit.
func (s *unixSocket) accepts() bool { return s.Has(unixdiag.AttrQueues) && s.listens() }

func (s *unixSocket) listens() bool { return s.State == unixdiag.Listen }

// unixPath shows a name as ss and /proc/net/unix do.
func unixPath(name string) string { return strings.ReplaceAll(name, "\x00", "@") }

// deviceText takes a device apart as the kernel does (MINORBITS of linux/kdev_t.h).
func deviceText(device uint32) string { return fmt.Sprintf("%d:%d", device>>20, device&(1<<20-1)) }

// unixStateNames are the kernel's states of unix sockets.
var unixStateNames = [256]string{
	unixdiag.Listen: "LISTEN", unixdiag.Established: "ESTABLISHED", unixdiag.Closed: "UNCONN",
}
