package asker

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"netql/shell/fleet/connect"
)

// cluster is two servers of a cluster, and a leaf node of both.
type cluster struct {
	clients, routes, leaves [3]string // addresses of the servers to connect to; the leaf node has the first alone
	servers                 [3]*natsServer
	creds                   map[string]string // files
	hosts                   []string
}

const leafNode = 2

// newCluster finds addresses for a cluster.
func newCluster(t *testing.T) *cluster {
	c := &cluster{creds: map[string]string{}}
	for i := range c.clients {
		c.clients[i], c.routes[i], c.leaves[i] = freeAddress(t), freeAddress(t), freeAddress(t)
	}
	for i := range 4 {
		c.hosts = append(c.hosts, fmt.Sprint("web", i))
	}
	return c
}

// start starts the servers with configurations in which ports are nats-server's own.
func (c *cluster) start(t *testing.T, configurations [3]string) {
	t.Helper()
	for i, path := range configurations {
		rewrite(t, path, "127.0.0.1:6222", c.routes[i], "127.0.0.1:7422", c.leaves[i])
		c.servers[i] = startNATS(t, path)
	}
}

// configured is a cluster with the configurations that the hub's command writes.
func configured(t *testing.T) *cluster {
	c, dir := newCluster(t), filepath.Join(t.TempDir(), "hub")
	for _, name := range c.hosts {
		c.creds[name] = newMember(t, dir, "add-host", name)
	}
	c.creds["alice"] = newMember(t, dir, "add-user", "alice")
	var configurations [3]string
	for i := range configurations {
		out := t.TempDir()
		words := []string{fmt.Sprintf("server%d,127.0.0.1", i), "--listen", c.clients[i]}
		if i == leafNode {
			words = append(words, "--leaf-of", c.leaves[0]+","+c.leaves[1])
		} else {
			words = append(words, "--leafnodes", "--cluster", c.routes[0]+","+c.routes[1])
		}
		writeConfig(t, dir, out, words...)
		configurations[i] = filepath.Join(out, "nats-server.conf")
	}
	c.start(t, configurations)
	return c
}

// ofDocs is a cluster with the configurations in docs/fleet-nats.md, and passwords.
func ofDocs(t *testing.T) *cluster {
	docs, err := os.ReadFile("../../../docs/fleet-nats.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```conf\n(.*?)```").FindAllStringSubmatch(string(docs), -1)
	if len(blocks) != 3 {
		t.Fatalf("the docs have %d configurations", len(blocks))
	}
	c, dir, out := newCluster(t), filepath.Join(t.TempDir(), "hub"), t.TempDir()
	writeConfig(t, dir, out, "127.0.0.1", "--cluster", "127.0.0.1") // for its certificate
	c.creds["alice"] = passwordFile(t, out, "alice", "another long secret")
	one, users := regexp.MustCompile(`(?s)\t\t\{ user: "web1".*?\} \}\n`).FindString(blocks[0][1]), ""
	for _, name := range c.hosts {
		c.creds[name] = passwordFile(t, out, name, "a long secret")
		if name != "web1" {
			users += strings.ReplaceAll(one, "web1", name)
		}
	}
	var configurations [3]string
	for i := range configurations {
		text := strings.Replace(blocks[0][1], "\tusers: [\n", "\tusers: [\n"+users, 1)
		if i == leafNode {
			text += blocks[2][1]
		} else {
			text += strings.Replace(blocks[1][1], "nats1", fmt.Sprint("nats", i+1), 1)
		}
		configurations[i] = filepath.Join(out, fmt.Sprint("server", i, ".conf"))
		if err := os.WriteFile(configurations[i], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		rewrite(t, configurations[i], "127.0.0.1:4222", c.clients[i], "0.0.0.0:6222", c.routes[i],
			"0.0.0.0:7422", c.leaves[i], "nats1.example.com:6222", c.routes[0], "nats2.example.com:6222", c.routes[1],
			"nats1.example.com:7422", c.leaves[0], "nats2.example.com:7422", c.leaves[1])
	}
	c.start(t, configurations)
	return c
}

// passwordFile is a file of credentials with a password, and the authority whose certificate is in a directory.
func passwordFile(t *testing.T, dir, user, password string) string {
	t.Helper()
	authority, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), user)
	text := fmt.Sprintf("user: %s\npassword: %s\n%s", user, password, authority)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestCluster: hosts answer once, whatever server of a cluster or leaf node they are connected to. A server that is
// killed costs no row and no host without a word, and whoever was connected to it goes to another one.
func TestCluster(t *testing.T) {
	for name, test := range map[string]struct {
		made  func(t *testing.T) *cluster
		kills bool
	}{"configured": {configured, true}, "docs": {ofDocs, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := test.made(t)
			for i, host := range c.hosts {
				servers := c.clients[:leafNode]
				if i%2 == 1 {
					servers = c.clients[leafNode:]
				}
				startAgent(t, c.creds[host], manyThings, servers...)
			}
			each, all := openCluster(t, c, false), openCluster(t, c, true)
			awaitHosts(t, each, len(c.hosts), manyThings)
			awaitHosts(t, all, len(c.hosts), manyThings)
			if !test.kills {
				return
			}
			c.killWhileAsking(t, 1, all, each)
			c.servers[1].start(t)
			c.servers[1].log.Await(t, "Route connection created")
			c.killWhileAsking(t, 0, all, each) // to which all have gone
		})
	}
}

// killWhileAsking kills a server in the middle of an ask, and waits until all hosts answer without it: by an ask to
// each of them, which tells at once who is not there.
func (c *cluster) killWhileAsking(t *testing.T, server int, all, each *Fleet) {
	t.Helper()
	after := time.Duration(rand.Int64N(int64(30 * time.Millisecond)))
	killed := make(chan bool)
	go func() {
		time.Sleep(after)
		c.servers[server].kill()
		close(killed)
	}()
	states, start := map[string]int{}, time.Now()
	checkLaw(t, all, manyThings, states)
	<-killed
	awaitHosts(t, each, len(c.hosts), manyThings)
	t.Logf("server %d killed after %v: %v; %v", server, after, states, time.Since(start))
}

// openCluster opens the hosts at the servers of the cluster. all asks them by one message.
func openCluster(t *testing.T, c *cluster, all bool) *Fleet {
	t.Helper()
	credentials, err := connect.ReadCredentials(c.creds["alice"])
	if err != nil {
		t.Fatal(err)
	}
	f, err := open(t.Context(), target{c.clients[:leafNode], c.hosts}, credentials)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	f.Transport.(*transport).each = !all
	return f
}
