package hub

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
	"slices"
	"time"
)

// serversOwnLife is how long the certificate of a server that is not the hub's own is valid.
const serversOwnLife = 2 * 365 * 24 * time.Hour

// write writes a certificate for a server of these names, and its key. Those that are there stay while they are for the
// same names and not half of their time is over.
func (a *authority) write(certificatePath, keyPath string, names []string) error {
	if a.serves(certificatePath, keyPath, names) {
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

// serves says whether a certificate and its key are there, of this authority, for these names and for long enough.
func (a *authority) serves(certificatePath, keyPath string, names []string) bool {
	pair, err := tls.LoadX509KeyPair(certificatePath, keyPath)
	if err != nil || pair.Leaf.CheckSignatureFrom(a.certificate) != nil {
		return false
	}
	var certified []string
	for _, ip := range pair.Leaf.IPAddresses {
		certified = append(certified, ip.String())
	}
	certified = append(certified, pair.Leaf.DNSNames...)
	slices.Sort(certified)
	return slices.Equal(certified, slices.Sorted(slices.Values(names))) &&
		time.Until(pair.Leaf.NotAfter) > serversOwnLife/2
}
