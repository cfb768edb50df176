package sources

import (
	"errors"
	"slices"
	"sync"

	"netql/sources/multierror"
	"netql/sources/netns"
	"netql/sources/owners"
	"netql/sources/procfs"
)

// AllNamespaces finds and enters the network namespaces of the machine. Those that were entered stay open until Close.
type AllNamespaces struct {
	lock    sync.Mutex
	entered map[uint64]*netns.Namespace // by inode number
}

// A Stack is a network namespace that List found.
type Stack struct {
	Namespace
	PID int  // the first process in it by number; 0 if none can be seen
	Own bool // it is that of this process

	info netns.Info
}

// List finds the namespaces, our own first. The error says why there may be more. Namespaces that were entered and are
// not found any more are closed, so that they can end.
func (a *AllNamespaces) List() ([]Stack, error) {
	list, err := netns.List()
	own, ownErr := Live().Namespace()
	stacks, found := []Stack{}, map[uint64]bool{}
	for _, p := range list {
		found[p.Inode] = true
		stacks = append(stacks, Stack{Namespace{p.Name, p.Inode}, p.PID, ownErr == nil && p.Inode == own.Inode, p})
	}
	if ownErr == nil && !found[own.Inode] {
		stacks = append(stacks, Stack{Namespace: own, Own: true})
	}
	slices.SortStableFunc(stacks, ownFirst)
	a.closeWhere(func(inode uint64) bool { return !found[inode] })
	if errors.Is(err, procfs.ErrNotMounted) { // which explains the other one
		ownErr = nil
	}
	return stacks, multierror.Join(err, ownErr)
}

func ownFirst(a, b Stack) int {
	switch {
	case a.Own == b.Own:
		return 0
	case a.Own:
		return -1
	}
	return 1
}

// Enter gives the system of a namespace; nil if the namespace has gone meanwhile. The finder, by which the owners of
// sockets are found, may be shared by several systems.
func (a *AllNamespaces) Enter(s Stack, finder owners.Finder) (*System, error) {
	system := Live()
	if !s.Own {
		n, err := a.enter(s.info)
		if errors.Is(err, netns.ErrUnknown) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		system = inNamespace(n, "netns "+s.String())
	}
	system.Owners = finder
	return system, nil
}

// enter gives an open namespace, which it opens if it is not open already.
func (a *AllNamespaces) enter(info netns.Info) (*netns.Namespace, error) {
	a.lock.Lock()
	n := a.entered[info.Inode]
	a.lock.Unlock()
	if n != nil {
		return n, nil
	}
	n, err := info.Open()
	if err != nil {
		return nil, err
	}
	a.lock.Lock()
	defer a.lock.Unlock()
	if other := a.entered[info.Inode]; other != nil {
		n.Close()
		return other, nil
	}
	if a.entered == nil {
		a.entered = map[uint64]*netns.Namespace{}
	}
	a.entered[info.Inode] = n
	return n, nil
}

// Close closes all namespaces. Their systems must not be used after that.
func (a *AllNamespaces) Close() { a.closeWhere(func(uint64) bool { return true }) }

func (a *AllNamespaces) closeWhere(which func(inode uint64) bool) {
	a.lock.Lock()
	defer a.lock.Unlock()
	for inode, n := range a.entered {
		if which(inode) {
			n.Close()
			delete(a.entered, inode)
		}
	}
}
