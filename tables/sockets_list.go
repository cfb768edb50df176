package tables

import (
	"errors"
	"iter"
	"slices"

	"netql/query"
	"netql/sources/inetdiag"
	"netql/sources/netlink"
	"netql/sources/procfs"
	"netql/sources/slab"
	"netql/sources/sockdiag"
)

// rows lists the sockets of the protocol by socket diagnostics, and by /proc/net where the kernel has no module for
// these. It calls read for each list that was read to its end.
func (d socketDump) rows(facts *socketFacts, read func()) iter.Seq2[*socket, error] {
	return func(yield func(*socket, error) bool) {
		if d.present != "" && absent(facts.system.Files, d.present) {
			return
		}
		for _, one := range d.lists() {
			if !one.list(facts, read, yield) {
				return
			}
		}
	}
}

// lists are the lists to read: of TCP one with both address families, of other protocols one for each.
func (d socketDump) lists() []socketDump {
	if d.number == inetdiag.TCP {
		return []socketDump{d}
	}
	var all []socketDump
	for _, family := range d.families {
		one := d
		one.families, one.query.Family = []int{family}, family
		all = append(all, one)
	}
	return all
}

// list yields the sockets of one list; false says that the reader wants no more.
func (d socketDump) list(facts *socketFacts, read func(), yield func(*socket, error) bool) bool {
	if !d.diag {
		return d.readFiles(facts, read, yield)
	}
	found := false
	rows := slab.Of[socket]{Reuse: d.query.Reuse}
	for record, err := range inetdiag.Dump(facts.ctx, facts.system.Netlink, d.query) {
		switch {
		case err == nil:
		case errors.Is(err, netlink.ErrNoModule) && !found && len(d.files) > 0:
			return d.readFiles(facts, read, yield)
		case errors.Is(err, netlink.ErrNoModule) && !found:
			return d.unlisted(facts) || yield(nil, err)
		case errors.Is(err, netlink.ErrInterrupted):
			read() // it is complete, but of different times
			return yield(nil, err)
		default:
			return yield(nil, err)
		}
		found = true
		row := rows.New()
		row.Socket, row.facts, row.proto = record, facts, d.name
		if !yield(row, nil) {
			return false
		}
	}
	read()
	return true
}

// unlisted says that the protocol has no sockets, by /proc/net/protocols, so that it does not matter that the kernel
// cannot list them.
func (d socketDump) unlisted(facts *socketFacts) bool {
	name := d.counted
	if d.families[0] == inet6 {
		name += "v6"
	}
	protocols, err := procfs.ReadProtocols(facts.system.Files)
	i := slices.IndexFunc(protocols, func(p procfs.Protocol) bool { return p.Name == name })
	return err == nil && (i < 0 || protocols[i].Sockets == 0)
}

// readFiles yields the sockets of the protocol's files in /proc/net, one for each address family; false says that the
// reader wants no more. A missing file has no sockets: the kernel lacks the protocol.
func (d socketDump) readFiles(facts *socketFacts, read func(), yield func(*socket, error) bool) bool {
	for _, family := range d.families {
		file := d.files[0]
		if family == inet6 {
			file = d.files[1]
		}
		if !d.readFile(file, uint8(family), facts, read, yield) {
			return false
		}
	}
	return true
}

// readFile yields the sockets of one file, in the states that are listed.
func (d socketDump) readFile(
	file string, family uint8, facts *socketFacts, read func(), yield func(*socket, error) bool,
) bool {
	found := false
	for record, err := range procfs.InetSockets(facts.system.Files, file) {
		switch {
		case err != nil && absent(facts.system.Files, "/proc/net/"+file):
			return true
		case err != nil:
			return yield(nil, err)
		case !d.query.States.Has(inetdiag.State(record.State)):
			continue
		}
		if !found {
			d.warnFile(facts)
		}
		if found = true; !yield(fromFile(d, family, record, facts), nil) {
			return false
		}
	}
	read()
	return true
}

// warnFile warns of columns that are NULL because a file answers in place of socket diagnostics. There is no warning
// for raw sockets: most kernels are built without their diagnostics (CONFIG_INET_RAW_DIAG), and the table's doc says
// so.
func (d socketDump) warnFile(facts *socketFacts) {
	if !d.diag || d.number == inetdiag.Raw {
		return
	}
	facts.warnMissing(d.name, d.columns, missingInFiles(d.number))
}

// missingInFiles are the columns of a protocol that the files of /proc/net lack.
func missingInFiles(protocol int) []string {
	names := []string{"interface", "cookie", "mark", "cgroup", "v6only", "shutdown", "tos"}
	columns := memoryColumns(func(s *socket) *sockdiag.Memory { return s.Memory })
	if protocol == inetdiag.TCP {
		names = append(names, "accept_backlog", "overflow")
		columns = append(columns, tcpColumns()...)
	}
	for _, c := range query.Erase(columns) {
		names = append(names, c.Name)
	}
	return names
}

// fromFile is a socket by its line of /proc/net: without a cookie, and without attributes.
func fromFile(d socketDump, family uint8, record *procfs.InetSocket, facts *socketFacts) *socket {
	row := &socket{facts: facts, proto: d.name, drops: record.Drops, hasDrops: record.HasDrops}
	row.Socket = &inetdiag.Socket{
		Protocol: d.number, Family: family, State: inetdiag.State(record.State),
		Timer: inetdiag.Timer(record.Timer), Retransmits: uint8(min(record.Retransmits, 255)), Expires: record.Expires,
		Local: record.Local, Remote: record.Remote,
		RecvQueue: record.RecvQueue, SendQueue: record.SendQueue, UID: record.UID, Inode: uint32(record.Inode),
	}
	return row
}
