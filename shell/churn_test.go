package shell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources/lab"
	"netql/tables"
)

// long says that tests shall try as much as they can, which takes minutes (.ci/long).
func long() bool { return os.Getenv("NETQL_LONG") != "" }

// TestChurn asks every table while thousands of connections, processes, links, routes and namespaces come and go. What
// stays the whole time is in every answer, once, unless a warning says that it may be missing; and nothing hangs.
func TestChurn(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "ip")
		lab.AllStates(t)
		lab.NameNamespaces(t, "own", "blue", "abc")
		questions := churnQuestions()
		before := map[*churnQuestion]map[string]int{}
		for _, q := range questions {
			before[q], _ = q.answer(t)
		}
		c := newChurn(t)
		for round := 0; round == 0 || long() && c.age() < 3*time.Minute; round++ {
			for _, q := range questions {
				q.answers = append(q.answers, churnAnswer{})
				last := &q.answers[len(q.answers)-1]
				last.keys, last.warnings = q.answer(t)
			}
		}
		c.stop()
		rows, warned := 0, 0
		for _, q := range questions {
			after, _ := q.answer(t)
			for key := range before[q] {
				if after[key] == 0 {
					delete(before[q], key)
				}
			}
			for _, a := range q.answers {
				rows += len(before[q])
				if a.warnings != "" {
					warned++
				}
				q.check(t, before[q], a)
			}
		}
		t.Logf("%d answers, %d of them with warnings, to hold %d rows that stayed; meanwhile %v",
			len(questions)*len(questions[0].answers), warned, rows, c)
	})
}

// A churnQuestion asks for the keys of a table.
type churnQuestion struct {
	args    []string
	answers []churnAnswer
}

// A churnAnswer is what one run gave: how often each key, and what standard error says.
type churnAnswer struct {
	keys     map[string]int
	warnings string
}

func churnQuestions() (all []*churnQuestion) {
	for _, where := range [][]string{{"--netns", "own"}, {"--netns", "all"}} {
		catalog := tables.Catalog()
		if where[1] == "all" {
			catalog = tables.Everywhere(catalog)
		}
		for _, table := range catalog.Listing() {
			if table.Waits { // its rows are of what happens
				continue
			}
			args := append(slices.Clone(where), "--format", "csv", "--no-header", keysOf(table))
			all = append(all, &churnQuestion{args: args})
		}
	}
	return all
}

// keysOf is a query for what tells the rows of a table apart, which reads the owners of sockets, too.
func keysOf(table *query.Table) string {
	text := table.Name
	if slices.ContainsFunc(table.Columns, func(c *schema.Column) bool { return c.Name == "owner_status" }) {
		text += " | where pid == nil or pid != nil"
	}
	return text + " | select " + strings.Join(table.Key, ", ")
}

// answer runs the program. It must end, with status 0, within a minute.
func (q *churnQuestion) answer(t *testing.T) (keys map[string]int, warnings string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "netql", q.args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil || strings.Contains(errs.String(), "panic") {
		t.Errorf("%q: %v\n%s", q.args, err, errs.String())
	}
	keys = map[string]int{}
	for line := range strings.Lines(out.String()) {
		keys[line]++
	}
	return keys, errs.String()
}

// check compares an answer with what was there before and after.
func (q *churnQuestion) check(t *testing.T, stayed map[string]int, a churnAnswer) {
	t.Helper()
	if strings.Contains(a.warnings, "changed") { // NLM_F_DUMP_INTR: some may be missing, or twice
		return
	}
	for key := range stayed {
		if a.keys[key] == 0 {
			t.Errorf("%q: lost %swarnings %q", q.args, key, a.warnings)
		}
	}
	for key, n := range a.keys {
		if n > 1 && n > stayed[key] {
			t.Errorf("%q: %d times %swarnings %q", q.args, n, key, a.warnings)
		}
	}
}

// A churn makes and unmakes things until it is stopped.
type churn struct {
	began   time.Time
	cancel  context.CancelFunc
	workers sync.WaitGroup
	waiting map[string]int // the queries that do not end, with the numbers of their processes

	connections, processes, links, namespaces, events, samples atomic.Int64
}

func newChurn(t *testing.T) *churn {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	c := &churn{began: time.Now(), cancel: cancel, waiting: map[string]int{}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	c.repeat(ctx, func() error { return c.connect(listener) })
	c.repeat(ctx, func() error {
		c.processes.Add(1)
		return exec.CommandContext(ctx, "true").Run()
	})
	c.repeat(ctx, func() error { return c.relink(ctx) })
	c.repeat(ctx, func() error {
		c.namespaces.Add(1)
		name := fmt.Sprintf("churn%d", c.namespaces.Load()%7)
		return errors.Join(exec.CommandContext(ctx, "ip", "netns", "add", name).Run(),
			exec.CommandContext(ctx, "ip", "netns", "delete", name).Run())
	})
	for _, table := range []string{"sockets", "interfaces", "routes", "addresses", "neighbors"} {
		c.listen(ctx, t, &c.events, table+" | follow")
	}
	c.listen(ctx, t, &c.samples, "sockets | select local, remote, pid, process, rate(bytes_sent) | watch 100ms")
	return c
}

// repeat does something again and again. What fails because of the end, or of other churn, is tried again.
func (c *churn) repeat(ctx context.Context, do func() error) {
	c.workers.Go(func() {
		for ctx.Err() == nil {
			if do() != nil {
				time.Sleep(time.Millisecond)
			}
		}
	})
}

// connect makes a connection that is over at once.
func (c *churn) connect(listener net.Listener) error {
	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		return err
	}
	server, err := listener.Accept()
	if err == nil {
		server.(*net.TCPConn).SetLinger(0) // no TIME_WAIT, of which there may only be so many
		server.Close()
	}
	c.connections.Add(1)
	return errors.Join(err, client.Close())
}

// relink makes links with addresses and routes, and takes them away.
func (c *churn) relink(ctx context.Context) error {
	var batch strings.Builder
	const links, routes = 5, 40
	for i := range links {
		fmt.Fprintf(&batch, "link add churn%d type veth peer name nruhc%d\nlink set churn%d up\n", i, i, i)
		fmt.Fprintf(&batch, "address add 10.99.%d.1/24 dev churn%d\n", i, i)
		for n := range routes {
			fmt.Fprintf(&batch, "route add 10.98.%d.%d/32 dev churn%d\n", i, n, i)
		}
	}
	for i := range links {
		fmt.Fprintf(&batch, "link delete churn%d\n", i)
	}
	cmd := exec.CommandContext(ctx, "ip", "-batch", "-")
	cmd.Stdin = strings.NewReader(batch.String())
	c.links.Add(2 * links)
	return cmd.Run()
}

// listen runs a query that does not end by itself, and counts its lines.
func (c *churn) listen(ctx context.Context, t *testing.T, lines *atomic.Int64, text string) {
	cmd := exec.Command("netql", "--format", "csv", "--no-header", text)
	var errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = countLines{lines}, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c.waiting[text] = cmd.Process.Pid
	c.workers.Go(func() {
		<-ctx.Done()
		cmd.Process.Signal(os.Interrupt)
		killer := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
		defer killer.Stop()
		cmd.Wait()
		if status := cmd.ProcessState.ExitCode(); status != interrupted || strings.Contains(errs.String(), "panic") {
			t.Errorf("%s: status %d\n%.2000s", text, status, errs.String())
		}
	})
}

type countLines struct{ n *atomic.Int64 }

func (c countLines) Write(b []byte) (int, error) {
	c.n.Add(int64(bytes.Count(b, []byte("\n"))))
	return len(b), nil
}

func (c *churn) age() time.Duration { return time.Since(c.began) }

func (c *churn) stop() {
	c.cancel()
	c.workers.Wait()
}

func (c *churn) String() string {
	return fmt.Sprintf("%.1f s, %d connections, %d processes, %d links with 8 routes each, %d namespaces, %d events, "+
		"%d rows of samples", c.age().Seconds(), c.connections.Load(), c.processes.Load(), c.links.Load(),
		c.namespaces.Load(), c.events.Load(), c.samples.Load())
}
