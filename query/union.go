package query

import (
	"context"
	"slices"
	"sync"
	"unsafe"

	"netql/query/schema"
)

// A Union makes tables that have the rows of several systems, its members: the network namespaces of a machine, or
// machines.
type Union struct {
	Name    string // what explain calls the members: "every network namespace"
	Scope   Scope  // what a member is: a table whose rows are the same in a wider scope is none of the members'
	Columns []MemberColumn
	// Members lists the members each time a table is read, because they come and go. The state is the query's. The
	// error is why none could be found; where there may only be more, it warns.
	Members func(ctx context.Context, state State, warn func(string)) ([]Member, error)
}

// A Member is a system that is asked. It is used by one goroutine at a time.
type Member struct {
	Name  string                  // which its warnings begin with
	Value func(column string) any // the value of a MemberColumn
	Open  func() (State, error)   // what its scans share; nil if the member has gone. An error costs a warning,
	// unless no member can be read
}

// A MemberColumn is a column with a value for each member, such as netns. Tables that have a column of that name keep
// their own.
type MemberColumn struct {
	schema.Column // without Get
	// Identifies says that it tells any two members apart: it is part of each key, shown first, and the same in tables
	// that have their own.
	Identifies bool
}

// Catalog is the catalogue of the union. Its tables are made of those of one state when they are named.
func (u *Union) Catalog(one *Catalog) *Catalog {
	declarations := make([]Declaration, len(one.tables))
	for i := range one.tables {
		table := &one.tables[i]
		declarations[i] = Declaration{table.Name, func() *Table { return u.Table(table.make()) }, table.Synonyms}
	}
	united := NewCatalog(declarations, one.Functions...)
	united.Named, united.Interval, united.Memory = one.Named, one.Interval, one.Memory
	return united
}

// Table makes a table with the rows of all members, in the order of the members. A table that is the same for all of
// them stays what it is.
func (u *Union) Table(t *Table) *Table {
	if t.Scope > u.Scope {
		return t
	}
	united := &Table{Name: t.Name, Doc: t.Doc, Examples: t.Examples, Shown: t.Shown, Spare: t.Spare, Quiet: t.Quiet,
		EventsShown: t.EventsShown, EventsSpare: t.EventsSpare, Key: t.Key, Scope: t.Scope, Derived: t.Derived,
		Waits: t.Waits, AskedBy: t.AskedBy, Named: t.Named, size: memberRowSize(t), block: t.block}
	added, known := Set{}, Set{}
	for _, c := range u.Columns {
		if _, ok := t.schema().Column(c.Name); !ok {
			added.add(c.Name)
			known.add(c.Name)
			united.Columns = append(united.Columns, c.ofMember())
		}
		if c.Identifies {
			united.member = c.Name
			known.add(c.Name)
			united.Shown = prepend(c.Name, united.Shown)
			if len(united.EventsShown) > 0 {
				united.EventsShown = prepend(c.Name, united.EventsShown)
			}
			united.Key = prepend(c.Name, united.Key)
		}
	}
	for _, original := range t.Columns {
		united.Columns = append(united.Columns, memberRowColumn(original))
	}
	if t.chosen != nil {
		united.showChosen(t.chosen)
	}
	scan := func(request Request, how func(Request) source) *unionScan {
		s := &unionScan{union: u, table: t, request: request.withoutColumns(added), where: request.Where,
			memberColumns: known, member: united.member}
		s.text = how(s.request).String()
		return s
	}
	united.own = func(_ State, row schema.Row) bool {
		of, ok := row.(*memberRow)
		return ok && t.own(of.stream.state, of.row)
	}
	united.accompanies = func(row schema.Row) bool {
		of, ok := row.(*memberRow)
		return ok && t.accompanies(of.row)
	}
	united.scan = func(request Request) source {
		s := scan(request, t.scan)
		tells := func(column string) bool { return column == united.member && column != "" }
		return source{Stringer: s, rows: s.rows, members: &members{tells, func() Set { return s.lacking }}}
	}
	if t.follow != nil {
		united.follow = func(request Request) source {
			s := scan(request, t.follow)
			return source{Stringer: s, rows: s.events}
		}
	}
	return united
}

// ofMember is the column of a table that has none of that name.
func (c MemberColumn) ofMember() *schema.Column {
	column := c.Column
	column.Value = schema.Boxing(func(r schema.Row) any { return r.(*memberRow).stream.member.Value(c.Name) })
	return &column
}

// memberRowColumn makes a column of memberRows out of one of the table's own. It holds the member's lock while it
// reads, unless the member is read in turn.
func memberRowColumn(c *schema.Column) *schema.Column {
	column := c.Within(func(r schema.Row) schema.Row { return r.(*memberRow).row })
	value := column.Value
	column.Value = func(r schema.Row) schema.Scalar {
		of := r.(*memberRow).stream
		if of.inTurn {
			return value(r)
		}
		of.lock.Lock()
		defer of.lock.Unlock()
		return value(r)
	}
	return column
}

// withoutColumns is the request to a table that lacks some columns.
func (r Request) withoutColumns(columns Set) Request {
	wanted := Set{}
	for name := range r.Columns {
		if !columns[name] {
			wanted.add(name)
		}
	}
	r.Columns = wanted
	r.Where = r.Where.MapColumns(func(column string) (string, bool) { return column, !columns[column] })
	return r
}

// prepend is a list with a name at the front, and there only.
func prepend(name string, names []string) []string {
	return append([]string{name}, slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == name })...)
}

// unionScan reads one table of all members.
type unionScan struct {
	union         *Union
	table         *Table    // of one member
	text          string    // how each member will read, for explain
	request       Request   // of each member
	where         Predicate // with the columns that tell members apart
	memberColumns Set       // the columns whose values the member alone decides
	member        string    // of these, the one that tells members apart; "" for none
	lacking       Set       // the members that were not read to their end when the rows were read last
}

func (s *unionScan) String() string { return s.text + "; in " + s.union.Name }

// memberRow is a row and the stream of the member that it comes from.
type memberRow struct {
	stream *stream
	row    schema.Row
}

// memberRowSize is the size of memberRows of rows of the table.
func memberRowSize(t *Table) func(schema.Row) int {
	return func(row schema.Row) int {
		of := row.(*memberRow)
		return int(unsafe.Sizeof(*of)) + t.size(of.row)
	}
}

// parallelMembers is how many members are read at the same time, and parallelWaiting how many where reading is mostly
// waiting (Spec.Waits).
const (
	parallelMembers = 4
	parallelWaiting = 64
)

func (s *unionScan) parallel() int {
	if s.table.Waits {
		return parallelWaiting
	}
	return parallelMembers
}

// rows streams the rows of one member after the other, and reads the next ones meanwhile. Where no member could be
// read there is an error, because an empty answer must not pass for a complete one.
func (s *unionScan) rows(ctx context.Context) Rows {
	return func(yield func(schema.Row, error) bool) {
		members, alone, err := s.wanted(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		s.lacking = Set{}
		failures := &memberFailures{warn: s.request.Warn, alone: alone, lost: s.lost}
		read := s.readParallel
		if len(members) == 1 {
			read = s.readOnly
		}
		if !read(ctx, members, failures, yield) {
			return
		}
		if err := failures.end(); err != nil {
			yield(nil, err)
		}
	}
}

// readOnly reads the only member, and says whether the consumer wants more.
func (s *unionScan) readOnly(
	ctx context.Context, members []Member, failures *memberFailures, yield func(schema.Row, error) bool,
) bool {
	return (&stream{member: members[0], inTurn: true}).readInTurn(ctx, s, failures, yield)
}

// readParallel reads one member after the other, and the next ones meanwhile; it says whether the consumer wants more.
func (s *unionScan) readParallel(
	ctx context.Context, members []Member, failures *memberFailures, yield func(schema.Row, error) bool,
) bool {
	streams := make([]*stream, len(members))
	var readers sync.WaitGroup
	defer readers.Wait()
	stop := make(chan struct{})
	defer close(stop)
	started := 0
	for i := range members {
		for ; started < min(i+s.parallel(), len(members)); started++ {
			next := &stream{member: members[started], batches: make(chan batch), stop: stop}
			streams[started] = next
			readers.Go(func() { next.read(ctx, s) })
		}
		if !streams[i].deliver(ctx, s, failures, yield) {
			return false
		}
		streams[i] = nil
	}
	return true
}

// lost notes a member that was not read to its end.
func (s *unionScan) lost(m Member) {
	if name, ok := m.Value(s.member).(string); ok && s.member != "" {
		s.lacking.add(name)
	}
}

// wanted are the members that may have rows that the query wants; alone says that there is one member in all.
func (s *unionScan) wanted(ctx context.Context) (members []Member, alone bool, err error) {
	all, err := s.union.Members(ctx, s.request.State, s.request.Warn)
	alone = len(all) == 1
	return slices.DeleteFunc(all, func(m Member) bool {
		return !s.where.May(func(column string) (any, bool) {
			if !s.memberColumns[column] {
				return nil, false
			}
			return m.Value(column), true
		})
	}), alone, err
}
