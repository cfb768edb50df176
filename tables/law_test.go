package tables_test

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
	"netql/sources/lab"
	"netql/tables"
)

var (
	lowerSnake = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	sentence   = regexp.MustCompile(`^[A-Z][^\n]*[^\s.]\.$`)
)

// TestDeclarations is the law that every table obeys on paper.
func TestDeclarations(t *testing.T) {
	catalog := tables.Catalog(sources.Live())
	names := map[string]bool{}
	for _, table := range catalog.Tables {
		if names[table.Name] || !lowerSnake.MatchString(table.Name) {
			t.Errorf("table %q: taken, or not lower_snake", table.Name)
		}
		names[table.Name] = true
		checkDoc(t, table.Name, table.Doc)
		columns := map[string]bool{}
		for _, c := range table.Columns {
			what := table.Name + "." + c.Name
			if columns[c.Name] || !lowerSnake.MatchString(c.Name) {
				t.Errorf("%s: taken, or not lower_snake", what)
			}
			columns[c.Name] = true
			checkDoc(t, what, c.Doc)
			checkType(t, what, c.Type)
			if c.Unit != schema.None && !c.Type.Numeric() {
				t.Errorf("%s is %s and has unit %s", what, c.Type, c.Unit)
			}
		}
		if len(table.Shown) == 0 || len(table.Key) == 0 || len(table.Examples) == 0 {
			t.Errorf("%s: shown %v, key %v, examples %v", table.Name, table.Shown, table.Key, table.Examples)
		}
		for _, name := range slices.Concat(table.Shown, table.Key) {
			if !columns[name] {
				t.Errorf("%s: its lists name %q, which is no column", table.Name, name)
			}
		}
		for _, c := range table.Columns {
			if slices.Contains(table.Key, c.Name) && c.Change != schema.Steady {
				t.Errorf("%s: is identified by %q, which moves", table.Name, c.Name)
			}
		}
		if len(slices.Compact(slices.Sorted(slices.Values(table.Shown)))) != len(table.Shown) {
			t.Errorf("%s: shown twice: %v", table.Name, table.Shown)
		}
	}
}

func checkDoc(t *testing.T, what, doc string) {
	t.Helper()
	if !sentence.MatchString(doc) {
		t.Errorf("%s: not a sentence: %q", what, doc)
	}
}

// checkType: a type has what its kind needs, and all words of a vocabulary can be typed in a query.
func checkType(t *testing.T, what string, typ schema.Type) {
	t.Helper()
	switch typ.Kind {
	case schema.Any:
		t.Errorf("%s: any type", what)
	case schema.Enum, schema.Flags:
		seen := map[string]string{}
		for _, word := range typ.Words.Words() {
			for _, spelling := range append([]string{word.Name}, word.Aliases...) {
				key := strings.ToUpper(spelling)
				if seen[key] != "" && seen[key] != word.Name {
					t.Errorf("%s: %s is %s and %s", what, spelling, word.Name, seen[key])
				}
				seen[key] = word.Name
				if found, ok := typ.Words.Find(spelling); !ok || found != word.Name {
					t.Errorf("%s: %s is understood as %q", what, spelling, found)
				}
			}
		}
		if len(seen) == 0 {
			t.Errorf("%s: no words", what)
		}
	case schema.List:
		checkType(t, what, *typ.Elem)
	case schema.Object:
		for _, f := range typ.Fields {
			checkType(t, what+"."+f.Name, f.Type)
		}
	}
}

// TestChangedColumns: what the lists of changes.go name is there.
func TestChangedColumns(t *testing.T) {
	catalog := tables.Catalog(sources.Live())
	for how, lists := range map[schema.Change]map[string]string{schema.Counter: tables.Counters, schema.Gauge: tables.Gauges} {
		for name, columns := range lists {
			table, ok := catalog.Table(name)
			if !ok {
				t.Errorf("no table %s", name)
				continue
			}
			for column := range strings.FieldsSeq(columns) {
				i := slices.IndexFunc(table.Columns, func(c *schema.Column) bool { return c.Name == column })
				if i < 0 || table.Columns[i].Change != how {
					t.Errorf("%s.%s is not there, or in both lists", name, column)
				}
			}
		}
	}
}

// counting are the units of counters and queues. A column in one of them, or a duration, is a setting only where settings
// says so: else somebody forgot to say how it changes, which diff and rate() must know.
var counting = []schema.Unit{schema.Bytes, schema.BitsPerSecond, schema.Packets, schema.Segments, schema.Connections, schema.Times}

// settings, columns as TABLE.COLUMN, are limits, settings and what is agreed on when a connection begins.
var settings = map[string]bool{
	"sockets.accept_backlog": true, "sockets.mss": true, "sockets.advmss": true, "sockets.pmtu": true, "sockets.max_pacing_rate": true,
	"unix_sockets.accept_backlog": true, "packet_sockets.rx_ring": true, "packet_sockets.tx_ring": true, "multicast_groups.users": true,
	"routes.mtu": true, "routes.advmss": true, "routes.rtt": true, "routes.rttvar": true, "routes.rto_min": true, "routes.window": true,
	"routes.ssthresh": true, "routes.cwnd": true, "routes.initcwnd": true, "routes.initrwnd": true, "routes.reordering": true,
	"interfaces.mtu": true, "interfaces.min_mtu": true, "interfaces.max_mtu": true, "interfaces.promiscuity": true,
	"interfaces.allmulti": true, "interfaces.txqlen": true, "interfaces.gso_max_size": true, "interfaces.gso_max_segs": true,
	"interfaces.tso_max_size": true, "interfaces.gro_max_size": true, "interfaces.speed": true, "interfaces.rx_ring": true,
	"interfaces.rx_ring_max": true, "interfaces.tx_ring": true, "interfaces.tx_ring_max": true, "memory.low": true, "memory.pressure": true,
	"memory.limit": true, "memory.receive_buffer": true, "memory.receive_buffer_max": true, "memory.send_buffer": true,
	"memory.send_buffer_max": true, "memory.object_size": true, "memory.max_header": true,
}

// TestChanges: every column that looks as if it counts something says how it changes.
func TestChanges(t *testing.T) {
	for _, table := range tables.Catalog(sources.Live()).Tables {
		for _, c := range table.Columns {
			name := table.Name + "." + c.Name
			counts := slices.Contains(counting, c.Unit) || c.Type.Kind == schema.Duration || c.Type.Kind == schema.Float || c.Alarm
			if counts && c.Change == schema.Steady && !settings[name] {
				t.Errorf("%s is neither marked as a counter or a gauge nor listed as steady", name)
			}
			if settings[name] && c.Change != schema.Steady {
				t.Errorf("%s is steady and is not", name)
			}
		}
	}
}

// TestRows is the law that the rows of every table obey: values have their column's type, and keys tell rows apart.
func TestRows(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populate(t)
		for _, table := range tables.Catalog(sources.Live()).Tables {
			text := table.Name + " | select *"
			if table.Name == "sockets" {
				text = everySocket
			}
			a := ask(t, sources.Live(), text)
			filled, keys := map[string]bool{}, map[string]bool{}
			for _, r := range a.rows {
				for _, c := range a.columns {
					if !fits(c.Type, r[c.Name]) {
						t.Errorf("%s.%s: %#v is not of type %s", table.Name, c.Name, r[c.Name], c.Type)
					}
					filled[c.Name] = filled[c.Name] || r[c.Name] != nil
				}
				key := lines([]row{pick(r, table.Key...)})[0]
				if keys[key] {
					t.Errorf("%s: two rows with key %s", table.Name, key)
				}
				keys[key] = true
			}
			for _, c := range a.columns {
				if !filled[c.Name] && !rare[table.Name+"."+c.Name] {
					t.Errorf("%s.%s is NULL in all %d rows", table.Name, c.Name, len(a.rows))
				}
			}
		}
	})
}

// goTypes are the Go types that the comments of schema.Kind promise.
var goTypes = map[schema.Kind]func(any) bool{
	schema.Bool: is[bool], schema.Int: is[int], schema.Float: is[float64], schema.Port: is[int], schema.Text: is[string],
	schema.Enum: is[string], schema.Flags: is[[]string], schema.Address: is[netip.Addr], schema.Prefix: is[netip.Prefix],
	schema.Endpoint: is[netip.AddrPort], schema.MAC: is[schema.HardwareAddr], schema.Duration: is[time.Duration],
	schema.Time: is[time.Time], schema.List: is[[]any], schema.Object: is[schema.Record],
}

func is[T any](value any) bool {
	_, ok := value.(T)
	return ok
}

// fits says whether a value is of its type, and sound.
func fits(typ schema.Type, value any) bool {
	if value == nil {
		return true
	}
	if !goTypes[typ.Kind](value) {
		return false
	}
	word := func(name string) bool {
		found, ok := typ.Words.Find(name)
		return ok && found == name
	}
	switch v := value.(type) {
	case int:
		return typ.Kind != schema.Port || v > 0 && v < 1<<16
	case string:
		return typ.Kind != schema.Enum || word(v) || typ.Words.Open()
	case []string:
		return !slices.ContainsFunc(v, func(name string) bool { return !word(name) })
	case netip.Addr:
		return v.IsValid() && !v.Is4In6()
	case netip.AddrPort:
		return v.IsValid() && !v.Addr().Is4In6()
	case netip.Prefix:
		return v.IsValid()
	case time.Duration:
		return v >= 0
	case []any: // where there is nothing the list is NULL
		return len(v) > 0 && !slices.ContainsFunc(v, func(e any) bool { return e == nil || !fits(*typ.Elem, e) })
	case schema.Record:
		return len(v.Fields) == len(typ.Fields) && len(v.Values) == len(typ.Fields) &&
			!slices.ContainsFunc(typ.Fields, func(f schema.Field) bool { return !fits(f.Type, v.Field(f.Name)) })
	}
	return true
}

// TestExamples: every example of every table is a query of that table that runs, without an error, and without a warning
// but about the machine's processes.
func TestExamples(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populate(t)
		catalog := tables.Catalog(sources.Live())
		for _, table := range catalog.Tables {
			for _, example := range table.Examples {
				plan, err := query.Compile(example, catalog)
				if err != nil {
					t.Errorf("%s: %v", example, err)
					continue
				}
				if plan.Table() != table {
					t.Errorf("an example of %s asks %s: %s", table.Name, plan.Table().Name, example)
				}
				mine(t, example)
			}
		}
	})
}
