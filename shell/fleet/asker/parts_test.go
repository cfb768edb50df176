package asker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"netql/shell"
	"netql/shell/fleet/agent"
	"netql/shell/fleet/connect"
	"netql/shell/fleet/fleettest"
	"netql/shell/fleet/hub"
	"netql/shell/remote"
	"netql/sources/lab"
)

// partVariable makes this program a part of a fleet, which its value names with its arguments, in place of running
// tests.
const partVariable = "NETQL_TEST_PART"

// partSeparator is between the words of a part: queries have blanks.
const partSeparator = "\x1f"

func TestMain(m *testing.M) {
	if text := os.Getenv(partVariable); text != "" {
		words := strings.Split(text, partSeparator)
		os.Exit(parts[words[0]](words[1:]))
	}
	os.Exit(lab.Main(m))
}

// parts are processes that a test can kill. Each ends when its stdin does, so that none outlives the test.
var parts = map[string]func(words []string) int{
	"hub": func(words []string) int {
		exitWithStdin()
		return hub.Main([]string{words[0], "--listen", words[1]}, os.Stdout, os.Stderr)
	},
	"agent": func(words []string) int {
		credentials, err := connect.ReadCredentials(words[0])
		things, err2 := strconv.Atoi(words[1])
		if err = errors.Join(err, err2); err == nil {
			_, err = agent.Start(agent.Config{Credentials: credentials, Servers: words[2:],
				Host: (&fleettest.Machine{Things: things}).Host(), Limits: agent.DefaultLimits(), Log: os.Stderr})
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		io.Copy(io.Discard, os.Stdin)
		return 0
	},
	"asker": func(words []string) int {
		exitWithStdin()
		credentials, err := connect.ReadCredentials(words[0])
		for err == nil {
			var f *Fleet
			if f, err = open(context.Background(), target{servers: words[1:]}, credentials); err != nil {
				return 1
			}
			hosts := remote.New(f.Names, f.Transport, remote.Options{})
			answerOf(context.Background(), hosts, "things")
			hosts.Close()
			f.Close()
		}
		return 1
	},
	"measured": answerMeasured,
	"real agent": func(words []string) int {
		return agent.Main(words, shell.AnswerHost(), os.Stdout, os.Stderr)
	},
	"netql": func(words []string) int {
		reach := func(address string, read func(string) (string, error)) (shell.Reached, error) {
			f, err := Open(context.Background(), address, read)
			if err != nil {
				return shell.Reached{}, err
			}
			return shell.Reached{Names: f.Names, Transport: f.Transport, Notes: f.Notes, Close: f.Close}, nil
		}
		return shell.MainReaching(append([]string{"netql-fleet"}, words...), os.Stdin, os.Stdout, os.Stderr,
			shell.Reach{Scheme: "nats", Open: reach})
	},
}

func exitWithStdin() {
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
}

// part is a process of a fleet.
type part struct {
	words   string
	command *exec.Cmd
	stdin   io.WriteCloser
	stdout  io.Reader
	stderr  *fleettest.Log
}

func startPart(t testing.TB, words ...string) *part {
	t.Helper()
	p := &part{words: strings.Join(words, partSeparator), stderr: new(fleettest.Log)}
	p.start(t)
	t.Cleanup(p.kill)
	return p
}

func (p *part) start(t testing.TB) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p.command = exec.Command(self)
	p.command.Env = append(os.Environ(), partVariable+"="+p.words)
	if p.stdin, err = p.command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if p.stdout, err = p.command.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	p.command.Stderr = p.stderr
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
}

// kill is kill -9.
func (p *part) kill() {
	p.command.Process.Kill() // an error is that it has ended
	p.command.Wait()
}

// freeAddress is an address of loopback that nobody listens on. Its port is below those that the kernel gives to
// connections (ip_local_port_range): else one of another program could take it while a server is started again.
func freeAddress(t testing.TB) string {
	t.Helper()
	const first, end = 10_000, 32_768
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", first+rand.IntN(end-first)))
		if err == nil {
			defer l.Close()
			return l.Addr().String()
		}
	}
	t.Fatal("no port is free")
	return ""
}

// newMember makes credentials in a hub's directory, and gives the path of their file.
func newMember(t testing.TB, dir, verb, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if status := hub.Main([]string{dir, verb, name, "--out", path}, io.Discard, os.Stderr); status != 0 {
		t.Fatalf("%s %s: status %d", verb, name, status)
	}
	return path
}
