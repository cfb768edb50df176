package asker

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"netql/query"
	"netql/shell/fleet/agent"
	"netql/shell/fleet/fleettest"
	"netql/shell/remote"
	"netql/shell/remote/frame"
)

// withoutRows reaches hosts whose rows are slow to come: what they count is known before.
type withoutRows struct{ remote.Transport }

func (w withoutRows) Ask(
	ctx context.Context, ask frame.Ask, hosts []int, to remote.Receiver,
) (remote.Exchange, error) {
	return w.Transport.Ask(ctx, ask, hosts, rowless{to})
}

type rowless struct{ remote.Receiver }

func (r rowless) Frame(host int, f frame.Frame) {
	if f.Kind != frame.KindRows {
		r.Receiver.Frame(host, f)
	}
}

// TestTooManyRows: a sort of more rows of hosts than fit is refused when agents have counted them. What an agent does
// not send, because its answers have a limit, is not counted.
func TestTooManyRows(t *testing.T) {
	const things, memory = 200_000, 16 << 20
	h := fleettest.NewHub(t)
	agents := func(limit int, names ...string) {
		for _, name := range names {
			h.Agent(h.Add("add-host", name), &fleettest.Machine{Things: things},
				func(c *agent.Config) { c.Limits.Rows, c.Limits.Time = limit, time.Hour })
		}
	}
	agents(1_000_000, "web1", "web2")
	agents(10_000, "db1", "db2")
	creds := h.Add("add-user", "alice")
	run := func(slow bool, names ...string) (rows int, err error) {
		f := openFleet(t, h, creds, names...)
		if slow {
			f.Transport = withoutRows{f.Transport}
		}
		hosts := remote.New(f.Names, f.Transport, remote.Options{Timeout: patience})
		defer hosts.Close()
		plan, err := query.CompileCut("things | sort n desc", hosts.Catalog(fleettest.Catalog()).Limited(memory),
			&fleettest.Machine{}, hosts.Ask)
		if err != nil {
			t.Fatal(err)
		}
		for _, err = range plan.Rows(t.Context()) {
			if err == nil {
				rows++
			}
		}
		return rows, err
	}
	rows, err := run(true, "web1", "web2")
	if _, ok := errors.AsType[*query.TooManyRowsError](err); !ok || rows > 0 || !strings.Contains(err.Error(), "web") {
		t.Errorf("%d rows, %v", rows, err)
	}
	if rows, err := run(false, "db1", "db2"); rows != 20_000 || err != nil {
		t.Errorf("%d rows, %v", rows, err)
	}
}
