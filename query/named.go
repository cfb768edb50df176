package query

// named are the columns of the plan's table that the query's text names, wherever that is, and not only shows by
// default: also those that no later stage reads, so that `select table | count` counts the rows of `select table`. A
// joined table's are set beside it (joinOp.named).
func (p *Plan) named() Set {
	wanted, chosen := Set{}, p.Schema().Chosen && p.Schema().After != "drop"
	for _, c := range p.Schema().Visible() {
		if chosen || !p.defaults()[c.Name] {
			wanted.add(c.Name)
		}
	}
	wanted.add(p.watch.columns()...)
	for i := len(p.operators) - 1; i >= 0; i-- {
		if project, ok := p.operators[i].(*projectOp); ok {
			wanted.add(project.named...)
		}
		wanted = p.operators[i].needs(wanted)
		if j, ok := p.operators[i].(*joinOp); ok {
			j.named = j.wanted
		}
	}
	return wanted
}

// named are those of the columns about which the table is told (Spec.Named). Answers of hosts are told about all.
func (t *Table) named(columns Set) Set {
	if t.answers != nil {
		return columns
	}
	told := Set{}
	for _, name := range t.Named {
		if columns[name] {
			told.add(name)
		}
	}
	return told
}

// defaults are the columns that are shown without being named, of the plan's table and of those that are joined.
func (p *Plan) defaults() Set {
	shown := Set{}.add(p.schemaBefore(0).Shown...)
	for _, op := range p.operators {
		if j, ok := op.(*joinOp); ok {
			shown.add(j.output.Shown...)
		}
	}
	return shown
}

// tested are the columns about which conditions of filters behind the operator at first are, in the names of what this
// operator reads, as in pushedConditions.
func (p *Plan) tested(first int) Set {
	columns := Set{}
	for i, op := range p.operators {
		f, ok := op.(*filterOp)
		if !ok || i < first {
			continue
		}
		for _, name := range f.condition.Columns {
			if column, ok := p.inputColumn(first, i, name); ok {
				columns.add(column)
			}
		}
	}
	return columns
}

// ofRight are those of these columns of the result that come from the right table, by their names there.
func (j *joinOp) ofRight(columns Set) Set {
	right := Set{}
	for name := range columns {
		if o := j.origins[name]; o.right {
			right.add(o.column)
		}
	}
	return right
}
