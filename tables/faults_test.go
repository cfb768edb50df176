package tables_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/sources"
	"netql/sources/capture"
	"netql/sources/lab"
	"netql/tables"
)

// errnos are what system calls fail with when a machine is out of something, forbids it, or what was there has gone.
var errnos = []unix.Errno{
	unix.EINTR, unix.EAGAIN, unix.ENOBUFS, unix.EPERM, unix.EACCES, unix.ENOENT, unix.ESRCH, unix.EMFILE, unix.ENFILE,
	unix.ENOMEM, unix.EIO,
}

// faultsOf are the faults that a call of an operation can have.
func faultsOf(operation string) (all []fault) {
	for _, errno := range errnos {
		name := unix.ErrnoName(errno)
		all = append(all, fault{name: name, errno: errno})
		lists := operation == "dump" || operation == "readdir" || operation == "open" && errno != unix.ENOENT
		if lists { // what has been opened is there
			all = append(all, fault{name: name + " in the middle", errno: errno, after: true})
		}
	}
	switch operation {
	case "dump":
		all = append(all, fault{name: "NLM_F_DUMP_INTR", intr: true}, fault{name: "a torn message", torn: true})
	case "open":
		all = append(all, fault{name: "a byte at a time", short: true})
	}
	return all
}

// A faultless is what a table answers where nothing goes wrong.
type faultless struct {
	table    *query.Table
	rows     []string
	warnings []string
	steady   func([]row) []string // rows as text, without what differs from one run to the next
	calls    map[string][]call    // that each word makes
}

// steadyColumns are rows without some columns.
func steadyColumns(rows []row, columns map[string]bool) []row {
	kept := make([]row, len(rows))
	for i, r := range rows {
		kept[i] = maps.Clone(r)
		for name := range columns {
			delete(kept[i], name)
		}
	}
	return kept
}

func observe(t *testing.T, system *sources.System, table *query.Table) faultless {
	t.Helper()
	text := table.Name + " | select *"
	first, second := ask(t, system, text), ask(t, system, text)
	moving := map[string]bool{}
	if len(first.rows) == len(second.rows) {
		for i, r := range first.rows {
			for name, value := range r {
				if cell(value) != cell(second.rows[i][name]) {
					moving[name] = true
				}
			}
		}
	}
	steady := func(rows []row) []string { return lines(steadyColumns(rows, moving)) }
	o := faultless{table, steady(first.rows), first.warnings, steady, map[string][]call{}}
	if again := steady(second.rows); !slices.Equal(o.rows, again) {
		t.Fatalf("%s: two answers of a recorded system differ", table.Name)
	}
	for name, do := range words {
		over := inject(system, fault{}, nil)
		if rows, said := do(t, &o, system, over.System()); said || !slices.Equal(rows, o.rows) {
			t.Fatalf("%s, %s: without a fault, the answer differs, or there is a warning", name, table.Name)
		}
		o.calls[name], _ = over.noted()
	}
	return o
}

// A word is what a person does with a table. It gives the rows, and whether something was said about them.
type word func(t *testing.T, o *faultless, system, faulty *sources.System) (rows []string, said bool)

// words are all that read tables.
var words = map[string]word{"select": selected, "record": recordedWith, "diff": diffed}

func (o *faultless) news(a answer) bool {
	return a.err != nil || len(missing(a.warnings, o.warnings)) > 0
}

func selected(t *testing.T, o *faultless, _, faulty *sources.System) (rows []string, said bool) {
	a, err := run(t.Context(), faulty, query.Compile, o.table.Name+" | select *")
	if err != nil {
		t.Fatal(err)
	}
	return o.steady(a.rows), o.news(a)
}

// recordedWith writes a capture over the faulty system and asks that.
func recordedWith(t *testing.T, o *faultless, _, faulty *sources.System) (rows []string, said bool) {
	recorder := capture.NewRecorder(t.Context(), faulty)
	defer recorder.System().Owners.Find(t.Context()) // waits for the walk that goes on beside everything else
	a, err := run(t.Context(), recorder.System(), query.CompileUnhinted, o.table.Name+" | select *")
	if err != nil {
		t.Fatal(err)
	}
	if o.news(a) {
		return nil, true // record says so itself, and what it says is in the capture
	}
	path := filepath.Join(t.TempDir(), "capture")
	if _, err := recorder.Save(t.Context(), path, recorder.Manifest("test", nil)); err != nil {
		t.Fatal(err)
	}
	c, err := capture.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return selected(t, o, nil, c.System())
}

// diffed compares the system with the faulty one: rows that only one side has are told as differences, which must not
// be told without a warning.
func diffed(t *testing.T, o *faultless, system, faulty *sources.System) (rows []string, said bool) {
	c, err := query.CompareTable(o.table.Name, tables.Catalog(), tables.Ask(system), tables.Ask(faulty), true)
	if err != nil {
		t.Fatal(err)
	}
	rows = slices.Clone(o.rows)
	for difference, err := range c.Differences(t.Context()) {
		if err != nil {
			return nil, true
		}
		rows = append(rows, fmt.Sprint(difference))
	}
	old, new := c.Warnings()
	return rows, len(missing(new, old)) > 0
}

// outcome counts how runs ended.
type outcome struct {
	whole, said, excused, silent int
	excuses                      map[int]bool // by their numbers: those that were needed
}

func (o outcome) String() string {
	return fmt.Sprintf("%d faults: %d answers were whole, %d came with a warning or an error, %d were excused, %d "+
		"were silent",
		o.whole+o.said+o.excused+o.silent, o.whole, o.said, o.excused, o.silent)
}

// try lets one call of a table fail, or all calls of an operation, and looks at what a word makes of it.
func (o *faultless) try(
	t *testing.T, system *sources.System, name string, f fault, c call, hits func(call) bool, count *outcome,
) {
	over := inject(system, f, hits)
	rows, said := words[name](t, o, system, over.System())
	excuse := excused(c, f)
	_, hit := over.noted()
	switch {
	case hit == 0:
		t.Errorf("%s, %s: %v does not come", name, o.table.Name, c)
	case said:
		count.said++
	case slices.Equal(rows, o.rows):
		count.whole++
	case excuse >= 0:
		count.excused++
		if count.excuses == nil {
			count.excuses = map[int]bool{}
		}
		count.excuses[excuse] = true
	default:
		count.silent++
		t.Errorf("%s, %s: silent difference: %v fails with %s\nmissing  %s\ntoo many %s", name, o.table.Name, c, f.name,
			strings.Join(some(missing(o.rows, rows)), "\n         "),
			strings.Join(some(missing(rows, o.rows)), "\n         "))
	}
}

// some are the first of a list.
func some(list []string) []string { return list[:min(len(list), 2)] }

// long says that tests shall try all that they can, which takes minutes (.ci/long).
func long() bool { return os.Getenv("NETQL_LONG") != "" }

// class is what a call has in common with others that are treated alike: a number is as good as another one.
func (c call) class() string { return anyNumber.ReplaceAllString(c.String(), "N") }

var anyNumber = regexp.MustCompile(`[0-9]+`)

// sample are the calls that are tried: all, or one of each class. The table of settings reads hundreds of files in the
// same way, of which one is enough.
func (o *faultless) sample(calls []call) (chosen []call) {
	seen := map[string]bool{}
	settings := o.table.Name == "sysctls"
	for _, c := range calls {
		class := c.class()
		if settings {
			class = c.operation
		}
		if long() && !settings || !seen[class] {
			seen[class] = true
			chosen = append(chosen, c)
		}
	}
	return chosen
}

// TestFaults: whatever system call fails below a table, the answer is whole, or there is a warning, or an error.
// Nothing is missing silently.
func TestFaults(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populate(t)
		system := record(t).System() // which answers the same again and again, and live what it has not been asked
		total := outcome{excuses: map[int]bool{}}
		for _, table := range tables.Catalog().Listing() {
			o := observe(t, system, table)
			t.Run(table.Name, func(t *testing.T) {
				var count outcome
				o.tryEach(t, system, &count)
				o.tryAll(t, system, &count)
				t.Log(count)
				total.whole, total.said = total.whole+count.whole, total.said+count.said
				total.excused, total.silent = total.excused+count.excused, total.silent+count.silent
				maps.Copy(total.excuses, count.excuses)
			})
		}
		t.Log(total)
		for i, e := range excuses {
			if long() && !total.excuses[i] {
				t.Errorf("nothing needs the excuse of %s: %s", e.call, e.reason)
			}
		}
	})
}

// tryEach lets each call fail in turn.
func (o *faultless) tryEach(t *testing.T, system *sources.System, count *outcome) {
	n := 0
	for _, name := range slices.Sorted(maps.Keys(words)) {
		for _, c := range o.sample(o.calls[name]) {
			for _, f := range faultsOf(c.operation) {
				if n++; long() || n%gateOneOf() == 0 {
					o.try(t, system, name, f, c, func(other call) bool { return other == c }, count)
				}
			}
		}
	}
}

// gateOneOf is how many faults there are to one that is tried outside of .ci/long. It shares no factor with the number
// of faults of an operation, so that all of them have their turn. With the race detector a fifth of these is tried, as
// the gate tries all of them without it.
func gateOneOf() int {
	if lab.RaceDetector {
		return 29 * 5
	}
	return 29
}

// tryAll lets all calls of an operation fail.
func (o *faultless) tryAll(t *testing.T, system *sources.System, count *outcome) {
	n := 0
	for _, name := range slices.Sorted(maps.Keys(words)) {
		for _, operation := range operations(o.calls[name]) {
			for _, f := range faultsOf(operation) {
				if n++; long() || n%gateOneOf() == 0 {
					c := call{operation, "everything"}
					o.try(t, system, name, f, c, func(other call) bool { return other.operation == operation }, count)
				}
			}
		}
	}
}

func operations(calls []call) (all []string) {
	for _, c := range calls {
		if !slices.Contains(all, c.operation) {
			all = append(all, c.operation)
		}
	}
	return all
}
