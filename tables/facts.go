package tables

import (
	"context"
	"sync"

	"netql/sources"
	"netql/sources/procfs"
)

// facts are names that columns need beside the row itself. Each list is read once for a query, and only if some row asks
// for it.
type facts struct {
	system *sources.System
	warn   func(string)

	interfaceNames
	users func() map[uint32]string
	netns func() any
}

func newFacts(ctx context.Context, system *sources.System, warn func(string)) *facts {
	f := &facts{system: system, warn: warn, interfaceNames: newInterfaceNames(ctx, system, warn)}
	f.users = sync.OnceValue(f.readUsers)
	f.netns = sync.OnceValue(f.readNamespace)
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

func (f *facts) readUsers() map[uint32]string {
	users, err := procfs.ReadUsers(f.system.Files)
	if err != nil {
		f.warn("the names of users are unknown: " + err.Error())
	}
	return users
}

// userName is NULL for a user whom /etc/passwd does not know.
func (f *facts) userName(uid uint32) any { return nonEmpty(f.users()[uid]) }

func (f *facts) namespace() any { return f.netns() }

func (f *facts) readNamespace() any {
	namespace, err := f.system.Namespace()
	if err != nil {
		f.warn("the network namespace is unknown: " + err.Error())
		return nil
	}
	return namespace.String()
}
