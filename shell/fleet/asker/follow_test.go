package asker

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"netql/sources/lab"
)

// events is netql that follows the addresses of hosts.
type events struct {
	*part
	lines chan string // of its output; closed at its end
}

// follows starts netql, and waits until it has shown events of hosts.
func follows(t *testing.T, address string, hosts ...string) events {
	t.Helper()
	p := startPart(t, "netql", "--hosts", "nats://"+address, "--host-timeout", "1m", "--format", "csv", "--no-header",
		"addresses | follow | select host, event, addr")
	e := events{p, make(chan string)}
	go func() {
		defer close(e.lines)
		for in := bufio.NewScanner(p.stdout); in.Scan(); {
			e.lines <- in.Text()
		}
	}()
	e.await(t, hosts...)
	return e
}

// await makes events until those of all hosts were shown since it began.
func (e events) await(t *testing.T, hosts ...string) {
	t.Helper()
	n := 0
	for deadline := time.Now().Add(patience); len(hosts) > 0; {
		if n++; time.Now().After(deadline) {
			t.Fatalf("no events of %v: %s", hosts, e.stderr)
		}
		address := fmt.Sprintf("10.99.%d.%d/32 dev lo", n/200, n%200)
		lab.Tool(t, "address add "+address+"\naddress del "+address+"\n", "ip", "-batch", "-")
		pause := time.After(20 * time.Millisecond)
		for waiting := true; waiting; {
			select {
			case line, more := <-e.lines:
				if !more {
					t.Fatalf("it has ended: %s", e.stderr)
				}
				host, _, _ := strings.Cut(line, ",")
				hosts = slices.DeleteFunc(hosts, func(h string) bool { return h == host })
			case <-pause:
				waiting = false
			}
		}
	}
}

// status waits for the end, and gives the exit status.
func (e events) status(t *testing.T) int {
	t.Helper()
	for deadline := time.After(patience); ; {
		select {
		case _, more := <-e.lines:
			if !more {
				e.command.Wait() // its error is the status
				return e.command.ProcessState.ExitCode()
			}
		case <-deadline:
			t.Fatalf("it does not end: %s", e.stderr)
		}
	}
}

// TestFollow: events of all hosts arrive. Agents that are stopped or killed are told, and others go on. Ctrl-C says
// nothing more. Where the hub is gone nobody is followed any more, which is a failure.
func TestFollow(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "ip")
		dir, address := filepath.Join(t.TempDir(), "hub"), freeAddress(t)
		t.Setenv(credentialsVariable, newMember(t, dir, "add-user", "alice"))
		hub, agents := startPart(t, "hub", dir, address), map[string]*part{}
		hub.stderr.Await(t, "listening on")
		for _, name := range []string{"web1", "web2", "web3"} {
			agents[name] = startPart(t, "real agent", "--hub", address, "--creds", newMember(t, dir, "add-host", name))
			agents[name].stderr.Await(t, "is connected")
		}
		first, second := follows(t, address, "web1", "web2"), follows(t, address, "web1", "web2", "web3")
		if err := first.command.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		if got := first.status(t); got != 128+int(syscall.SIGINT) || first.stderr.String() != "" {
			t.Errorf("Ctrl-C: status %d: %s", got, first.stderr)
		}
		if err := agents["web1"].command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		second.stderr.Await(t, "1 of 3 hosts (web1): failed: the agent was stopped; the rows that came are there\n")
		agents["web3"].kill()
		second.stderr.Await(t, "1 of 3 hosts (web3): no answer: its agent is not connected; the rows that came are "+
			"there\n")
		second.await(t, "web2")
		hub.kill()
		got := second.status(t)
		const want = "1 of 3 hosts (web2): failed: the connection to the server broke; the rows that came are there\n" +
			"error: no host answers any more\n"
		if text := second.stderr.String(); got != 1 || !strings.HasSuffix(text, want) ||
			strings.Count(text, "\n") != 4 {
			t.Errorf("without a hub: status %d: %s", got, text)
		}
	})
}
