package query

import (
	"context"
	"iter"
	"strings"

	"netql/query/schema"
	"netql/query/stop"
	"netql/query/syntax"
)

// A query over many hosts is cut in two. Each host does the first part by itself, which is a query like any other, and
// what the hosts answer becomes the rows of a table that the second part, the merging one, reads. A Union of the hosts
// says what the answer is; the cut says how to have it with few rows on the way.

// Cut tells how a plan was cut.
type Cut struct {
	Locals []*Local // what hosts are asked; two and more where tables of different hosts are joined
	Merge  string   // canonical text: what is done with the answers, which are tables of the names of Locals
}

// A Local is a query that every host answers by itself.
type Local struct {
	Name string // of the table of answers in Merge; nobody types it by accident
	// Text is canonical: named queries are expanded, services resolved. It ends with watch (without until) where the
	// whole query watches, and has follow where that follows.
	Text    string
	Columns []*schema.Column // what comes back, in this order; Value is unset
	Hosts   []int            // the places among Columns of those that are the host's name, which the asker knows itself
	Whole   bool             // the rows of a host count only if its answer is complete
	Cut     *Cut             // of which it is one
	// Lacking are the names of hosts whose rows are not all there, of the sample that was asked for last. The Ask sets
	// it before its rows have ended.
	Lacking Set
	Kept    *Kept // what of each row the merging part keeps; nil where it may keep nothing of some

	keeper *stop.Keeper // of what is held back
	run    *stop.Flag
	made   map[string]string // what is computed in columns that only the cut has made, by their names
}

// Names are the names of the columns that come back.
func (l *Local) Names() []string { return names(l.Columns) }

// Typed is what a person has typed for a column that comes back: its name, unless hosts compute it for the merging
// part.
func (l *Local) Typed(column string) string {
	if text, made := l.made[column]; made {
		return text
	}
	return column
}

// Hold counts bytes of answers that are held back until they are whole, and below zero those that are no longer. Its
// error is that the query keeps more in memory than it may.
func (l *Local) Hold(bytes int) error {
	l.keeper.Keep(bytes)
	return l.run.Cause()
}

// An Ask gives the answers of all hosts to a local query: a sample each time that it is called, host after host, in the
// order of the list of hosts, each row as the values of Local.Columns. The slice of a row is the Ask's again once yield
// returns; values stay valid. warn is told of hosts that did not answer, or not completely. The error is the last item:
// that no host answered, or that the context ended. Where the context ends, of a query that is asked once, the rows
// that had come by then are given, and it is no error if a host has answered. Events, of a Local that follows, come as
// they happen.
//
// A plan calls it from one goroutine, for one Local after the other: once for each tick of a watch, and twice where
// samples are compared here.
type Ask func(ctx context.Context, local *Local, warn func(message string)) iter.Seq2[[]schema.Scalar, error]

// asking is what a plan knows of the query that it asks hosts.
type asking struct {
	whole *Plan // the query as it was typed, over the union, which is never run
	cut   *Cut
}

// whole is the plan of the query that was typed.
func (p *Plan) whole() *Plan {
	if p.asking == nil {
		return p
	}
	return p.asking.whole
}

// Cut tells how the plan was cut; nil for one that asks no host.
func (p *Plan) Cut() *Cut {
	if p.asking == nil {
		return nil
	}
	return p.asking.cut
}

// CompileCut compiles a query over the catalogue of a Union of hosts, and cuts it. The plan is the merging one, but
// what it tells of itself is that of the query as it was typed. A query about netql itself asks no host. Functions
// that look names up, such as host(), use the state, which is the asker's.
func CompileCut(text string, catalog *Catalog, state State, ask Ask) (*Plan, error) {
	whole, err := compileAsked(text, catalog, state)
	if err != nil {
		return nil, withLine(text, err, catalog, state)
	}
	x := &cutter{catalog: catalog, state: state, ask: ask, watch: whole.watch}
	merging, err := x.query(whole.withoutServices(), false)
	if err != nil {
		return nil, whole.syntax.Located(err)
	}
	if len(x.answers) == 0 {
		whole.bindScans(true)
		whole.hosts = true
		return whole, nil
	}
	p, err := compileQuery(merging, x.merged(), state)
	if err != nil {
		return nil, err
	}
	p.follow, p.hosts = whole.follow, true
	p.bindScans(true)
	p.asking = &asking{whole: whole, cut: &Cut{Merge: merging.String()}}
	for _, a := range x.answers {
		a.finish(p)
		a.local.Cut = p.asking.cut
		p.asking.cut.Locals = append(p.asking.cut.Locals, &a.local)
	}
	return p, nil
}

// withoutServices is the query with numbers in the place of the names of services, which hosts need not know.
func (p *Plan) withoutServices() *syntax.Query {
	return syntax.Replacing(func(n syntax.Expression) syntax.Expression {
		if port, ok := p.ports[n]; ok {
			return syntax.WholeNumber(port)
		}
		return nil
	}).Query(p.syntax)
}

// foundPort notes that a part of an expression names a service.
func (p *Plan) foundPort(service syntax.Expression, port int) {
	if p.ports == nil {
		p.ports = map[syntax.Expression]int{}
	}
	p.ports[service] = port
}

// lines are those of explain for what hosts are asked, and what is done with their answers.
func (a *asking) lines() []string {
	if a == nil {
		return nil
	}
	return a.cut.lines()
}

// String tells both parts of the query.
func (c *Cut) String() string { return strings.Join(c.lines(), "\n") }

func (c *Cut) lines() (lines []string) {
	for _, local := range c.Locals {
		lines = append(lines, "each host answers: "+local.Text, "  with "+syntax.List(local.identifiers()))
	}
	return append(lines, "their answers are put together: "+c.Merge)
}

// identifiers are the names of the columns as a query spells them.
func (l *Local) identifiers() (list []syntax.Identifier) {
	for _, name := range l.Names() {
		list = append(list, Language.Identifier(name))
	}
	return list
}
