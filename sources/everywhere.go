package sources

import (
	"errors"
	"slices"
	"sync"

	"netql/sources/netns"
	"netql/sources/owners"
)

// Everywhere is all network namespaces of the machine. Those that were entered stay open until Close.
type Everywhere struct {
	lock sync.Mutex
	open map[uint64]*netns.Namespace // by inode number
}

// A Stack is one network namespace among all.
type Stack struct {
	Namespace
	PID int // the first process in it by number; 0 if none can be seen

	own   bool
	place netns.Place
}

// List finds the namespaces, our own first. The error says why there may be more. Namespaces that were entered, and are not
// found any more, are closed, so that they can end.
func (e *Everywhere) List() ([]Stack, error) {
	places, err := netns.List()
	own, ownErr := Live().Namespace()
	stacks, found := []Stack{}, map[uint64]bool{}
	for _, p := range places {
		found[p.Inode] = true
		stacks = append(stacks, Stack{Namespace{p.Name, p.Inode}, p.PID, ownErr == nil && p.Inode == own.Inode, p})
	}
	if ownErr == nil && !found[own.Inode] {
		stacks = append(stacks, Stack{Namespace: own, own: true})
	}
	slices.SortStableFunc(stacks, ownFirst)
	e.forget(func(inode uint64) bool { return !found[inode] })
	return stacks, errors.Join(err, ownErr)
}

func ownFirst(a, b Stack) int {
	switch {
	case a.own == b.own:
		return 0
	case a.own:
		return -1
	}
	return 1
}

// Enter gives the system in a namespace; nil if the namespace has gone meanwhile. Processes are looked for by the finder,
// which may be one for several systems.
func (e *Everywhere) Enter(s Stack, finder owners.Finder) (*System, error) {
	system := Live()
	if !s.own {
		n, err := e.enter(s.place)
		if errors.Is(err, netns.ErrUnknown) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		system = within(n, "netns "+s.String())
	}
	system.Owners = finder
	return system, nil
}

// enter opens a namespace, unless it is open already.
func (e *Everywhere) enter(place netns.Place) (*netns.Namespace, error) {
	e.lock.Lock()
	n := e.open[place.Inode]
	e.lock.Unlock()
	if n != nil {
		return n, nil
	}
	n, err := place.Open()
	if err != nil {
		return nil, err
	}
	e.lock.Lock()
	defer e.lock.Unlock()
	if other := e.open[place.Inode]; other != nil {
		n.Close()
		return other, nil
	}
	if e.open == nil {
		e.open = map[uint64]*netns.Namespace{}
	}
	e.open[place.Inode] = n
	return n, nil
}

// Close lets go of all namespaces. What was read remains; what was not cannot be any more.
func (e *Everywhere) Close() { e.forget(func(uint64) bool { return true }) }

func (e *Everywhere) forget(which func(inode uint64) bool) {
	e.lock.Lock()
	defer e.lock.Unlock()
	for inode, n := range e.open {
		if which(inode) {
			n.Close()
			delete(e.open, inode)
		}
	}
}
