package hub

import (
	"maps"
	"slices"
	"sync"
)

// register is what a running hub knows of its members. It follows their files.
type register struct {
	files *directories
	mu    sync.Mutex
	of    map[string]map[string]*member // by directory and name
}

func (r *register) load() error {
	of := map[string]map[string]*member{}
	for _, kind := range []string{hostsDir, usersDir, leafnodesDir} {
		var err error
		if of[kind], err = r.files.members(kind); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.of = of
	return nil
}

// update reads one file again.
func (r *register) update(kind, name string) error {
	m, err := r.files.read(kind, name)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if m == nil {
		delete(r.of[kind], name)
	} else {
		r.of[kind][name] = m
	}
	return nil
}

// hostsOf are the hosts that a user may ask, sorted by name.
func (r *register) hostsOf(user string) []*member {
	r.mu.Lock()
	defer r.mu.Unlock()
	asker := r.of[usersDir][user]
	if asker == nil {
		return nil
	}
	names := slices.Values(asker.Hosts)
	if asker.Hosts == nil {
		names = maps.Keys(r.of[hostsDir])
	}
	var found []*member
	for _, name := range slices.Sorted(names) {
		if m := r.of[hostsDir][name]; m != nil {
			found = append(found, m)
		}
	}
	return found
}

// restricted says whether a user may ask some hosts alone.
func (r *register) restricted(user string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.of[usersDir][user]
	return m != nil && m.Hosts != nil
}
