package tables_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"

	"netql/query"
	"netql/sources"
	"netql/sources/inetdiag"
	"netql/sources/lab"
	"netql/tables"
)

// TestCancelled: a cancelled context ends a scan at once, wherever it is, with the context's error; and nobody who
// stops early leaves a file or a goroutine behind.
func TestCancelled(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		const many = 3000
		for range many {
			lab.Datagram(t, lab.UDP, "127.0.0.1:0", "")
		}
		run := func(text string, stop func(n int, cancel func()) bool) (rows int, last error) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			plan, err := query.Compile(text, tables.Catalog(), tables.Ask(sources.Live()))
			if err != nil {
				t.Fatal(err)
			}
			for row, err := range plan.Rows(ctx) {
				if last = err; err != nil {
					break
				}
				plan.Schema().Visible()[0].Get(row)
				if rows++; stop(rows, cancel) {
					break
				}
			}
			if warnings := plan.Warnings(); len(warnings) > 0 {
				t.Errorf("%s: warnings %q", text, warnings)
			}
			return rows, last
		}
		cancelAt := func(at int) func(int, func()) bool {
			return func(n int, cancel func()) bool {
				if n == at {
					cancel()
				}
				return false
			}
		}
		breakAt := func(at int) func(int, func()) bool { return func(n int, _ func()) bool { return n == at } }

		run("sockets", breakAt(10)) // whatever the runtime opens only once
		files, goroutines := openFiles(t), runtime.NumGoroutine()
		if rows, err := run("sockets", cancelAt(-1)); rows != many || err != nil {
			t.Errorf("%d rows, %v", rows, err)
		}
		for _, text := range []string{"sockets", "sockets | select pid", "sockets proto == udp | select *",
			"sockets | extend x = lport"} {
			for _, at := range []int{1, 10, 2000} {
				if rows, err := run(text, cancelAt(at)); rows != at || !errors.Is(err, context.Canceled) {
					t.Errorf("%s: cancelled at row %d, ended at %d with %v", text, at, rows, err)
				}
				if rows, err := run(text, breakAt(at)); rows != at || err != nil {
					t.Errorf("%s: broken off at row %d, ended at %d with %v", text, at, rows, err)
				}
			}
		}
		lab.Await(t, "no more files than before", func() bool { return openFiles(t) <= files })
		lab.Await(t, "no more goroutines than before", func() bool { return runtime.NumGoroutine() <= goroutines })
	})
}

// TestCancelledBefore: nothing is read of any table.
func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, text := range []string{"sockets", "sockets | sort lport", "sockets | count by state",
		"sockets | select owners", "sockets proto == raw", "tables", "columns"} {
		for name, system := range map[string]*sources.System{"live": sources.Live(),
			"files": fakeKernel{failures: absent}.system(files(procNetFiles), fakeFinder{})} {
			a, err := run(ctx, system, query.Compile, text)
			if err != nil || !errors.Is(a.err, context.Canceled) || len(a.rows) > 0 || len(a.warnings) > 0 {
				t.Errorf("%s, %s: %d rows, ends with %v, %v, warnings %q", name, text, len(a.rows), a.err, err,
					a.warnings)
			}
		}
	}
}

// TestCancelledInFiles: a long file of /proc/net is not read to its end.
func TestCancelledInFiles(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	system := fakeKernel{failures: absent}.system(
		files(map[string]string{"raw": strings.Repeat(procNetFiles["raw"], 1000)}), fakeFinder{})
	plan, err := query.Compile("sockets | select lport", tables.Catalog(), tables.Ask(system))
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	var last error
	for _, last = range plan.Rows(ctx) {
		rows++
		cancel()
	}
	if rows != 2 || !errors.Is(last, context.Canceled) {
		t.Errorf("%d items, the last is %v", rows, last)
	}
}

// TestCancelledWhileLooking: who cancels while owners are looked for is not told that they are unknown.
func TestCancelledWhileLooking(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	listener := fakeSocket{state: inetdiag.Listen, local: "[::1]:80", inode: 7}
	kernel := fakeKernel{sockets: map[int][]fakeSocket{inetdiag.TCP: {listener, listener}}}
	a, err := run(ctx, kernel.system(files(nil), fakeFinder{looking: cancel, err: context.Canceled}), query.Compile,
		"sockets | select pid, local")
	if err != nil || !errors.Is(a.err, context.Canceled) || len(a.warnings) > 0 {
		t.Errorf("ends with %v, %v, warnings %q", a.err, err, a.warnings)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
