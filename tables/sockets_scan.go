package tables

import (
	"context"
	"iter"
	"maps"
	"strings"

	"netql/query"
	"netql/sources/inetdiag"
)

// socketScan says how the sockets are read: by some dumps, one after the other.
type socketScan struct {
	request query.Request
	dumps   []socketDump
}

// socketDump lists the sockets of one protocol.
type socketDump struct {
	protocol
	families []int // of inet and inet6
	query    inetdiag.Query
	columns  query.Set // the columns that are read, of which a warning says that a file lacks them
}

// allOf is the dump of all sockets of a protocol in some states, without extensions.
func (p protocol) allOf(states inetdiag.StateSet) socketDump {
	return socketDump{p, []int{inet, inet6}, inetdiag.Query{Protocol: p.number, States: states}, nil}
}

// planSockets dumps the protocols, address families and states that the conditions allow, with the extensions that the
// query's columns need, and has the kernel test what it can of the conditions.
func planSockets(request query.Request) query.Scan[socket] {
	scan := socketScan{request: request}
	extensions := inetdiag.Extensions(request.Needs)
	columns := maps.Clone(request.Columns)
	if !request.Named.Has("overflow") { // a query that did not ask for it is not partial without it
		delete(columns, "overflow")
	}
	for _, p := range protocols {
		d := socketDump{protocol: p, columns: columns}
		for _, family := range []int{inet, inet6} {
			if states := wantedStates(p, family, request.Where); states != 0 {
				d.families = append(d.families, family)
				d.query.States |= states
			}
		}
		if len(d.families) == 0 {
			continue
		}
		filter := kernelFilter(d, request.Where)
		if filter.IsNothing() {
			continue
		}
		if p.filters {
			d.query.Filter = filter.Sent()
		}
		d.query.Protocol = p.number
		d.query.Extensions = extensions
		if p.number != inetdiag.TCP {
			d.query.Extensions &^= inetdiag.WantInfo | inetdiag.WantCongestion | inetdiag.WantBBR
		}
		if len(d.families) == 1 {
			d.query.Family = d.families[0]
		}
		scan.dumps = append(scan.dumps, d)
	}
	return scan
}

// wantedStates are the states of a protocol and family that the conditions allow. BOUND_INACTIVE costs the kernel a
// walk of its own, and is wanted only where the conditions name it.
func wantedStates(p protocol, family int, where query.Predicate) inetdiag.StateSet {
	var wanted inetdiag.StateSet
	for state := inetdiag.Established; state <= inetdiag.BoundInactive; state++ {
		name := stateName(p.number, state)
		known := map[string]any{"proto": p.name, "family": familyName(uint8(family)), "state": name}
		if name == "" || !p.states.Has(state) || !mayHold(where, known) {
			continue
		}
		if state == inetdiag.BoundInactive && !where.Mentions("state", "BOUND_INACTIVE") {
			continue
		}
		wanted |= inetdiag.States(state)
	}
	return wanted
}

// String is what explain says: "tcp LISTEN+SYN_SENT; udp inet; the kernel filters tcp, udp by lport == 22".
func (s socketScan) String() string {
	if len(s.dumps) == 0 {
		return "nothing: no socket can satisfy the conditions"
	}
	var texts, filters []string
	filtered := map[string][]string{} // protocols by the filter of their dump
	for _, d := range s.dumps {
		texts = append(texts, d.name+d.chosen())
		if d.query.Filter.IsEverything() {
			continue
		}
		filter := d.query.Filter.String()
		if filtered[filter] == nil {
			filters = append(filters, filter)
		}
		filtered[filter] = append(filtered[filter], d.name)
	}
	for _, filter := range filters {
		texts = append(texts, "the kernel filters "+strings.Join(filtered[filter], ", ")+" by "+filter)
	}
	return strings.Join(texts, "; ") + ownersText(s.request, readsOwners(s.request.Columns))
}

// Constant implements query.Constants: a dump has sockets of one protocol.
func (s socketScan) Constant(column string) (any, bool) {
	if column != "proto" || len(s.dumps) == 0 {
		return nil, false
	}
	for _, d := range s.dumps[1:] {
		if d.name != s.dumps[0].name {
			return nil, false
		}
	}
	return s.dumps[0].name, true
}

// chosen is the family and the states where not all are read.
func (d socketDump) chosen() (text string) {
	if len(d.families) == 1 {
		text += " " + familyName(uint8(d.families[0]))
	}
	var names []string
	complete := true
	for state := inetdiag.Established; state <= inetdiag.BoundInactive; state++ {
		name := stateName(d.number, state)
		if name != "" && d.query.States.Has(state) {
			names = append(names, name)
		} else if name != "" && d.states.Has(state) && state != inetdiag.BoundInactive {
			complete = false
		}
	}
	if complete && !d.query.States.Has(inetdiag.BoundInactive) {
		return text
	}
	return text + " " + strings.Join(names, "+")
}

// Rows lists every socket once. A list that cannot be read is left out with a warning; the others are there.
func (s socketScan) Rows(ctx context.Context) iter.Seq2[*socket, error] {
	return func(yield func(*socket, error) bool) {
		facts := newSocketFacts(newScanState(ctx, s.request))
		failed := failures{warn: facts.warn, files: facts.system.Files, what: "sockets"}
		told := marks{facts: facts, known: !facts.columns["mark"]}
		count := countSockets(facts.system)
		read := readsOwners(s.request.Columns)
		for _, d := range s.dumps {
			d.query.Reuse = s.request.Reuse()
			if count.none(d) {
				failed.read()
				continue
			}
			others := newDistinct(d.protocol)
			for row, err := range withOwners(facts.scanState, read, d.rows(facts, failed.read)) {
				if ctx.Err() != nil {
					yield(nil, ctx.Err())
					return
				}
				if err != nil {
					failed.add(d.name+" sockets", err)
					continue
				}
				failed.read()
				told.look(row)
				if others.add(row) && !yield(row, nil) {
					return
				}
			}
		}
		if err := failed.end(); err != nil {
			yield(nil, err)
		}
	}
}
