// Package hub runs a NATS server for a fleet: with TLS, and with identities that it makes itself. All that it needs to
// know again after a restart is in one directory.
package hub

import (
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"netql/shell/fleet/subject"
)

// maxControlLine bounds a line of the protocol in bytes, and with it the token in credentials.
const maxControlLine = 512 << 10

// maxConnections is how many clients may be connected.
const maxConnections = 1 << 17

// startPatience is how long the server may take to listen.
const startPatience = 20 * time.Second

// writePatience is how long a client may take for what is written to it at once, before the server cuts it off. The 32
// MB that hosts may send unasked take 134 s over a line of 2 Mbit/s. Clients that are gone are found by pings.
const writePatience = 3 * time.Minute

// Config is what a hub is told when it starts.
type Config struct {
	Listen string   // address and port
	Names  []string // by which hosts and askers call it, beside the machine's name and its addresses
	Log    io.Writer
}

// Hub is a running hub.
type Hub struct {
	keys     *keys
	register *register
	running  *os.File // is locked while the hub runs
	changes  *changes
	server   *server.Server
	resolver *server.MemAccResolver
	client   *nats.Conn // of the hub itself
	log      logger

	workers sync.WaitGroup // the goroutines that follow changes and that tell users of hosts
}

// Start starts a hub whose directory is given.
func Start(path string, config Config) (*Hub, error) {
	files, err := openDirectories(path)
	if err != nil {
		return nil, err
	}
	h := &Hub{register: &register{files: files}, log: newLogger(config.Log)}
	if err := h.start(config); err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}

func (h *Hub) start(config Config) error {
	files := h.register.files
	var err error
	if h.running, err = files.run(); err != nil {
		return err
	}
	if h.keys, err = files.keys(); err != nil {
		return err
	}
	// Before the files are read, so that no change is missed.
	if h.changes, err = watchChanges(files); err != nil {
		return err
	}
	if err := h.register.load(); err != nil {
		return err
	}
	if hosts, most := len(h.register.of[hostsDir]), mostConnections(); hosts > most {
		h.log.Warnf("%d hosts have credentials, and %d can connect: a connection is a file (ulimit -n, LimitNOFILE)",
			hosts, most)
	}
	options, err := h.options(config)
	if err != nil {
		return err
	}
	if h.server, err = server.NewServer(options); err != nil {
		return err
	}
	h.server.SetLoggerV2(h.log, false, false, false)
	h.server.Start()
	if !h.server.ReadyForConnections(startPatience) {
		return fmt.Errorf("the server does not listen on %s (is the address in use?)", config.Listen)
	}
	if err := h.connect(); err != nil {
		return err
	}
	h.workers.Go(h.follow)
	return nil
}

// options are those of the embedded server.
func (h *Hub) options(config Config) (*server.Options, error) {
	host, port, err := splitListen(config.Listen)
	if err != nil {
		return nil, err
	}
	if port == 0 {
		port = server.RANDOM_PORT // the server's 0 is its default port
	}
	names, err := serverNames(config.Names)
	if err != nil {
		return nil, err
	}
	token, err := h.keys.operatorToken()
	if err != nil {
		return nil, err
	}
	operator, err := jwt.DecodeOperatorClaims(token)
	if err != nil {
		return nil, err
	}
	h.resolver = &server.MemAccResolver{}
	if err := h.storeAccount(); err != nil {
		return nil, err
	}
	return &server.Options{
		Host: host, Port: port, ServerName: "netql-hub",
		TLS: true, TLSConfig: h.keys.authority.serverConfig(names),
		// A thousand hosts that come back at once take longer than the two seconds of the default.
		TLSTimeout: 20, AuthTimeout: 30,
		// A user who may ask some hosts alone has their names in the credentials, which are one line.
		MaxControlLine: maxControlLine,
		MaxConn:        maxConnections, MaxPayload: 1 << 20, MaxPending: 64 << 20,
		PingInterval: 30 * time.Second, MaxPingsOut: 2, WriteDeadline: writePatience,
		TrustedOperators: []*jwt.OperatorClaims{operator}, AccountResolver: h.resolver, NoSystemAccount: true,
		NoSigs: true,
	}, nil
}

// account is the account of the hub's clients in the server.
func (h *Hub) account() (*server.Account, error) {
	public, err := h.keys.account.PublicKey()
	if err != nil {
		return nil, err
	}
	return h.server.LookupAccount(public)
}

// connect makes the hub a client of its own server, by which it tells users which hosts there are.
func (h *Hub) connect() error {
	rights := subject.HubRights()
	_, token, seed, err := h.keys.credentials(identity{
		name: "hub", signer: h.keys.account, rights: &rights, wires: []string{jwt.ConnectionTypeInProcess},
		subscriptions: userSubscriptions,
	})
	if err != nil {
		return err
	}
	closed := make(chan struct{})
	h.client, err = nats.Connect("", nats.InProcessServer(h.server), nats.UserJWTAndSeed(token, string(seed)),
		nats.Name("hub"), nats.Timeout(startPatience), nats.MaxReconnects(-1),
		nats.ClosedHandler(func(*nats.Conn) { close(closed) }))
	if err != nil {
		return err
	}
	asks := make(chan *nats.Msg, waitingAsks)
	if _, err := h.client.ChanSubscribe(rights.Subscribe[0], asks); err != nil {
		return err
	}
	h.workers.Go(func() { h.answerRosters(asks, closed) })
	return h.client.Flush()
}

// Address is where the server listens.
func (h *Hub) Address() net.Addr { return h.server.Addr() }

// Close stops the hub, and the server with all of its connections.
func (h *Hub) Close() {
	if h.client != nil {
		h.client.Close()
	}
	if h.server != nil {
		h.server.Shutdown()
		h.server.WaitForShutdown()
	}
	if h.changes != nil {
		h.changes.file.Close()
	}
	h.workers.Wait() // they may be reading a file of the directories
	if h.running != nil {
		h.running.Close()
	}
	h.register.files.close()
}
