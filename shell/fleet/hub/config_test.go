package hub_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"netql/shell/fleet/hub"
)

// TestConfigAgain: what config writes again is for what is wanted now, and a certificate and credentials that still
// serve stay.
func TestConfigAgain(t *testing.T) {
	dir, out := filepath.Join(t.TempDir(), "hub"), t.TempDir()
	write := func(line string) (certificate, credentials string) {
		t.Helper()
		var said bytes.Buffer
		words := append([]string{dir, "config", "--out", out}, strings.Fields(line)...)
		if status := hub.Main(words, &said, &said); status != 0 {
			t.Fatalf("%s: %d: %s", line, status, &said)
		}
		read := func(name string) string {
			data, err := os.ReadFile(filepath.Join(out, name))
			if err != nil {
				t.Fatal(err)
			}
			return string(data)
		}
		return read("server.pem"), read("leafnode.creds")
	}
	first, leaf := write("--leaf-of nats1 --name site1,192.0.2.1")
	again, same := write("--leaf-of nats1,[2001:db8::2]:7000 --name site1,192.0.2.1")
	if again != first || same != leaf {
		t.Error("what serves is made anew")
	}
	other, same := write("--leaf-of nats1 --name site1,[2001:DB8::1]")
	if other == first || same != leaf {
		t.Error("the certificate stays with another name, or the credentials do not")
	}
	var said bytes.Buffer
	if status := hub.Main([]string{dir, "remove-leafnode", "site1"}, &said, &said); status != 0 {
		t.Errorf("%d: %s", status, &said)
	}
	if same, renewed := write("--leaf-of nats1 --leafnodes --name site1,[2001:DB8::1]"); same != other ||
		renewed == leaf {
		t.Error("void credentials stay, or the certificate does not")
	}
	pair, err := tls.LoadX509KeyPair(filepath.Join(out, "server.pem"), filepath.Join(out, "server.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := pair.Leaf.VerifyHostname("2001:db8::1"); err != nil ||
		!slices.Equal(pair.Leaf.DNSNames, []string{"site1"}) {
		t.Errorf("%v, %v", err, pair.Leaf.DNSNames)
	}
	// A leaf node's certificate is for no client: with it the server could join the cluster.
	if want := []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}; !slices.Equal(pair.Leaf.ExtKeyUsage, want) {
		t.Errorf("a certificate for %v", pair.Leaf.ExtKeyUsage)
	}
	if member, _ := write("--leaf-of nats1 --cluster nats1 --name site1,[2001:DB8::1]"); member == other {
		t.Error("a server of a cluster has a certificate with which it cannot join")
	}
	var listed bytes.Buffer
	hub.Main([]string{dir, "list"}, &listed, &listed)
	if !strings.HasPrefix(listed.String(), "leafnode site1 since ") {
		t.Errorf("%s", &listed)
	}
}

// TestConfigLinks: what config writes goes nowhere else, as into a file to which the user of nats-server has made a
// link in his directory.
func TestConfigLinks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "hub")
	for _, name := range []string{"server.pem", "server.key", "ca.pem", "nats-server.conf"} {
		out, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "file")
		if err := os.Symlink(elsewhere, filepath.Join(out, name)); err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		status := hub.Main([]string{dir, "config", "--out", out, "--name", "nats1"}, &said, &said)
		if _, err := os.Stat(elsewhere); status != 1 || err == nil ||
			!strings.HasSuffix(said.String(), "too many levels of symbolic links\n") {
			t.Errorf("%s: %d: %s; %v", name, status, &said, err)
		}
	}
}
