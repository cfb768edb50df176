package sources

import "netql/sources/netns"

// Enter is the running kernel in another network namespace, given by a name, path, process or inode number
// (netns.Find), or by a container that runs in it: its name, its pod, its id, or the first digits of that. The
// function closes the namespace; the system must not be used after that.
func Enter(target string) (*System, func(), error) {
	live := Live()
	live.Name = "netns " + target
	found, err := live.find(target)
	if err != nil {
		return nil, nil, err
	}
	if own, err := live.Namespace(); err == nil && own.Inode == found.Inode { // we need no right to enter our own
		return live, func() {}, nil
	}
	n, err := found.Open()
	if err != nil {
		return nil, nil, err
	}
	entered := inNamespace(n, live.Name)
	entered.Entered = true
	return entered, func() { n.Close() }, nil
}

// inNamespace is the running kernel in an open network namespace.
func inNamespace(n *netns.Namespace, name string) *System {
	return running(name, n.Do, n.Files())
}
