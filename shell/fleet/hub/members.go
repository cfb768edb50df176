package hub

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/nats-io/jwt/v2"

	"netql/shell/fleet/connect"
	"netql/shell/fleet/subject"
)

// credentialsSuffix is what a file of credentials ends with.
const credentialsSuffix = ".creds"

// addHost makes credentials for a host: the content of a file that the host alone may have.
func addHost(path, name string) ([]byte, error) {
	return add(path, hostsDir, &member{Name: name})
}

// addUser makes credentials for a user, who may ask all hosts, or some if they are given.
func addUser(path, name string, hosts []string) ([]byte, error) {
	for _, host := range hosts {
		if err := subject.CheckName(host); err != nil {
			return nil, err
		}
	}
	return add(path, usersDir, &member{Name: name, Hosts: hosts})
}

// add notes a member down, and gives its credentials. A name is given once: with two hosts of one name nobody would
// know which of them answers.
func add(path, kind string, m *member) ([]byte, error) {
	if err := subject.CheckName(m.Name); err != nil {
		return nil, err
	}
	files, release, err := locked(openDirectories(path))
	if err != nil {
		return nil, err
	}
	defer release()
	known, err := files.read(kind, m.Name)
	if err != nil {
		return nil, err
	}
	if known != nil {
		return nil, fmt.Errorf("%s has had credentials since %s; remove-%s makes them void", m.Name,
			known.Added.Format(time.DateOnly), singular(kind))
	}
	keys, err := openKeys(files.root)
	if err != nil {
		return nil, err
	}
	public, token, seed, err := keys.credentials(keys.identity(kind, m))
	if err != nil {
		return nil, err
	}
	if len(token) > maxControlLine/2 { // the rest of the line is less
		return nil, fmt.Errorf("%s may ask too many hosts by their names (%d): leave out --hosts, or make several "+
			"users",
			m.Name, len(m.Hosts))
	}
	m.Key, m.Added = public, time.Now().UTC().Truncate(time.Second)
	creds, err := jwt.FormatUserConfig(token, seed)
	if err != nil {
		return nil, err
	}
	return append(creds, keys.authority.pem...), writeJSON(files.of[kind], m.Name, m)
}

// identity is what a member may do.
func (k *keys) identity(kind string, m *member) identity {
	switch {
	case kind == hostsDir:
		return identity{name: m.Name, role: connect.Host, signer: k.hosts}
	case m.Hosts == nil:
		return identity{name: m.Name, role: connect.User, signer: k.users}
	}
	rights := subject.SomeHostsRights(m.Name, m.Hosts)
	return identity{name: m.Name, role: connect.User, signer: k.account, rights: &rights,
		wires: []string{jwt.ConnectionTypeStandard}}
}

// removeMember makes a member's credentials void. A hub that runs ends its connections.
func removeMember(path, kind, name string) error {
	if err := subject.CheckName(name); err != nil {
		return err
	}
	files, release, err := locked(existingDirectories(path))
	if err != nil {
		return err
	}
	defer release()
	return files.remove(kind, name)
}

// listed are the members of a kind, sorted by name.
func listed(path, kind string) ([]*member, error) {
	files, err := existingDirectories(path)
	if err != nil {
		return nil, err
	}
	defer files.close()
	found, err := files.members(kind)
	if err != nil {
		return nil, err
	}
	var all []*member
	for _, name := range slices.Sorted(maps.Keys(found)) {
		all = append(all, found[name])
	}
	return all, nil
}

// singular is what one member of a kind is called.
func singular(kind string) string { return kind[:len(kind)-1] }
