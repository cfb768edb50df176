package sources

import (
	"netql/sources/netns"
)

// Enter is the running kernel in another network namespace: that of a name, path, process or inode number (netns.Find). The
// function lets go of the namespace, after which the system must not be used.
func Enter(target string) (*System, func(), error) {
	live := Live()
	live.Name = "netns " + target
	place, err := netns.Find(target)
	if err != nil {
		return nil, nil, err
	}
	if own, err := live.Namespace(); err == nil && own.Inode == place.Inode { // for which we may lack the right to enter it
		return live, func() {}, nil
	}
	n, err := place.Open()
	if err != nil {
		return nil, nil, err
	}
	return within(n, live.Name), func() { n.Close() }, nil
}

// within is the running kernel inside a namespace.
func within(n *netns.Namespace, name string) *System {
	return reading(name, n.Do, n.Files())
}
