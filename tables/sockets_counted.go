package tables

import (
	"slices"

	"netql/sources"
	"netql/sources/inetdiag"
	"netql/sources/procfs"
)

// A socketCount is how many sockets the kernel counts in a network namespace, so that protocols without any need not be
// asked for: the tables that a dump walks over are those of all namespaces, and may take tens of milliseconds.
type socketCount map[procfs.Counter]bool // the counters that are there, with their values

// countSockets reads /proc/net/sockstat and sockstat6. It knows nothing where one of them cannot be read, or where a
// dump and the files may be of different times.
func countSockets(system *sources.System) socketCount {
	if !system.Live {
		return nil
	}
	list, err := procfs.Sockstat(system.Files)
	more, err6 := procfs.Sockstat6(system.Files)
	if err != nil || err6 != nil {
		return nil
	}
	count := socketCount{}
	for _, c := range slices.Concat(list, more) {
		count[c] = true
	}
	return count
}

// none says that there is no socket for the dump to find. The files count bound and listening sockets (inuse, by
// sock_prot_inuse_add) and those in TIME_WAIT (tw). They do not count connections in SYN_RECEIVED, but the listener of
// these; when it is closed, the kernel drops them at their next timer, after some seconds (reqsk_timer_handler of
// net/ipv4/inet_connection_sock.c). So a query for that state asks for them. Nor do they count what is bound and
// neither listens nor connects.
func (c socketCount) none(d socketDump) bool {
	states := d.query.States
	asked := states.Has(inetdiag.BoundInactive) || states != inetdiag.AllStates && states.Has(inetdiag.SynReceived)
	if len(d.sockstat) == 0 || asked {
		return false
	}
	for _, counter := range d.sockstat {
		if !c[counter] {
			return false
		}
	}
	return true
}
