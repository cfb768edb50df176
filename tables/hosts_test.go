package tables

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"netql/query"
)

// TestHostsRemember: each address is looked up once; one without a name, and one that is no address of a host, stay
// numbers.
func TestHostsRemember(t *testing.T) {
	var lock sync.Mutex
	asked := map[netip.Addr]int{}
	h := newHosts(func(_ context.Context, a netip.Addr) string {
		lock.Lock()
		defer lock.Unlock()
		asked[a]++
		return map[string]string{"192.0.2.1": "one.example", "fe80::1%eth0": "link.example"}[a.String()]
	})
	for range 3 {
		for address, want := range map[string]string{
			"192.0.2.1": "one.example", "192.0.2.2": "192.0.2.2", "fe80::1%eth0": "link.example", "0.0.0.0": "0.0.0.0",
			"::": "::",
		} {
			if got := h.name(t.Context(), netip.MustParseAddr(address)); got != want {
				t.Errorf("%s is %s, want %s", address, got, want)
			}
		}
	}
	for addr, times := range asked {
		if times != 1 {
			t.Errorf("%s was looked up %d times", addr, times)
		}
	}
	if len(asked) != 3 {
		t.Errorf("looked up: %v", asked)
	}
}

// addressOf is an address for each number.
func addressOf(n int) netip.Addr { return netip.AddrFrom4([4]byte{192, 0, byte(n >> 8), byte(n)}) }

// TestHostsTogether: addresses that were begun are looked up at the same time, so many of them and no more.
func TestHostsTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		running, most := 0, 0
		var lock sync.Mutex
		count := func(step int) {
			lock.Lock()
			defer lock.Unlock()
			running += step
			most = max(most, running)
		}
		h := newHosts(func(_ context.Context, a netip.Addr) string {
			count(1)
			defer count(-1)
			time.Sleep(100 * time.Millisecond)
			return "host-" + a.String()
		})
		start := time.Now()
		for n := range 512 {
			h.begin(addressOf(n))
		}
		for n := range 512 {
			if got := h.name(t.Context(), addressOf(n)); got != "host-"+addressOf(n).String() {
				t.Errorf("%d: %s", n, got)
			}
		}
		if took := time.Since(start); took != 800*time.Millisecond || most != lookupsAtOnce {
			t.Errorf("it took %v, %d at a time", took, most)
		}
	})
}

// TestHostsBudget: a query waits two seconds in all, however many addresses nobody answers for, and what it begins
// ends.
func TestHostsBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHosts(func(ctx context.Context, a netip.Addr) string {
			if a == addressOf(0) {
				time.Sleep(time.Second)
				return "slow.example"
			}
			<-ctx.Done()
			return ""
		})
		start := time.Now()
		var names []string
		for n := range 5 {
			names = append(names, h.name(t.Context(), addressOf(n)))
		}
		if took := time.Since(start); took != lookupBudget {
			t.Errorf("it took %v", took)
		}
		if got, want := strings.Join(names, " "), "slow.example 192.0.0.1 192.0.0.2 192.0.0.3 192.0.0.4"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

// TestHostsEndWithTheQuery: a query that waits for a name ends when its context does.
func TestHostsEndWithTheQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		system := someSystem(manyServices(3))
		system.Names = func(ctx context.Context, _ netip.Addr) string {
			<-ctx.Done()
			return ""
		}
		for _, text := range []string{"services | sort host(port == 0 ? ::1 : 192.0.2.1)",
			"services | select host(::1)"} {
			plan, err := query.Compile(text, Catalog(), Ask(system))
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), lookupBudget/4)
			start := time.Now()
			var last error
			for row, err := range plan.Rows(ctx) {
				if last = err; err == nil {
					plan.Schema().Visible()[0].Get(row)
				}
			}
			if took := time.Since(start); took != lookupBudget/4 || last != context.DeadlineExceeded {
				t.Errorf("%s: ended after %v with %v", text, took, last)
			}
			cancel()
			time.Sleep(lookupBudget) // what was begun ends, too
		}
	})
}

// TestLookahead: the names that a query shows are asked for together, those of an expression around them too; the rows
// are the same and in order.
func TestLookahead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lookups := 0
		var lock sync.Mutex
		system := someSystem(manyServices(700))
		system.Names = func(_ context.Context, a netip.Addr) string {
			lock.Lock()
			lookups++
			lock.Unlock()
			time.Sleep(time.Millisecond)
			return "h" + a.String()
		}
		plan, err := query.Compile("services | select port, h = upper(host(port == nil ? ::1 : 192.0.2.1)), p = port",
			Catalog(), Ask(system))
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		for row, err := range plan.Rows(t.Context()) {
			rows++
			columns := plan.Schema().Visible()
			if err != nil || columns[0].Get(row) != rows || columns[1].Get(row) != "H192.0.2.1" {
				t.Fatalf("row %d: %v %v, %v", rows, columns[0].Get(row), columns[1].Get(row), err)
			}
		}
		if rows != 700 || lookups != 1 {
			t.Errorf("%d rows, %d lookups", rows, lookups)
		}
	})
}

func manyServices(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "s%d %d/tcp\n", i+1, i+1)
	}
	return b.String()
}
