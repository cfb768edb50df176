package tables

import (
	"fmt"
	"iter"
	"strings"

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

type unixField = diagField[unixSocket, unixdiag.Show]

// unixStates are the states that unix sockets have, in the words of ss.
var unixStates = schema.NewVocabulary(
	schema.Word{Name: "LISTEN", Aliases: []string{"LISTENING"}},
	schema.Word{Name: "ESTABLISHED", Aliases: []string{"ESTAB", "CONNECTED"}, Level: schema.Good},
	schema.Word{Name: "UNCONN", Aliases: []string{"UNCONNECTED", "CLOSED", "CLOSE"}},
)

var (
	unixTypeWords = schema.Words("stream", "dgram", "seqpacket")
	shutdowns     = bits(1, "receive", "send")
)

// unixSockets declares the table of unix sockets.
func unixSockets() *query.Table {
	fields := unixFields()
	return query.Define(query.Spec[unixSocket]{
		Doc: "A unix socket. A connection that nobody has accepted yet is no socket of its own: there is its client, and its listener's accept_queue " +
			"counts it.",
		Examples: []string{
			"unix_sockets state == LISTEN | select path, type, process, accept_queue, accept_backlog | sort path",
			`unix_sockets peer_path contains "dbus" | select pid, process, peer_process`,
			"unix_sockets recv_queue > 64KiB or send_queue > 64KiB | select path, process, peer_process, recv_queue, send_queue",
			"unix_sockets state == LISTEN and accept_queue >= accept_backlog | select path, process",
			"unix_sockets | count by process",
			"unix_sockets abstract and state == LISTEN | select path, user, process",
		},
		Fields: columnsOf(fields),
		Shown:  []string{"type", "state", "recv_queue", "send_queue", "path", "pid", "process", "peer_pid", "peer_process"},
		Key:    []string{"cookie", "inode"},
		Scan: func(r query.Request) query.Scan[unixSocket] {
			q := unixdiag.Query{States: wantedUnixStates(r.Where), Show: wanted(fields, r.Columns)}
			return streamScan[unixSocket]{"unix socket diagnostics" + unixStatesText(q.States), "unix sockets", r,
				func(s *scanState) iter.Seq2[*unixSocket, error] { return newUnixFacts(s).list(q) }}
		},
	})
}

func unixFields() []unixField {
	fields := unixIdentityFields()
	fields = append(fields, unixPeerFields()...)
	fields = append(fields, unixQueueFields()...)
	fields = append(fields, wanting(unixdiag.ShowMemory, query.OldFields(memoryColumns(func(s *unixSocket) *sockdiag.Memory { return s.Memory })))...)
	return append(fields, wanting[unixSocket, unixdiag.Show](0, query.OldFields(ownerColumns[unixSocket]()))...)
}

// unixColumn makes a column that needs something of the kernel.
func unixColumn(wants unixdiag.Show, name string, typ schema.Type, doc string, get func(*unixSocket) any) unixField {
	return unixField{query.Field[unixSocket]{Name: name, Type: typ, Doc: doc, Get: get}, wants}
}

func unixIdentityFields() []unixField {
	return []unixField{
		unixColumn(0, "type", enum(unixTypeWords), "The type: stream, dgram (datagrams) or seqpacket (a stream of messages).",
			func(s *unixSocket) any { return socketTypes.word(uint32(s.Type)) }),
		unixColumn(0, "state", enum(unixStates), "The state: LISTEN, ESTABLISHED while it has or had a peer, else UNCONN.",
			func(s *unixSocket) any { return unixStateName(s.State) }),
		unixColumn(unixdiag.ShowName, "path", text, "The file that the socket is bound to, or an abstract name, whose NULs are shown as @, so that it begins with one; "+
			"NULL for a socket without name.", func(s *unixSocket) any { return unixPath(s.Name) }),
		unixColumn(unixdiag.ShowName, "abstract", boolean, "Whether path is an abstract name and no file; where /proc/net answers, whether it begins with @.",
			func(s *unixSocket) any { return orNull(strings.HasPrefix(s.Name, "\x00"), s.Name != "") }),
		unixColumn(0, "inode", integer, "The socket's inode, by which /proc/PID/fd names it.", func(s *unixSocket) any { return nonZero(s.Inode) }),
		unixColumn(0, "cookie", integer, "The kernel's number for the socket, never used twice; NULL where /proc/net answers.",
			func(s *unixSocket) any { return nonZero(s.Cookie) }),
		unixRefs(),
		unixColumn(unixdiag.ShowVFS, "vfs_inode", integer, "The inode of the file at path.",
			func(s *unixSocket) any { return orNull(int(s.VFSInode), s.Has(unixdiag.AttrVFS)) }),
		unixColumn(unixdiag.ShowVFS, "vfs_device", text, "The device of the file at path, major:minor as in /proc/self/mountinfo.",
			func(s *unixSocket) any { return orNull(deviceText(s.VFSDevice), s.Has(unixdiag.AttrVFS)) }),
		unixColumn(unixdiag.ShowUID, "uid", integer, "The user who made the socket.",
			func(s *unixSocket) any { return orNull(int(s.UID), s.Has(unixdiag.AttrUID)) }),
		unixColumn(unixdiag.ShowUID, "user", text, "The user's name in /etc/passwd.", func(s *unixSocket) any {
			if !s.Has(unixdiag.AttrUID) {
				return nil
			}
			return nonEmpty(s.facts.userName(s.UID))
		}),
	}
}

func unixRefs() unixField {
	f := unixColumn(0, "refs", integer, "References to the socket in the kernel (/proc/net/unix RefCount); NULL where the socket is newer than the file.",
		func(s *unixSocket) any { return nonZero(s.facts.references()[s.Inode]) })
	f.Costly = true
	return f
}

func unixPeerFields() []unixField {
	costly := func(name string, typ schema.Type, doc string, get func(*unixSocket) any) unixField {
		f := unixColumn(unixdiag.ShowPeer, name, typ, doc, get)
		f.Costly = true
		return f
	}
	return []unixField{
		unixColumn(unixdiag.ShowPeer, "peer", integer, "The inode of the socket at the other end, or that a datagram socket sends to; NULL where that has none, "+
			"because it is closed, or a connection that nobody has accepted yet.", func(s *unixSocket) any { return nonZero(s.Peer) }),
		costly("peer_path", text, "The path or abstract name of the peer; before a connection is accepted, its listener's.",
			func(s *unixSocket) any { return unixPath(s.facts.socketNames()[s.otherEnd()]) }),
		costly("peer_pid", integer, "The process that has the peer, the first by number; before a connection is accepted, the one that has its listener.",
			func(s *unixSocket) any { return s.peerOwner(func(o owners.Owner) any { return o.PID }) }),
		costly("peer_process", text, "The name of that process.",
			func(s *unixSocket) any { return s.peerOwner(func(o owners.Owner) any { return o.Process }) }),
	}
}

func unixQueueFields() []unixField {
	queue := func(name string, unit schema.Unit, change schema.Change, doc string, get func(*unixSocket) any) unixField {
		f := unixColumn(unixdiag.ShowQueues, name, integer, doc, func(s *unixSocket) any {
			if !s.Has(unixdiag.AttrQueues) {
				return nil
			}
			return get(s)
		})
		f.Unit, f.Change = unit, change
		return f
	}
	return []unixField{
		queue("recv_queue", schema.Bytes, schema.Gauge, "Bytes received that the program has not read yet; of a datagram socket those of the first datagram; NULL for a listener.",
			func(s *unixSocket) any { return orNull(int(s.RecvQueue), !s.listens()) }),
		queue("send_queue", schema.Bytes, schema.Gauge, "Memory of what was sent and the peer has not read yet, with its overhead; NULL for a listener.",
			func(s *unixSocket) any { return orNull(int(s.SendQueue), !s.listens()) }),
		queue("accept_queue", schema.Connections, schema.Gauge, "Connections that wait for the listener to accept them; NULL for other sockets.",
			func(s *unixSocket) any { return orNull(int(s.RecvQueue), s.listens()) }),
		queue("accept_backlog", schema.Connections, schema.Steady, "How many connections may wait for the listener, as in listen(2); NULL for other sockets.",
			func(s *unixSocket) any { return orNull(int(s.SendQueue), s.listens()) }),
		unixColumn(0, "shutdown", shutdowns.set(), "The directions that are closed; NULL where none is.",
			func(s *unixSocket) any { return shutdowns.flags(uint32(s.Shutdown)) }),
	}
}

func (s *unixSocket) listens() bool { return s.State == unixdiag.Listen }

// unixPath shows a name as ss and /proc/net/unix do.
func unixPath(name string) any { return nonEmpty(strings.ReplaceAll(name, "\x00", "@")) }

// deviceText takes a device apart as the kernel does (MINORBITS of linux/kdev_t.h).
func deviceText(device uint32) string { return fmt.Sprintf("%d:%d", device>>20, device&(1<<20-1)) }

// unixStateNames are the kernel's states of unix sockets.
var unixStateNames = map[unixdiag.State]string{unixdiag.Listen: "LISTEN", unixdiag.Established: "ESTABLISHED", unixdiag.Closed: "UNCONN"}

func unixStateName(state unixdiag.State) any { return nonEmpty(unixStateNames[state]) }
