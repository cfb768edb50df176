package hub

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"sync"
	"time"
)

const (
	// authorityLife is how long the certificate of the authority is valid: as long as a hub may live.
	authorityLife = 30 * 365 * 24 * time.Hour
	// serverLife is how long a certificate of the server is valid. It is in memory alone, and renewed by half of that.
	serverLife = 60 * 24 * time.Hour
	// clockSkew is how far the clocks of hosts may be behind.
	clockSkew = 24 * time.Hour
)

// authority is the certificate authority of a hub. It certifies the hub's server and nothing else; credentials carry
// its certificate, so that hosts and askers know the server.
type authority struct {
	certificate *x509.Certificate
	pem         string
	key         crypto.Signer
}

// newAuthority makes an authority: its certificate and its key, as PEM.
func newAuthority() (certificate, key string, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", err
	}
	template := &x509.Certificate{
		SerialNumber:          serial(),
		Subject:               pkix.Name{CommonName: "netql hub"},
		NotBefore:             time.Now().Add(-clockSkew),
		NotAfter:              time.Now().Add(authorityLife),
		KeyUsage:              x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return "", "", err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})), nil
}

// serial is a number that no other certificate of the authority has: 128 random bits.
func serial() *big.Int {
	bits := make([]byte, 16)
	rand.Read(bits) // never fails
	return new(big.Int).SetBytes(bits)
}

func readAuthority(certificate, key string) (*authority, error) {
	block, _ := pem.Decode([]byte(certificate))
	keyBlock, _ := pem.Decode([]byte(key))
	if block == nil || keyBlock == nil {
		return nil, errors.New("the certificate authority is missing")
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, err
	}
	private, err := x509.ParsePKCS8PrivateKey(keyBlock.Bytes)
	if err != nil {
		return nil, err
	}
	signer, ok := private.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("the authority's key is a %T", private)
	}
	return &authority{parsed, certificate, signer}, nil
}

// issue makes a certificate for a server that has these names and addresses, valid for so long.
func (a *authority) issue(names []string, life time.Duration, usages []x509.ExtKeyUsage) (*tls.Certificate, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial(),
		Subject:      pkix.Name{CommonName: "netql hub server"},
		NotBefore:    time.Now().Add(-clockSkew),
		NotAfter:     time.Now().Add(life),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  usages,
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, private.Public(), a.key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}, nil
}

// serverUsages is what a certificate is for with which a server serves others.
func serverUsages() []x509.ExtKeyUsage { return []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }

// clusterUsages is what that of a server of a cluster is for: such servers are clients of each other, too. Whoever has
// one is a member of the cluster, which a leaf node must not be.
func clusterUsages() []x509.ExtKeyUsage { return append(serverUsages(), x509.ExtKeyUsageClientAuth) }

// serverConfig is the server's side of TLS. Certificates are made when they are needed, for the names given.
func (a *authority) serverConfig(names []string) *tls.Config {
	var mu sync.Mutex
	var current *tls.Certificate
	var renewal time.Time
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			mu.Lock()
			defer mu.Unlock()
			if current != nil && time.Now().Before(renewal) {
				return current, nil
			}
			made, err := a.issue(names, serverLife, serverUsages())
			if err == nil {
				current, renewal = made, time.Now().Add(serverLife/2)
			}
			return made, err
		},
	}
}
