package fleettest

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"iter"
	"time"

	"netql/query"
	"netql/shell/fleet/agent"
	"netql/shell/remote/answer"
	"netql/shell/remote/frame"
)

// A Machine is what an agent in a test answers about: tables things and others, each with so many rows.
type Machine struct {
	Things int
	Text   int             // bytes of text in each row, of which none can be guessed from others
	Wait   <-chan struct{} // what a scan waits for; nil for nothing
	Began  chan<- struct{} // has an element for each scan that begins; nil for nobody who wants that
}

// Port implements query.State.
func (*Machine) Port(string) (int, bool) { return 0, false }

// thing is a row: its number, one of five kinds, and text.
type thing struct {
	n    int
	kind string
	text string
}

// text is so many bytes of base64, which deflate packs by a quarter and no more.
func text(length int) string {
	random := make([]byte, length*3/4)
	rand.Read(random) // it never fails
	return base64.StdEncoding.EncodeToString(random)
}

// Catalog is the catalogue of all machines.
func Catalog() *query.Catalog {
	return query.NewCatalog([]query.Declaration{{Name: "things", Table: table}, {Name: "others", Table: table}})
}

func table() *query.Table {
	return query.Define(query.Spec[thing]{
		Doc: "Made-up things.", Shown: []string{"n", "kind"}, Key: []string{"n"},
		Columns: []query.Column[thing]{
			query.Col("n", "Its number.", func(x *thing) int { return x.n }),
			query.Col("kind", "Its kind.", func(x *thing) string { return x.kind }),
			query.Col("cmdline", "Its secret.", func(x *thing) string { return fmt.Sprint("secret", x.n) }),
			query.Col("text", "Its text.", func(x *thing) string { return x.text }),
		},
		Scan: func(r query.Request) query.Scan[thing] { return scan{r.State.(*Machine)} },
	})
}

type scan struct{ of *Machine }

func (scan) String() string { return "made up" }

// Rows are all things, after what the machine waits for.
func (s scan) Rows(ctx context.Context) iter.Seq2[*thing, error] {
	return func(yield func(*thing, error) bool) {
		if s.of.Began != nil {
			s.of.Began <- struct{}{}
		}
		if s.of.Wait != nil {
			select {
			case <-s.of.Wait:
			case <-ctx.Done():
				yield(nil, context.Cause(ctx))
				return
			}
		}
		for n := range s.of.Things {
			if ctx.Err() != nil {
				yield(nil, context.Cause(ctx))
				return
			}
			if !yield(&thing{n, fmt.Sprint("kind", n%5), text(s.of.Text)}, nil) {
				return
			}
		}
	}
}

// Host answers about the machine.
func (m *Machine) Host() answer.Host {
	catalog := Catalog()
	return answer.Host{
		Hello: func() frame.Hello { return frame.Hello{Proto: frame.Proto, Time: time.Now()} },
		Open: func(*frame.Ask) (answer.Target, error) {
			return answer.Target{Catalog: catalog, State: func() query.State { return m }}, nil
		},
	}
}

// Agent starts an agent of the machine with the credentials of a file, until the test ends.
func (h *Hub) Agent(path string, m *Machine, change func(*agent.Config)) *agent.Agent {
	h.t.Helper()
	config := agent.Config{Credentials: h.Credentials(path), Servers: []string{h.Server}, Host: m.Host(),
		Limits: agent.DefaultLimits(), Log: h.Log}
	if change != nil {
		change(&config)
	}
	a, err := agent.Start(config)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		a.Stop(ctx)
	})
	return a
}
