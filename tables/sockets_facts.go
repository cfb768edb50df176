package tables

import (
	"context"
	"iter"
	"net/netip"
	"strconv"
	"sync"

	"netql/sources"
	"netql/sources/cgroup"
	"netql/sources/inetdiag"
	"netql/sources/owners"
	"netql/sources/procfs"
)

// socketFacts are what sockets' columns need beside the socket itself. Each is read once for a query, and only if some
// row asks for it.
type socketFacts struct {
	devices
	system *sources.System
	warn   func(string)

	users     func() map[uint32]string
	cgroups   func() map[uint64]string
	netns     func() any
	holders   func() *owners.Table
	listeners func() map[listenerKey][]uint64 // inodes of the TCP listeners
	alive     func() map[uint32]bool          // inodes of the sockets that are there now
	processes func(pid int) process
}

func newSocketFacts(ctx context.Context, system *sources.System, warn func(string)) *socketFacts {
	f := &socketFacts{devices: newDevices(ctx, system, warn), system: system, warn: warn}
	f.users = sync.OnceValue(f.readUsers)
	f.cgroups = sync.OnceValue(f.readCgroups)
	f.netns = sync.OnceValue(f.readNamespace)
	f.holders = sync.OnceValue(func() *owners.Table { return f.findHolders(ctx) })
	f.listeners = sync.OnceValue(func() map[listenerKey][]uint64 { return f.readListeners(ctx) })
	f.alive = sync.OnceValue(func() map[uint32]bool { return f.readAlive(ctx) })
	f.processes = once(f.readProcess)
	return f
}

// once remembers the answer for each argument.
func once[K comparable, V any](read func(K) V) func(K) V {
	known := map[K]V{}
	return func(key K) V {
		value, ok := known[key]
		if !ok {
			value = read(key)
			known[key] = value
		}
		return value
	}
}

func (f *socketFacts) readUsers() map[uint32]string {
	users, err := procfs.ReadUsers(f.system.Files)
	if err != nil {
		f.warn("the names of users are unknown: " + err.Error())
	}
	return users
}

// userName is NULL for a user whom /etc/passwd does not know.
func (f *socketFacts) userName(uid uint32) any { return nonEmpty(f.users()[uid]) }

func (f *socketFacts) readCgroups() map[uint64]string {
	paths, err := cgroup.Paths(f.system.Files)
	if err != nil {
		f.warn("the names of control groups are unknown: " + err.Error())
	}
	return paths
}

// cgroupPath says which group it was when the group has been removed, or lies outside of what we see.
func (f *socketFacts) cgroupPath(id uint64) any {
	if id == 0 {
		return nil
	}
	if path, ok := f.cgroups()[id]; ok {
		return path
	}
	return "unreachable:" + strconv.FormatUint(id, 16)
}

func (f *socketFacts) namespace() any { return f.netns() }

func (f *socketFacts) readNamespace() any {
	namespace, err := f.system.Namespace()
	if err != nil {
		f.warn("the network namespace is unknown: " + err.Error())
		return nil
	}
	return namespace.String()
}

// listenerKey is where a listener takes connections from.
type listenerKey struct {
	local netip.AddrPort
	index uint32 // the interface, 0 for any
}

// readListeners knows the listeners even where the query asked for other states only.
func (f *socketFacts) readListeners(ctx context.Context) map[listenerKey][]uint64 {
	found := map[listenerKey][]uint64{}
	for s, err := range f.list(ctx, tcp.allOf(inetdiag.States(inetdiag.Listen))) {
		if err != nil {
			f.warn("the listeners of connections that nobody accepted yet are unknown: " + err.Error())
			break
		}
		key := listenerKey{s.Local, s.Interface}
		found[key] = append(found[key], uint64(s.Inode))
	}
	return found
}

// readAlive lists the sockets once more, to tell a socket without an owner from one that has gone meanwhile. What
// cannot be listed has been warned about.
func (f *socketFacts) readAlive(ctx context.Context) map[uint32]bool {
	alive := map[uint32]bool{}
	for _, p := range protocols {
		for s, err := range f.list(ctx, p.allOf(p.states)) {
			if err != nil {
				break
			}
			alive[s.Inode] = true
		}
	}
	return alive
}

func (f *socketFacts) list(ctx context.Context, d socketDump) iter.Seq2[*socket, error] {
	return socketScan{system: f.system, warn: f.warn}.dump(ctx, d, f)
}
