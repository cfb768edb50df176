package query

import (
	"slices"

	"netql/query/syntax"
)

// finish says what hosts are asked, when it is known what the merging plan reads of their answers.
func (a *answers) finish(merging *Plan) {
	for i, c := range a.local.Columns {
		if a.plan.isHost(c.Name) {
			a.local.Hosts = append(a.local.Hosts, i)
		}
	}
	a.local.Whole = a.joined || a.cutter.watch != nil || merging.combines() || a.plan.combines()
	a.local.Kept, a.local.run = a.kept(merging), &merging.stop
	a.local.keeper = merging.stop.Keeper("answers of hosts that are not whole yet")
	stages := slices.Clone(a.query.Stages)
	if naming := a.naming(); naming != nil {
		stages = append(stages, stageOf(naming))
	}
	if w := a.cutter.watch; w != nil {
		stages = append(stages, stageOf(&watchStage{interval: w.Interval}))
	}
	a.local.Text = a.query.With(a.query.Table, stages).String()
}

// combines says whether a row of the answer is made of several, so that it is wrong where some are missing.
func (p *Plan) combines() bool { return slices.ContainsFunc(p.operators, operator.combines) }

// maxNaming bounds the columns that a text for hosts lists, which is a service to its readers.
const maxNaming = 100

// naming is a stage behind the local query that names what the merging part reads, so that the text tells what comes
// back. It names nothing that the merging part does not name: a table may have rows for those alone that name a column
// (Spec.Named). Where that reads other columns, too, as those that are shown without being named, the stage names only
// the columns of which a table has to be told; nil where there are none.
func (a *answers) naming() syntax.Node {
	all := a.local.Names()
	unnamed := func(name string) bool { return !a.request.Named[name] }
	if len(all) <= maxNaming && !slices.ContainsFunc(all, unnamed) {
		if slices.Equal(all, names(a.plan.Schema().Visible())) {
			return nil
		}
		return &selectStage{columnItemsOf(all)}
	}
	named := a.plan.named()
	var items []syntax.Item
	for _, name := range all {
		if unnamed(name) || !a.plan.toldOf(name, named) {
			continue
		}
		items = append(items, syntax.Item{Name: identifier(name), Expression: Language.Word(name)})
	}
	if items == nil {
		return nil
	}
	return &extendStage{items}
}

// toldOf says whether a column of the answer is one of a table that has to be told that a query names it, and is not
// among those that the plan names of its own table.
func (p *Plan) toldOf(column string, named Set) bool {
	table, name := p.origin(column)
	return table != nil && slices.Contains(table.Named, name) && (table != p.table || !named[name])
}

// origin is the table and the column there that a column of the answer is; nil where it is computed.
func (p *Plan) origin(column string) (table *Table, name string) {
	for i := len(p.operators) - 1; i >= 0; i-- {
		switch op := p.operators[i].(type) {
		case interface{ sameColumns() }:
		case *joinOp:
			o, ok := op.origins[column]
			if column = o.column; !ok || o.right {
				return op.table, column
			}
		default:
			var ok bool
			if column, ok = op.inputColumn(column); !ok {
				return nil, ""
			}
		}
	}
	return p.table, column
}

// isHost says whether a column of the answer is the one that tells the members of a union apart.
func (p *Plan) isHost(column string) bool {
	table, name := p.origin(column)
	return table == p.table && name == table.member && name != ""
}

// columnItemsOf are items that are nothing but columns.
func columnItemsOf(names []string) (items []syntax.Item) {
	for _, name := range names {
		items = append(items, syntax.Item{Expression: Language.Word(name)})
	}
	return items
}
