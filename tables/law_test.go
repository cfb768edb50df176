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
	catalog := tables.Catalog()
	names := map[string]bool{}
	for _, table := range catalog.Tables() {
		if names[table.Name] || !lowerSnake.MatchString(table.Name) {
			t.Errorf("table %q: taken, or not lower_snake", table.Name)
		}
		names[table.Name] = true
		checkDoc(t, table.Name, table.Doc)
		if table.Follows() {
			checkDoc(t, table.Name+", its events", table.Events)
		}
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
		for field, list := range map[string][]string{
			"Shown": table.Shown, "Key": table.Key, "Examples": table.Examples,
		} {
			if len(list) == 0 {
				t.Errorf("the declaration of %s lacks %s", table.Name, field)
			}
		}
		for _, name := range slices.Concat(table.Shown, table.Key, table.EventsShown) {
			if !columns[name] {
				t.Errorf("%s: its lists name %q, which is no column", table.Name, name)
			}
		}
		checkLists(t, table)
		if len(slices.Compact(slices.Sorted(slices.Values(table.Shown)))) != len(table.Shown) {
			t.Errorf("%s: shown twice: %v", table.Name, table.Shown)
		}
	}
}

// checkLists: what a narrow window goes without, and what is shown only where it says something, is shown otherwise,
// and there is the column that shows another's value.
func checkLists(t *testing.T, table *query.Table) {
	t.Helper()
	for _, name := range slices.Concat(table.Spare, table.Quiet) {
		if !slices.Contains(table.Shown, name) {
			t.Errorf("%s: Spare or Quiet has %s, which is not shown", table.Name, name)
		}
	}
	for _, name := range table.EventsSpare {
		if !slices.Contains(table.EventsShown, name) && name != "event" {
			t.Errorf("%s: EventsSpare has %s, which is not shown", table.Name, name)
		}
	}
	for _, c := range table.Columns {
		whole := func(other *schema.Column) bool { return other.Name == c.PartOf }
		if c.PartOf != "" && !slices.ContainsFunc(table.Columns, whole) {
			t.Errorf("%s.%s is part of %s, which is no column", table.Name, c.Name, c.PartOf)
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

// TestRows is the law that the rows of every table obey: values have their column's type, and keys tell rows apart.
func TestRows(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populate(t)
		for _, table := range tables.Catalog().Listing() {
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
					t.Errorf("%s.%s is NULL in all %d rows: give it one in populations, or list it in rare "+
						"(tables/population_test.go)", table.Name, c.Name, len(a.rows))
				}
			}
		}
	})
}

// goTypes are the Go types that the comments of schema.Kind promise.
var goTypes = map[schema.Kind]func(any) bool{
	schema.Bool: is[bool], schema.Int: is[int], schema.Float: is[float64], schema.Port: is[int],
	schema.Text: is[string],
	schema.Enum: is[string], schema.Flags: is[[]string], schema.Address: is[netip.Addr],
	schema.Prefix:   is[netip.Prefix],
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

// TestExamples: every example of every table is a query of that table that runs, without an error, and without a
// warning but about the machine's processes.
func TestExamples(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populate(t)
		catalog := tables.Catalog()
		for _, table := range catalog.Tables() {
			for _, example := range table.Examples {
				plan, err := query.Compile(example, catalog, tables.Ask(sources.Live()))
				if err != nil {
					t.Errorf("%s: %v", example, err)
					continue
				}
				if plan.Table() != table {
					t.Errorf("an example of %s asks %s: %s", table.Name, plan.Table().Name, example)
				}
				live(t, example)
			}
		}
	})
}

// settings are numbers of packets and the like that somebody has set, or that are the same for good. Others change by
// themselves.
var settings = map[string][]string{
	"sockets":        {"accept_backlog", "mss", "advmss", "pmtu", "max_pacing_rate"},
	"unix_sockets":   {"accept_backlog"},
	"packet_sockets": {"rx_ring", "tx_ring"},
	"interfaces": {"mtu", "min_mtu", "max_mtu", "promiscuity", "allmulti", "txqlen", "gso_max_size", "gso_max_segs",
		"tso_max_size", "gro_max_size", "speed", "rx_ring", "rx_ring_max", "tx_ring", "tx_ring_max"},
	"routes": {"mtu", "advmss", "window", "ssthresh", "cwnd", "initcwnd", "initrwnd", "reordering", "rtt",
		"rttvar", "rto_min"},
	"route_to": {"mtu", "advmss", "window", "ssthresh", "cwnd", "initcwnd", "initrwnd", "reordering", "rtt",
		"rttvar", "rto_min"},
	"multicast_groups": {"users"},
	"memory": {"low", "pressure", "limit", "receive_buffer", "receive_buffer_max", "send_buffer", "send_buffer_max",
		"object_size", "max_header"},
}

// TestChanges: what is counted or measured in a unit says how it changes, and so do times; only numbers are counters.
func TestChanges(t *testing.T) {
	for _, table := range tables.Catalog().Tables() {
		for _, c := range table.Columns {
			number := c.Type.Kind == schema.Int || c.Type.Kind == schema.Duration
			measured := number && (c.Unit != schema.None && c.Unit != schema.Bits || c.Type.Kind == schema.Duration ||
				c.Alarm)
			set := slices.Contains(settings[table.Name], c.Name)
			if measured && (c.Change == schema.Static) != set {
				t.Errorf("%s.%s, a number of %s, is %v", table.Name, c.Name, c.Unit, c.Change)
			}
			if c.Change == schema.Counter && !number {
				t.Errorf("%s.%s is a counter of type %s", table.Name, c.Name, c.Type)
			}
			if c.Change != schema.Static && slices.Contains(table.Key, c.Name) {
				t.Errorf("%s.%s changes, and is part of the key", table.Name, c.Name)
			}
		}
	}
}
