package tables

import (
	"errors"
	"io/fs"
	"iter"
	"slices"

	"netql/query"
	"netql/sources/inetdiag"
	"netql/sources/netlink"
	"netql/sources/procfs"
	"netql/sources/sockdiag"
	"netql/sources/vfs"
)

// rows reads one protocol by socket diagnostics, and by /proc/net where they have no module for it. It says of each
// list that was read to its end that it was.
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

// lists are the lists that the kernel has of the protocol: both families of TCP together, else each its own.
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

// list reads one list, and says whether more are wanted.
func (d socketDump) list(facts *socketFacts, read func(), yield func(*socket, error) bool) bool {
	if !d.diag {
		return d.readFiles(facts, read, yield)
	}
	found := false
	for record, err := range inetdiag.Dump(facts.ctx, facts.system.Netlink, d.query) {
		switch {
		case errors.Is(err, netlink.ErrNoModule) && !found && len(d.files) > 0:
			return d.readFiles(facts, read, yield)
		case errors.Is(err, netlink.ErrNoModule) && !found:
			return d.unlisted(facts) || yield(nil, err)
		case errors.Is(err, netlink.ErrInterrupted):
			read() // all of it, as it was at different times
			return yield(nil, err)
		case err != nil:
			return yield(nil, err)
		case !yield(&socket{Socket: record, facts: facts, proto: d.name}, nil):
			return false
		}
		found = true
	}
	read()
	return true
}

// unlisted says that the protocol has no sockets that a list could have, as far as /proc/net/protocols knows.
func (d socketDump) unlisted(facts *socketFacts) bool {
	name := d.counted
	if d.families[0] == inet6 {
		name += "v6"
	}
	protocols, err := procfs.ReadProtocols(facts.system.Files)
	i := slices.IndexFunc(protocols, func(p procfs.Protocol) bool { return p.Name == name })
	return err == nil && (i < 0 || protocols[i].Sockets == 0)
}

// readFiles reads /proc/net/raw and its like. A file that is not there lists nothing: the kernel lacks the protocol.
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
			d.warnLess(facts)
		}
		if found = true; !yield(fromFile(d, family, record, facts), nil) {
			return false
		}
	}
	read()
	return true
}

// warnLess says which columns a file has not, where diagnostics would have them. Most kernels are built without those
// of raw sockets (CONFIG_INET_RAW_DIAG), so that the table's documentation says it of them.
func (d socketDump) warnLess(facts *socketFacts) {
	if !d.diag || d.number == inetdiag.Raw {
		return
	}
	facts.warnMissing(d.name, d.columns, beyondFiles(d.number))
}

// beyondFiles are the columns of a protocol that are in no file of /proc/net.
func beyondFiles(protocol int) []string {
	names := []string{"interface", "cookie", "mark", "cgroup", "v6only", "tos"}
	columns := memoryColumns(func(s *socket) *sockdiag.Memory { return s.Memory })
	if protocol == inetdiag.TCP {
		names = append(names, "accept_backlog")
		columns = append(columns, tcpColumns()...)
	}
	for _, c := range query.Erase(columns) {
		names = append(names, c.Name)
	}
	return names
}

// absent says that the kernel has no such path. Where all of /proc is missing, that says nothing about the kernel.
func absent(files vfs.Files, path string) bool {
	if _, err := files.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	_, err := files.Stat("/proc/net")
	return err == nil
}

// fromFile is a socket as /proc/net tells it: without cookie and without attributes.
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
