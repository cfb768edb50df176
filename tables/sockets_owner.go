package tables

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"netql/query"
	"netql/query/schema"
	"netql/sources/cgroup"
	"netql/sources/inetdiag"
	"netql/sources/owners"
	"netql/sources/procfs"
)

// ownerStatuses say why a socket has the owners that it has.
var ownerStatuses = schema.NewVocabulary(
	schema.Word{Name: "ok"},
	schema.Word{Name: "time_wait"},
	schema.Word{Name: "unaccepted", Level: schema.Busy},
	schema.Word{Name: "orphan", Level: schema.Busy},
	schema.Word{Name: "kernel"},
	schema.Word{Name: "other_namespace"},
	schema.Word{Name: "no_permission", Level: schema.Bad},
	schema.Word{Name: "exited"},
)

// ownerParts are the fields of one element of owners.
var ownerParts = []schema.Field{{Name: "pid", Type: integer}, {Name: "process", Type: text}, {Name: "fd", Type: integer}}

// ownerFields say which processes have the socket. All of them cost a walk over /proc/*/fd, once for a query.
func ownerFields() []socketField {
	costly := func(name string, typ schema.Type, doc string, get func(*socket) any) socketField {
		return socketField{Field: query.Field[socket]{Name: name, Type: typ, Doc: doc, Costly: true, Get: get}}
	}
	first := func(get func(*socket, owners.Owner) any) func(*socket) any {
		return func(s *socket) any {
			if _, all := s.owned(); len(all) > 0 {
				return get(s, all[0])
			}
			return nil
		}
	}
	return []socketField{
		costly("pid", integer, "The process that has the socket; the first by number where several do (see owners).",
			first(func(_ *socket, o owners.Owner) any { return o.PID })),
		costly("process", text, "The name of that process (/proc/PID/stat).",
			first(func(_ *socket, o owners.Owner) any { return o.Process })),
		costly("cmdline", text, "Its command line (/proc/PID/cmdline).",
			first(func(s *socket, o owners.Owner) any { return nonEmpty(s.facts.processes(o.PID).cmdline) })),
		costly("fd", integer, "The file descriptor by which it has the socket.",
			first(func(_ *socket, o owners.Owner) any { return o.FD })),
		costly("unit", text, "The systemd unit in which it runs (/proc/PID/cgroup).",
			first(func(s *socket, o owners.Owner) any { return nonEmpty(cgroup.Unit(s.facts.processes(o.PID).cgroup)) })),
		costly("container", text, "The container in which it runs, by the id that Docker, containerd, Podman or CRI-O gave it.",
			first(func(s *socket, o owners.Owner) any {
				return nonEmpty(cgroup.Container(s.facts.processes(o.PID).cgroup))
			})),
		costly("owners", schema.ListOf(schema.Type{Kind: schema.Object, Fields: ownerParts}), "All that have the socket: a shared listener has many.", ownerList),
		costly("owner_status", enum(ownerStatuses), "Why pid is what it is: ok; time_wait (no process any more); unaccepted (nobody has accepted the connection, "+
			"the owner is its listener's); orphan (its process closed it, the kernel finishes it); kernel (the kernel's own); other_namespace; no_permission; exited.",
			func(s *socket) any { status, _ := s.owned(); return nonEmpty(status) }),
	}
}

func ownerList(s *socket) any {
	_, all := s.owned()
	if len(all) == 0 {
		return nil
	}
	values := make([]any, len(all))
	for i, o := range all {
		values[i] = schema.Record{Fields: ownerParts, Values: []any{o.PID, o.Process, o.FD}}
	}
	return values
}

// owned says who has the socket, and why. Owners are found by inode and never by port; only a connection that waits to
// be accepted is given its listener's owners, and says so.
func (s *socket) owned() (status string, all []owners.Owner) {
	if s.gone {
		return "orphan", nil
	}
	if s.Inode == 0 {
		return s.unheld()
	}
	holders := s.facts.holders()
	if holders == nil {
		return "", nil
	}
	if all = holders.Owners(uint64(s.Inode)); len(all) > 0 {
		return "ok", all
	}
	switch {
	case holders.Unreadable > 0:
		s.facts.warnUnreadable(holders.Unreadable)
		return "no_permission", nil
	case !holders.Complete:
		return "other_namespace", nil
	case !s.facts.alive()[s.Inode]:
		return "exited", nil
	}
	return "kernel", nil
}

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

// listenerOwners are the owners of the listener to which an unaccepted connection came: the one on its address, else the
// one on any address. Listeners that share an address (SO_REUSEPORT) share the answer.
func (s *socket) listenerOwners() []owners.Owner {
	holders := s.facts.holders()
	if holders == nil {
		return nil
	}
	var all []owners.Owner
	for _, inode := range s.listeners() {
		all = append(all, holders.Owners(inode)...)
	}
	if len(all) == 0 && holders.Unreadable > 0 {
		s.facts.warnUnreadable(holders.Unreadable)
	}
	slices.SortFunc(all, func(a, b owners.Owner) int { return cmp.Or(cmp.Compare(a.PID, b.PID), cmp.Compare(a.FD, b.FD)) })
	return all
}

// listeners are the inodes of the listeners that may have been meant, by the first of the addresses on which there are any.
func (s *socket) listeners() []uint64 {
	local := s.Local.Addr()
	candidates := []netip.Addr{local, local.Unmap()}
	if local.Unmap().Is4() {
		candidates = append(candidates, netip.IPv4Unspecified())
	}
	for _, addr := range append(candidates, netip.IPv6Unspecified()) {
		local := netip.AddrPortFrom(addr, s.Local.Port())
		for _, index := range []uint32{s.Interface, 0} { // a connection inherits the interface that its listener is bound to
			if inodes := s.facts.listeners()[listenerKey{local, index}]; len(inodes) > 0 {
				return inodes
			}
		}
	}
	return nil
}

// findHolders walks over all processes; nil where that cannot be done, as without /proc.
func (f *socketFacts) findHolders(ctx context.Context) *owners.Table {
	table, err := f.system.Owners.Find(ctx)
	if ctx.Err() != nil {
		return nil // whoever cancelled the query wants no more of it
	}
	if err != nil {
		f.warn("the owners of sockets are unknown: " + err.Error())
		return nil
	}
	return table
}

func (f *socketFacts) warnUnreadable(processes int) {
	f.warn(fmt.Sprintf("the owners of some sockets are unknown, because %d of the processes may not be inspected: run as root, or with CAP_SYS_PTRACE, to see all", processes))
}

// process is what owners' columns tell of a process; it may have exited meanwhile.
type process struct{ cmdline, cgroup string }

func (f *socketFacts) readProcess(pid int) process {
	arguments, _ := procfs.ReadCmdline(f.system.Files, pid)
	groups, _ := procfs.ReadCgroups(f.system.Files, pid)
	return process{strings.Join(arguments, " "), procfs.CgroupPath(groups)}
}
