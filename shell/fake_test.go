package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"sync/atomic"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
	"netql/sources/vfs/vfstest"
	"netql/tables"
)

// record is a row of all fake tables.
type record struct {
	n    int
	text string
}

// fakeScan reads a fake table.
type fakeScan func(ctx context.Context, yield func(*record, error) bool)

func (fakeScan) String() string { return "made up" }

func (scan fakeScan) Rows(ctx context.Context) iter.Seq2[*record, error] {
	return func(yield func(*record, error) bool) { scan(ctx, yield) }
}

// fakeTable is a table of numbers and texts.
func fakeTable(name string, scan func(query.Request) fakeScan) query.Declaration {
	return declare(name, query.Spec[record]{
		Doc: "Rows for tests.",
		Columns: []query.Column[record]{
			query.Col("n", "", func(r *record) int { return r.n }),
			query.Col("size", "", func(r *record) int { return r.n << 20 }).In(schema.Bytes),
			query.NonZero("text", "", func(r *record) string { return r.text }),
		},
		Shown: []string{"n", "size", "text"},
		Key:   []string{"n"},
		Scan:  func(r query.Request) query.Scan[record] { return scan(r) },
	})
}

// declare declares a table.
func declare(name string, spec query.Spec[record]) query.Declaration {
	return query.Declaration{Name: name, Table: func() *query.Table { return query.Define(spec) }}
}

// fakeState is of a machine without files.
func fakeState() *tables.QueryState { return tables.Ask(&sources.System{Files: vfstest.Files{}}) }

// moving is a table whose rows differ from scan to scan: 1 always changes, 2 is there every other time, 3 stays.
func moving() func(query.Request) fakeScan {
	scans := 0
	return func(query.Request) fakeScan {
		return func(_ context.Context, yield func(*record, error) bool) {
			scans++
			rows := []*record{{n: 1, text: fmt.Sprintf("scan %d", scans)}, {n: 3, text: "still"}}
			if scans%2 == 0 {
				rows = append(rows, &record{n: 2, text: "blinks"})
			}
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

// slowToCome is a table whose rows are slow to come, so that hosts have counted them before: the first scan in a
// process waits in the midst of them for the end of its query, and others do not.
func slowToCome() func(query.Request) fakeScan {
	var scans atomic.Int32
	return func(query.Request) fakeScan {
		return func(ctx context.Context, yield func(*record, error) bool) {
			const some, all = 150_000, 1_000_000_000
			if scans.Add(1) > 1 {
				count(all, 0, nil)(ctx, yield)
				return
			}
			more := true
			count(some, 0, nil)(ctx, func(r *record, err error) bool {
				more = err == nil && yield(r, err)
				return more
			})
			if more {
				<-ctx.Done()
				yield(nil, ctx.Err())
			}
		}
	}
}

// happening is a table of which there are events.
func happening() query.Declaration {
	return declare("happening", query.Spec[record]{
		Doc: "Rows that come and go.", Shown: []string{"n", "text"}, Key: []string{"n"},
		Columns: []query.Column[record]{
			query.Col("n", "", func(r *record) int { return r.n }),
			query.Col("text", "", func(r *record) string { return r.text }),
		},
		Scan:   func(query.Request) query.Scan[record] { return count(3, 0, nil) },
		Follow: func(query.Request) query.Follow[record] { return events{} },
	})
}

// silent is a table of which there are no events for a long time.
func silent() query.Declaration {
	return declare("silent", query.Spec[record]{
		Doc: "Rows that nothing happens to.", Shown: []string{"n"}, Key: []string{"n"},
		Columns: []query.Column[record]{query.Col("n", "", func(r *record) int { return r.n })},
		Scan:    func(query.Request) query.Scan[record] { return count(3, 0, nil) },
		Follow:  func(query.Request) query.Follow[record] { return silence{} },
	})
}

// silence begins with an event, and has no more.
type silence struct{}

func (silence) String() string { return "made up" }

func (silence) Events(ctx context.Context) iter.Seq2[query.Event[record], error] {
	return func(yield func(query.Event[record], error) bool) {
		if yield(query.Event[record]{Time: time.Now(), Kind: "new", Row: &record{n: 1}}, nil) {
			<-ctx.Done()
			yield(query.Event[record]{}, ctx.Err())
		}
	}
}

// events never end.
type events struct{}

func (events) String() string { return "made up" }

func (events) Events(ctx context.Context) iter.Seq2[query.Event[record], error] {
	return func(yield func(query.Event[record], error) bool) {
		for n := 1; ; n++ {
			if !yield(query.Event[record]{Time: time.Now(), Kind: "gone", Row: &record{n, "evil \x1b[2J"}}, nil) {
				return
			}
			select {
			case <-ctx.Done():
				yield(query.Event[record]{}, ctx.Err())
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
}

// fakeCatalog has a table for each way in which a query can go.
func fakeCatalog() *query.Catalog {
	return query.NewCatalog([]query.Declaration{
		fakeTable("numbers", func(query.Request) fakeScan { return count(5, 0, nil) }),
		fakeTable("many", func(query.Request) fakeScan { return count(1_000_000_000, 0, nil) }),
		fakeTable("slow", func(query.Request) fakeScan { return count(1_000_000_000, 10*time.Millisecond, nil) }),
		fakeTable("hundred", func(query.Request) fakeScan { return count(100, 0, nil) }),
		fakeTable("trickle", func(query.Request) fakeScan { return count(12, 100*time.Millisecond, nil) }),
		fakeTable("late", func(query.Request) fakeScan { return count(4, 100*time.Millisecond, nil) }),
		fakeTable("moving", moving()),
		fakeTable("counted", slowToCome()),
		happening(),
		silent(),
		fakeTable("announced", func(query.Request) fakeScan {
			return func(ctx context.Context, yield func(*record, error) bool) {
				fmt.Fprintln(os.Stderr, "reading")
				count(1_000_000_000, 10*time.Millisecond, nil)(ctx, yield)
			}
		}),
		fakeTable("broken", func(query.Request) fakeScan {
			return count(2, 0, errors.New("the dump was cut short\x1b[2J"))
		}),
		fakeTable("hostile", func(query.Request) fakeScan {
			return texts("\x1b[31mred\x1b[0m", "two\nlines", "\u202etxt.exe", "\x9b2J\xff", "tab\there", `quote"`)
		}),
		fakeTable("guarded", func(r query.Request) fakeScan {
			return func(_ context.Context, yield func(*record, error) bool) {
				r.Warn("no permission to read \x1b[1mowners\x1b[0m")
				r.Warn("no permission to read \x1b[1mowners\x1b[0m")
				yield(&record{n: 1}, nil)
			}
		}),
		faulty(),
		fakeEvents(),
	})
}

// faulty is a table with a bug: to read a value panics.
func faulty() query.Declaration {
	return declare("faulty", query.Spec[record]{
		Doc: "Rows with a bug.", Shown: []string{"n"}, Key: []string{"n"},
		Columns: []query.Column[record]{query.Col("n", "", func(*record) int { panic("a bug") })},
		Scan:    func(query.Request) query.Scan[record] { return count(3, 0, nil) },
	})
}

// fakeFollow are two events, between which some are lost.
type fakeFollow struct{ warn func(string) }

func (fakeFollow) String() string { return "made up" }

func (f fakeFollow) Events(context.Context) iter.Seq2[query.Event[record], error] {
	return func(yield func(query.Event[record], error) bool) {
		if !yield(query.Event[record]{Kind: "new", Row: &record{n: 1}}, nil) {
			return
		}
		f.warn("some were lost")
		yield(query.Event[record]{Kind: "gone", Row: &record{n: 2}}, nil)
	}
}

// fakeEvents is a table that can be followed.
func fakeEvents() query.Declaration {
	return declare("happenings", query.Spec[record]{
		Doc: "Rows for tests.", Shown: []string{"n"}, Key: []string{"n"},
		Columns: []query.Column[record]{query.Col("n", "", func(r *record) int { return r.n })},
		Scan:    func(query.Request) query.Scan[record] { return count(2, 0, nil) },
		Follow:  func(r query.Request) query.Follow[record] { return fakeFollow{r.Warn} },
	})
}

// count yields the numbers from 1 and pauses before each but the first, then ends with the error if there is one.
func count(to int, pause time.Duration, err error) fakeScan {
	return func(ctx context.Context, yield func(*record, error) bool) {
		for n := 1; n <= to; n++ {
			if n > 1 && pause > 0 {
				select {
				case <-ctx.Done():
				case <-time.After(pause):
				}
			}
			if ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
			if !yield(&record{n: n}, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

func texts(all ...string) fakeScan {
	return func(_ context.Context, yield func(*record, error) bool) {
		for i, text := range all {
			if !yield(&record{n: i + 1, text: text}, nil) {
				return
			}
		}
	}
}

// hurried is the variable by which fakeql waits for the values of a column no longer than netql does.
const hurried = "NETQL_TEST_HURRIED"

// fakeMain is Main over the fake tables.
func fakeMain(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s := newSession(stdin, stdout, stderr)
	s.tables, s.state = fakeCatalog(), fakeState
	s.catalog = s.tables
	if os.Getenv(hurried) == "" { // a busy machine needs longer than a person wants to wait
		s.tabPatience = patience
	}
	return s.main(args[1:])
}
