package hub

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/multierror"
)

// serversOwnLife is how long the certificate of a server that is not the hub's own is valid.
const serversOwnLife = 2 * 365 * 24 * time.Hour

// certificateFiles are a certificate of a server that is not the hub's own, and its key.
type certificateFiles struct {
	path, key string
	names     []string // of the server
	usages    []x509.ExtKeyUsage
}

// write writes a certificate and its key. Those that are there stay while they are for the same and not half of their
// time is over.
func (a *authority) write(files certificateFiles) error {
	if a.serves(files) {
		return nil
	}
	certificate, err := a.issue(files.names, serversOwnLife, files.usages)
	if err != nil {
		return err
	}
	key, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	if err != nil {
		return err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})
	if err := writeInPlace(files.path, text, 0o644); err != nil {
		return err
	}
	return writeInPlace(files.key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), 0o600)
}

// serves says whether a certificate and its key are there, of this authority, for the same and for long enough.
func (a *authority) serves(files certificateFiles) bool {
	pair, err := tls.LoadX509KeyPair(files.path, files.key)
	if err != nil || pair.Leaf.CheckSignatureFrom(a.certificate) != nil {
		return false
	}
	var certified []string
	for _, ip := range pair.Leaf.IPAddresses {
		certified = append(certified, ip.String())
	}
	certified = append(certified, pair.Leaf.DNSNames...)
	slices.Sort(certified)
	return slices.Equal(certified, slices.Sorted(slices.Values(files.names))) &&
		slices.Equal(pair.Leaf.ExtKeyUsage, files.usages) && time.Until(pair.Leaf.NotAfter) > serversOwnLife/2
}

// writeInPlace writes a file. One that is there keeps its owner and its permissions, which may have been set for the
// user who runs nats-server. If the directory is his, a link in it could lead anywhere, and is not followed.
func writeInPlace(path string, data []byte, mode os.FileMode) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|unix.O_NOFOLLOW, mode)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return multierror.Join(err, file.Close())
}
