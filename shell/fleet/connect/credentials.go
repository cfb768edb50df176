// Package connect makes the connection of a host or an asker to the server of a fleet.
package connect

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"

	"netql/shell/fleet/subject"
	"netql/shell/ownfile"
)

// maxCredentials bounds a file of credentials in bytes.
const maxCredentials = 1 << 20

// Credentials are how a client proves who it is, and how it knows its server.
type Credentials struct {
	Name string // its identity

	path           string         // of the file; "" for those that were in none
	role           Role           // "" where they do not tell it
	token          string         // of a server that takes tokens (JWT), with the key that it is of
	key            nkeys.KeyPair  //
	user, password string         // of one that takes passwords
	authorities    *x509.CertPool // nil for those that the machine trusts
}

// ReadCredentials reads a file of credentials: those that a hub or nsc(1) writes, or two lines
//
//	user: NAME
//	password: SECRET
//
// each with certificates of the authorities that may certify the server (PEM), if not those that the machine trusts.
// The file and its directory must be the user's own or root's, and others must not be able to read it.
func ReadCredentials(path string) (*Credentials, error) {
	data, err := readSecret(path)
	if err != nil {
		return nil, err
	}
	c, err := ParseCredentials(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	c.path = path
	return c, nil
}

func readSecret(path string) ([]byte, error) {
	dir, err := ownfile.Existing(filepath.Dir(path), ".")
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	file, err := ownfile.OpenForReading(dir, filepath.Base(path))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	// A group may read it: so root gives credentials to a service.
	if info.Mode().Perm()&0o027 != 0 {
		return nil, fmt.Errorf("%s: others may read or write it (%v); credentials are for their owner alone (0600)",
			path, info.Mode().Perm())
	}
	return io.ReadAll(io.LimitReader(file, maxCredentials))
}

// ParseCredentials is ReadCredentials for the content of a file.
func ParseCredentials(data []byte) (*Credentials, error) {
	c := &Credentials{authorities: authorities(data)}
	var err error
	if bytes.Contains(data, []byte("BEGIN NATS USER JWT")) {
		err = c.parseToken(data)
	} else {
		err = c.parsePassword(data)
	}
	if err != nil {
		return nil, err
	}
	if err := subject.CheckName(c.Name); err != nil {
		return nil, fmt.Errorf("the name in the credentials: %w", err)
	}
	return c, nil
}

func (c *Credentials) parseToken(data []byte) error {
	var err error
	if c.token, err = jwt.ParseDecoratedJWT(data); err != nil {
		return err
	}
	claims, err := jwt.DecodeUserClaims(c.token)
	if err != nil {
		return err
	}
	c.Name, c.role = subject.Name(claims.Name), roleOf(claims.Tags)
	c.key, err = jwt.ParseDecoratedUserNKey(data)
	return err
}

// parsePassword never shows a line in an error: it might be the secret.
func (c *Credentials) parsePassword(data []byte) error {
	fields := map[string]*string{"user": &c.user, "password": &c.password}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if strings.HasPrefix(line, "-----BEGIN") {
			break
		}
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		field := fields[name]
		if field == nil {
			return fmt.Errorf("line %d is no user: NAME or password: SECRET", number)
		}
		*field = strings.TrimSpace(value)
	}
	if c.user == "" || c.password == "" {
		return errors.New("these are no credentials: neither a NATS user's token, nor user: NAME and password: SECRET")
	}
	c.Name = subject.Name(c.user)
	return lines.Err()
}

// authorities are the certificates in the data; nil if there are none.
func authorities(data []byte) *x509.CertPool {
	var pool *x509.CertPool
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		if pool == nil {
			pool = x509.NewCertPool()
		}
		pool.AppendCertsFromPEM(pem.EncodeToMemory(block))
	}
	return pool
}
