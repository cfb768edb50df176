package tables

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"strings"
	"syscall"

	"netql/query"
	"netql/query/schema"
	"netql/sources/inetdiag"
	"netql/sources/netlink"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

const (
	inet  = syscall.AF_INET
	inet6 = syscall.AF_INET6
)

// icmp is the number by which the table knows ping sockets, which no diag module lists.
const icmp = syscall.IPPROTO_ICMP

// protocol is a transport protocol: where its sockets are listed, and which states they have.
type protocol struct {
	name    string
	number  int
	diag    bool     // socket diagnostics may list it
	files   []string // of /proc/net, for IPv4 and IPv6, when they do not
	present string   // a path that is there when the kernel has the protocol; "" for those it always has
	states  inetdiag.StateSet
}

const datagramStates = 1<<inetdiag.Established | 1<<inetdiag.Closed

var tcp = protocol{
	name: "tcp", number: inetdiag.TCP, diag: true, files: []string{"tcp", "tcp6"},
	states: inetdiag.AllStates | 1<<inetdiag.BoundInactive,
}

var protocols = []protocol{
	tcp,
	{name: "udp", number: inetdiag.UDP, diag: true, files: []string{"udp", "udp6"}, states: datagramStates},
	{name: "udplite", number: inetdiag.UDPLite, diag: true, files: []string{"udplite", "udplite6"},
		present: "/proc/net/udplite", states: datagramStates},
	{name: "raw", number: inetdiag.Raw, diag: true, files: []string{"raw", "raw6"}, states: datagramStates},
	{name: "icmp", number: icmp, files: []string{"icmp", "icmp6"}, states: datagramStates},
	{name: "mptcp", number: inetdiag.MPTCP, diag: true, present: "/proc/sys/net/mptcp", states: inetdiag.AllStates},
	{name: "sctp", number: inetdiag.SCTP, diag: true, present: "/proc/net/sctp", states: inetdiag.AllStates},
}

func protocolWords() *schema.Vocabulary {
	var names []string
	for _, p := range protocols {
		names = append(names, p.name)
	}
	return schema.Words(names...)
}

// datagram says whether a closed socket of the protocol is just not connected.
func datagram(protocol int) bool {
	switch protocol {
	case inetdiag.UDP, inetdiag.UDPLite, inetdiag.Raw, icmp:
		return true
	}
	return false
}

// socketScan is a decided way to read the sockets: some dumps, one after the other.
type socketScan struct {
	request query.Request
	dumps   []socketDump
}

// socketDump lists the sockets of one protocol.
type socketDump struct {
	protocol
	families []int // of inet and inet6
	query    inetdiag.Query
}

// allOf lists all sockets of a protocol in some states, without what costs extra.
func (p protocol) allOf(states inetdiag.StateSet) socketDump {
	return socketDump{p, []int{inet, inet6}, inetdiag.Query{Protocol: p.number, States: states}}
}

// planSockets asks only for the protocols, families and states that the query can want, and for what it reads of them.
func planSockets(request query.Request) query.Scan[socket] {
	scan := socketScan{request: request}
	extensions := inetdiag.Extensions(request.Needs)
	for _, p := range protocols {
		d := socketDump{protocol: p}
		for _, family := range []int{inet, inet6} {
			if states := wantedStates(p, family, request.Where); states != 0 {
				d.families = append(d.families, family)
				d.query.States |= states
			}
		}
		if len(d.families) == 0 {
			continue
		}
		d.query.Protocol = p.number
		d.query.Extensions = extensions
		if p.number != inetdiag.TCP {
			d.query.Extensions &^= inetdiag.WantInfo | inetdiag.WantCongestion
		}
		if len(d.families) == 1 {
			d.query.Family = d.families[0]
		}
		scan.dumps = append(scan.dumps, d)
	}
	return scan
}

// wantedStates asks the predicate about every state that the protocol has. A bound but idle TCP socket costs the
// kernel a walk of its own, so it is listed only where the query names its state.
func wantedStates(p protocol, family int, where query.Predicate) inetdiag.StateSet {
	var wanted inetdiag.StateSet
	for state := inetdiag.Established; state <= inetdiag.BoundInactive; state++ {
		name := stateName(p.number, state)
		known := map[string]any{"proto": p.name, "family": familyName(uint8(family)), "state": name}
		if name == "" || !p.states.Has(state) || !mayHold(where, known) {
			continue
		}
		if state == inetdiag.BoundInactive && !where.Mentions("state", "BOUND_INACTIVE") {
			continue
		}
		wanted |= inetdiag.States(state)
	}
	return wanted
}

// String tells the dumps: tcp of both families, states LISTEN.
func (s socketScan) String() string {
	if len(s.dumps) == 0 {
		return "nothing: no socket can satisfy the conditions"
	}
	texts := make([]string, len(s.dumps))
	for i, d := range s.dumps {
		texts[i] = d.String()
	}
	return strings.Join(texts, "; ")
}

func (d socketDump) String() string {
	text := d.name
	if len(d.families) == 1 {
		text += " " + familyName(uint8(d.families[0]))
	}
	var names []string
	complete := true
	for state := inetdiag.Established; state <= inetdiag.BoundInactive; state++ {
		name := stateName(d.number, state)
		if name != "" && d.query.States.Has(state) {
			names = append(names, name)
		} else if name != "" && d.states.Has(state) && state != inetdiag.BoundInactive {
			complete = false
		}
	}
	if complete && !d.query.States.Has(inetdiag.BoundInactive) {
		return text
	}
	return text + " " + strings.Join(names, "+")
}

// Rows lists every socket once. A protocol that cannot be read is left out with a warning; the others are there. If
// none can be read, that is an error.
func (s socketScan) Rows(ctx context.Context) iter.Seq2[*socket, error] {
	return func(yield func(*socket, error) bool) {
		facts := newSocketFacts(newScanState(ctx, s.request))
		seen := cookieSet{}
		failed := failures{warn: facts.warn, what: "sockets"}
		for _, d := range s.dumps {
			if d.present != "" && absent(facts.system.Files, d.present) {
				continue
			}
			whole := true
			for row, err := range d.rows(facts) {
				if ctx.Err() != nil {
					yield(nil, ctx.Err())
					return
				}
				if err != nil {
					failed.add(d.name+" sockets", err)
					whole = false
					break
				}
				failed.read()
				if row.Cookie != 0 && !seen.add(row.Cookie) {
					continue
				}
				if !yield(row, nil) {
					return
				}
			}
			if whole {
				failed.read()
			}
		}
		if err := failed.end(); err != nil {
			yield(nil, err)
		}
	}
}

// rows reads one protocol by socket diagnostics, and by /proc/net where they have no module for it.
func (d socketDump) rows(facts *socketFacts) iter.Seq2[*socket, error] {
	return func(yield func(*socket, error) bool) {
		if !d.diag {
			d.readFiles(facts, yield)
			return
		}
		for record, err := range inetdiag.Dump(facts.ctx, facts.system.Netlink, d.query) {
			if errors.Is(err, netlink.ErrNoModule) {
				d.readFiles(facts, yield)
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(&socket{Socket: record, facts: facts, proto: d.name}, nil) {
				return
			}
		}
	}
}

// absent says that the kernel has no such path. Where all of /proc is missing, that says nothing about the kernel.
func absent(files vfs.Files, path string) bool {
	if _, err := files.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	_, err := files.Stat("/proc/net")
	return err == nil
}

// readFiles reads /proc/net/raw and its like. A file that is not there lists nothing: the kernel lacks the protocol.
func (d socketDump) readFiles(facts *socketFacts, yield func(*socket, error) bool) {
	for _, family := range d.families {
		if len(d.files) == 0 {
			return
		}
		file := d.files[0]
		if family == inet6 {
			file = d.files[1]
		}
		for record, err := range procfs.InetSockets(facts.system.Files, file) {
			if err != nil && absent(facts.system.Files, "/proc/net/"+file) {
				break
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !d.query.States.Has(inetdiag.State(record.State)) {
				continue
			}
			if !yield(fromFile(d, family, record, facts), nil) {
				return
			}
		}
	}
}

// fromFile is a socket as /proc/net tells it: without cookie and without attributes.
func fromFile(d socketDump, family int, record *procfs.InetSocket, facts *socketFacts) *socket {
	row := &socket{facts: facts, proto: d.name, drops: record.Drops, hasDrops: record.HasDrops}
	row.Socket = &inetdiag.Socket{
		Protocol: d.number, Family: uint8(family), State: inetdiag.State(record.State),
		Timer: inetdiag.Timer(record.Timer), Retransmits: uint8(min(record.Retransmits, 255)), Expires: record.Expires,
		Local: record.Local, Remote: record.Remote,
		RecvQueue: record.RecvQueue, SendQueue: record.SendQueue, UID: record.UID, Inode: uint32(record.Inode),
	}
	return row
}
