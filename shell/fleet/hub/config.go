package hub

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// serversOwnLife is how long the certificate of a server that is not the hub's own is valid.
const serversOwnLife = 2 * 365 * 24 * time.Hour

// configuration is that of a nats-server in place of the hub's own.
const configuration = `# For nats-server, 2.9 or later, in place of netql-fleet hub: it takes the credentials that
# the hub's commands make. Write it again when a member was removed, and: nats-server --signal reload
listen: "0.0.0.0:4222"
tls {
	cert_file: %q
	key_file: %q
	timeout: 20
}
authorization { timeout: 30 }
ping_interval: "30s"
max_control_line: %d
write_deadline: "%.0fs"
operator: %s
resolver: MEMORY
resolver_preload {
	%s: %s
}
`

// writeConfiguration writes a configuration of nats-server and its certificate for these names into a directory.
func writeConfiguration(path, out string, names []string) error {
	files, err := openDirectories(path)
	if err != nil {
		return err
	}
	defer files.close()
	keys, err := files.keys()
	if err != nil {
		return err
	}
	revoked, err := files.names(revokedDir)
	if err != nil {
		return err
	}
	operator, err := keys.operatorToken()
	if err != nil {
		return err
	}
	public, err := keys.account.PublicKey()
	if err != nil {
		return err
	}
	account, err := keys.accountClaims(revoked)
	if err != nil {
		return err
	}
	if out, err = filepath.Abs(out); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o700); err != nil {
		return err
	}
	certificate, key := filepath.Join(out, "server.pem"), filepath.Join(out, "server.key")
	if err := keys.authority.write(certificate, key, names); err != nil {
		return err
	}
	text := fmt.Sprintf(configuration, certificate, key, maxControlLine, writePatience.Seconds(), operator, public,
		account)
	return os.WriteFile(filepath.Join(out, "nats-server.conf"), []byte(text), 0o600)
}

// write writes a certificate for a server of these names, and its key. Those that are there stay.
func (a *authority) write(certificatePath, keyPath string, names []string) error {
	if _, err := os.Stat(keyPath); err == nil {
		return nil
	}
	certificate, err := a.issue(names, serversOwnLife)
	if err != nil {
		return err
	}
	key, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	if err != nil {
		return err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})
	if err := os.WriteFile(certificatePath, text, 0o644); err != nil {
		return err
	}
	return os.WriteFile(keyPath, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), 0o600)
}
