package hub

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/nats-io/jwt/v2"

	"netql/shell/fleet/connect"
	"netql/shell/fleet/subject"
	"netql/sources/multierror"
)

// credentialsSuffix is what a file of credentials ends with.
const credentialsSuffix = ".creds"

// issuer makes credentials of a hub, and notes down whose.
type issuer struct {
	files *directories
	keys  *keys
}

// openIssuer opens the directory of a hub, which it makes if it is missing.
func openIssuer(path string) (*issuer, error) {
	files, err := openDirectories(path)
	if err != nil {
		return nil, err
	}
	keys, err := files.keys()
	if err != nil {
		files.close()
		return nil, err
	}
	return &issuer{files, keys}, nil
}

func (i *issuer) close() { i.files.close() }

// errKnown says that a name has credentials already.
var errKnown = errors.New("has had credentials since")

// addition is a member that is to have credentials.
type addition struct {
	member *member
	out    *output // where they go; nil where that cannot be written
	creds  []byte
	err    error // why it has none
}

// add makes credentials for members, notes the members down, and hands the credentials on: each is the content of a
// file that the member alone may have. Members that have an error already are left out.
func (i *issuer) add(kind string, all []*addition) {
	defer func() {
		for _, a := range all {
			if a.err != nil && a.out != nil {
				a.out.abandon()
			}
		}
	}()
	unlock, err := i.files.lock()
	if err != nil {
		eachAddition(all, func(*addition) error { return err })
		return
	}
	defer unlock()
	eachAddition(all, func(a *addition) error { return i.make(kind, a) })
	var members []*member
	eachAddition(all, func(a *addition) error {
		members = append(members, a.member)
		return nil
	})
	// Before anybody has the credentials: they could never be made void.
	if err := i.files.note(kind, members); err != nil {
		eachAddition(all, func(a *addition) error {
			return multierror.Join(err, i.files.forget(kind, a.member.Name))
		})
		return
	}
	i.deliver(kind, all)
}

// deliver hands credentials on. Where that fails, the names of all that are left are free again.
func (i *issuer) deliver(kind string, all []*addition) {
	var failure error
	eachAddition(all, func(a *addition) error {
		if failure != nil {
			return multierror.Join(failure, i.files.forget(kind, a.member.Name))
		}
		if failure = a.out.deliver(a.creds); failure != nil { // somebody may have read a part of them
			return multierror.Join(failure, i.files.remove(kind, a.member.Name))
		}
		return nil
	})
}

// eachAddition does something for each that has no error yet, and keeps its error.
func eachAddition(all []*addition, do func(*addition) error) {
	for _, a := range all {
		if a.err == nil {
			a.err = do(a)
		}
	}
}

// make makes the credentials of a member. A name is given once: with two hosts of one name nobody would know which of
// them answers.
func (i *issuer) make(kind string, a *addition) error {
	m := a.member
	known, err := i.files.read(kind, m.Name)
	if err != nil {
		return err
	}
	if known != nil {
		return fmt.Errorf("%s %w %s; remove-%s makes them void", m.Name, errKnown, known.Added.Format(time.DateOnly),
			singular(kind))
	}
	public, token, seed, err := i.keys.credentials(i.keys.identity(kind, m))
	if err != nil {
		return err
	}
	if len(token) > maxControlLine/2 { // the rest of the line is less
		return fmt.Errorf("%s may ask too many hosts by their names (%d): leave out --hosts, or make several users",
			m.Name, len(m.Hosts))
	}
	m.Key, m.Added = public, time.Now().UTC().Truncate(time.Second)
	creds, err := jwt.FormatUserConfig(token, seed)
	a.creds = append(creds, i.keys.authority.pem...)
	return err
}

// identity is what a member may do.
func (k *keys) identity(kind string, m *member) identity {
	switch {
	case kind == hostsDir:
		return identity{name: m.Name, role: connect.Host, signer: k.hosts}
	case kind == leafnodesDir:
		rights := subject.LeafRights()
		return identity{name: m.Name, role: connect.Leafnode, signer: k.account, rights: &rights,
			wires: []string{jwt.ConnectionTypeLeafnode}, subscriptions: jwt.NoLimit}
	case m.Hosts == nil:
		return identity{name: m.Name, role: connect.User, signer: k.users}
	}
	rights := subject.SomeHostsRights(m.Name, m.Hosts)
	return identity{name: m.Name, role: connect.User, signer: k.account, rights: &rights,
		wires: []string{jwt.ConnectionTypeStandard}, subscriptions: userSubscriptions}
}

// removeMember makes a member's credentials void. A hub that runs ends its connections.
func removeMember(path, kind, name string) error {
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
