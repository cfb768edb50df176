package hub

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/nats-io/nkeys"
	"golang.org/x/sys/unix"

	"netql/shell/ownfile"
	"netql/sources/atomicfile"
)

// keysFile has all secrets of a hub: whoever can read it can make identities.
const keysFile = "keys.json"

// maxKeys bounds the file of keys in bytes.
const maxKeys = 1 << 20

// secrets are the keys of a hub as the file has them: seeds of nkeys, and PEM.
type secrets struct {
	Operator string `json:"operator"` // signs the account
	Account  string `json:"account"`  // signs users who may ask some hosts alone, and the hub's own client
	Hosts    string `json:"hosts"`    // signs hosts: the account says what such a key's identities may do
	Users    string `json:"users"`    // signs users who may ask all hosts
	CA       string `json:"ca"`       // certificate of the authority that certifies the server
	CAKey    string `json:"ca_key"`
}

// keys are the keys of a hub.
type keys struct {
	operator, account, hosts, users nkeys.KeyPair
	authority                       *authority
}

// openKeys reads the keys of a hub, and makes them if there are none yet. The directory must be locked, so that two
// programs do not make different ones.
func openKeys(dir *os.File) (*keys, error) {
	s, err := readSecrets(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if s, err = newSecrets(); err == nil {
			err = writeJSON(dir, keysFile, s)
		}
	}
	if err != nil {
		return nil, err
	}
	k, err := s.keys()
	if err != nil {
		return nil, fmt.Errorf("%s/%s: %w", dir.Name(), keysFile, err)
	}
	return k, nil
}

func readSecrets(dir *os.File) (*secrets, error) {
	var s secrets
	if err := readPrivate(dir, keysFile, &s); err != nil {
		return nil, err
	}
	return &s, nil
}

// readPrivate reads a file of JSON that nobody but its owner, the user of this program, may read.
func readPrivate(dir *os.File, name string, value any) error {
	file, err := ownfile.Open(dir, name, unix.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s: others may read it (%v): its keys may be known; chmod 600 if they are not",
			file.Name(), info.Mode().Perm())
	}
	data, err := io.ReadAll(io.LimitReader(file, maxKeys))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, value); err != nil {
		return fmt.Errorf("%s: %w", file.Name(), err)
	}
	return nil
}

// writeJSON replaces a file in a directory by a value, readable by its owner alone.
func writeJSON(dir *os.File, name string, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return atomicfile.WriteAllPrivateIn(dir, []atomicfile.File{{Name: name, Data: append(data, '\n')}})
}

func newSecrets() (*secrets, error) {
	var s secrets
	for _, key := range []struct {
		seed *string
		make func() (nkeys.KeyPair, error)
	}{
		{&s.Operator, nkeys.CreateOperator},
		{&s.Account, nkeys.CreateAccount},
		{&s.Hosts, nkeys.CreateAccount},
		{&s.Users, nkeys.CreateAccount},
	} {
		pair, err := key.make()
		if err != nil {
			return nil, err
		}
		seed, err := pair.Seed()
		if err != nil {
			return nil, err
		}
		*key.seed = string(seed)
	}
	var err error
	s.CA, s.CAKey, err = newAuthority()
	return &s, err
}

func (s *secrets) keys() (*keys, error) {
	var k keys
	for _, key := range []struct {
		name, seed string
		pair       *nkeys.KeyPair
	}{
		{"operator", s.Operator, &k.operator},
		{"account", s.Account, &k.account},
		{"hosts", s.Hosts, &k.hosts},
		{"users", s.Users, &k.users},
	} {
		pair, err := nkeys.FromSeed([]byte(key.seed))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key.name, err)
		}
		*key.pair = pair
	}
	var err error
	k.authority, err = readAuthority(s.CA, s.CAKey)
	return &k, err
}
