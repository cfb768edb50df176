package hub

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"netql/shell/fleet/subject"
)

// Ports of nats-server's own.
const (
	clusterPort  = 6222
	leafnodePort = 7422
)

// serverConfig is what a nats-server is to be.
type serverConfig struct {
	listen    string   // for hosts and askers
	names     []string // by which all call it
	cluster   []string // servers that it makes a cluster with; nil for none
	leafnodes bool     // it takes leaf nodes
	leafOf    []string // servers that it is a leaf node of; nil for none
}

// configuration is that of a nats-server in place of the hub's own.
const configuration = `# For nats-server, 2.9 or later, in place of netql-fleet hub: it takes the credentials that
# the hub's commands make. Write it again when a member was removed, and: nats-server --signal reload
server_name: %q
listen: %q
tls { cert_file: %q, key_file: %q, timeout: 20 }
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

// Parts of a configuration. The servers of a cluster prove who they are by their certificates, leaf nodes by
// credentials.
const (
	clusterPart = `cluster {
	name: netql
	listen: %q
	tls { cert_file: %q, key_file: %q, ca_file: %q, verify: true, timeout: 20 }
	routes: [%s]
}
`
	leafnodesPart = `leafnodes {
%s%s}
`
	leafListenPart = `	listen: %q
	tls { cert_file: %q, key_file: %q, timeout: 20 }
`
	remotesPart = `	remotes: [{ urls: [%s], account: %s, credentials: %q, tls { ca_file: %q, timeout: 20 } }]
`
)

// Files that a nats-server needs.
const (
	configurationFile = "nats-server.conf"
	certificateFile   = "server.pem"
	certificateKey    = "server.key"
	authorityFile     = "ca.pem"
	leafnodeFile      = "leafnode.creds"
)

// configWriter writes the configuration of a server and what goes with it into a directory.
type configWriter struct {
	*issuer
	dir     string
	config  serverConfig
	account string // its public key
	host    string // to listen on
	port    int
}

// writeConfiguration writes a configuration of nats-server, its certificate, and its credentials as a leaf node.
func writeConfiguration(path, out string, config serverConfig) error {
	w, err := newConfigWriter(out, config)
	if err != nil {
		return err
	}
	if w.issuer, err = openIssuer(path); err != nil {
		return err
	}
	defer w.close()
	if w.account, err = w.keys.account.PublicKey(); err != nil {
		return err
	}
	if err := os.MkdirAll(w.dir, 0o700); err != nil {
		return err
	}
	if err := w.keys.authority.write(w.certificate()); err != nil {
		return err
	}
	if err := writeInPlace(w.file(authorityFile), []byte(w.keys.authority.pem), 0o644); err != nil {
		return err
	}
	text, err := w.text()
	if err == nil && w.config.leafOf != nil {
		err = w.leafCredentials()
	}
	if err != nil {
		return err
	}
	return writeInPlace(w.file(configurationFile), []byte(text), 0o600)
}

// newConfigWriter checks what is wanted.
func newConfigWriter(out string, config serverConfig) (w *configWriter, err error) {
	w = &configWriter{config: config}
	if w.dir, err = filepath.Abs(out); err != nil {
		return nil, err
	}
	if w.host, w.port, err = splitListen(config.listen); err != nil {
		return nil, err
	}
	if w.host == "" {
		w.host = "0.0.0.0"
	}
	if w.config.names, err = certifiedNames(config.names); err != nil {
		return nil, err
	}
	if w.config.cluster, err = urls(config.cluster, "nats-route", clusterPort); err != nil {
		return nil, fmt.Errorf("--cluster %w", err)
	}
	if w.config.leafOf, err = urls(config.leafOf, "tls", leafnodePort); err != nil {
		return nil, fmt.Errorf("--leaf-of %w", err)
	}
	if config.leafOf != nil { // whose credentials are in its first name
		err = subject.CheckName(config.names[0])
	}
	return w, err
}

// urls are those of servers HOST or HOST:PORT, quoted.
func urls(servers []string, scheme string, port int) (quoted []string, err error) {
	for _, server := range servers {
		host, text, err := net.SplitHostPort(server)
		if err != nil {
			host, text = strings.Trim(server, "[]"), strconv.Itoa(port)
		}
		if _, err := strconv.ParseUint(text, 10, 16); err != nil {
			return nil, fmt.Errorf("%s: %q is no port", server, text)
		}
		if _, err := certifiedNames([]string{host}); err != nil {
			return nil, fmt.Errorf("%s: a server is HOST or HOST:PORT", server)
		}
		quoted = append(quoted, strconv.Quote(scheme+"://"+net.JoinHostPort(host, text)))
	}
	return quoted, nil
}

func (w *configWriter) file(name string) string { return filepath.Join(w.dir, name) }

func (w *configWriter) listen(port int) string { return net.JoinHostPort(w.host, strconv.Itoa(port)) }

// certificate is the server's certificate.
func (w *configWriter) certificate() certificateFiles {
	files := certificateFiles{w.file(certificateFile), w.file(certificateKey), w.config.names, serverUsages()}
	if w.config.cluster != nil {
		files.usages = clusterUsages()
	}
	return files
}

// text is the configuration.
func (w *configWriter) text() (string, error) {
	revoked, err := w.files.names(revokedDir)
	if err != nil {
		return "", err
	}
	operator, err := w.keys.operatorToken()
	if err != nil {
		return "", err
	}
	token, err := w.keys.accountClaims(revoked)
	if err != nil {
		return "", err
	}
	certificate, key, authority := w.file(certificateFile), w.file(certificateKey), w.file(authorityFile)
	text := fmt.Sprintf(configuration, w.config.names[0], w.listen(w.port), certificate, key, maxControlLine,
		writePatience.Seconds(), operator, w.account, token)
	if w.config.cluster != nil {
		text += fmt.Sprintf(clusterPart, w.listen(clusterPort), certificate, key, authority,
			strings.Join(w.config.cluster, ", "))
	}
	return text + w.leafText(), nil
}

// leafText is what the configuration says of leaf nodes.
func (w *configWriter) leafText() string {
	listen, remotes := "", ""
	if w.config.leafnodes {
		listen = fmt.Sprintf(leafListenPart, w.listen(leafnodePort), w.file(certificateFile), w.file(certificateKey))
	}
	if w.config.leafOf != nil {
		remotes = fmt.Sprintf(remotesPart, strings.Join(w.config.leafOf, ", "), w.account, w.file(leafnodeFile),
			w.file(authorityFile))
	}
	if listen+remotes == "" {
		return ""
	}
	return fmt.Sprintf(leafnodesPart, listen, remotes)
}

// leafCredentials makes credentials of a leaf node of this name. Those that are there stay, unless they are void or of
// another name.
func (w *configWriter) leafCredentials() error {
	name, path := w.config.names[0], w.file(leafnodeFile)
	known, err := w.files.read(leafnodesDir, name)
	if err != nil {
		return err
	}
	if known == nil {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	out, err := newFile(path)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	a := &addition{member: &member{Name: name}, out: out}
	w.add(leafnodesDir, []*addition{a})
	return a.err
}
