package query

import (
	"context"
	"slices"

	"netql/query/schema"
	"netql/query/syntax"
)

// projectOp is select, extend and drop: other columns over the same rows. Nothing is computed until a column is read.
type projectOp struct {
	text   string
	output schema.Schema
	items  []item
	kept   Set      // the columns of the input that are handed on under their own name
	named  []string // the columns of the output that the stage's text names
}

func (p *projectOp) String() string                          { return p.text }
func (p *projectOp) schema() schema.Schema                   { return p.output }
func (p *projectOp) rows(_ context.Context, input Rows) Rows { return input }
func (p *projectOp) needs(wanted Set) Set                    { return itemNeeds(p.items, p.kept, wanted) }
func (p *projectOp) inputColumn(column string) (origin string, ok bool) {
	return itemInputColumn(p.items, p.kept, column)
}

func (p *projectOp) combines() bool { return false }

// use: a computed column keeps its value of the last row (memoize), by which it knows that row again.
func (p *projectOp) use() use {
	for _, it := range p.items {
		if _, ok := it.expression.Column(); !ok {
			return keeps
		}
	}
	return passes
}

// columnItems are the items of stages whose items are columns; star says that * is one.
func columnItems(star bool) syntax.ItemList {
	const example = "local, again = total_retrans / segs_out"
	return syntax.ItemList{What: "a column or an expression", Example: example, Star: star}
}

// selectStage keeps only the listed columns.
type selectStage struct{ items []syntax.Item }

func parseSelect(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	items, err := p.Items(columnItems(true))
	return &selectStage{items}, err
}

func (s *selectStage) String() string { return "select " + syntax.List(s.items) }

func (s *selectStage) compile(c *compiler) error {
	input := c.plan.Schema()
	items, stars, err := c.items(s.items)
	if err != nil {
		return err
	}
	p := &projectOp{text: s.String(), items: items, kept: Set{}}
	var columns []*schema.Column
	for i, syntaxItem := range s.items {
		if syntaxItem.Star {
			columns = append(columns, input.Columns...)
			p.kept.add(input.Names()...)
			continue
		}
		columns = append(columns, items[i-stars[i]].column)
	}
	for _, it := range items {
		delete(p.kept, it.column.Name)
	}
	p.output = schemaOf(input, "select", lastOfEach(columns))
	p.named = p.output.Names()
	return c.add(p)
}

// lastOfEach leaves out a column that a later one of the same name replaces.
func lastOfEach(columns []*schema.Column) []*schema.Column {
	var kept []*schema.Column
	for i, column := range columns {
		replaced := slices.ContainsFunc(columns[i+1:],
			func(later *schema.Column) bool { return later.Name == column.Name })
		if !replaced {
			kept = append(kept, column)
		}
	}
	return kept
}

// schemaOf is the schema after a stage that leaves only its own columns.
func schemaOf(input schema.Schema, stage string, columns []*schema.Column) schema.Schema {
	output := schema.Schema{Source: input.Source, Columns: columns, Identity: input.Identity, After: stage,
		Chosen: true}
	output.Shown = output.Names()
	return output
}

// extendStage adds columns.
type extendStage struct{ items []syntax.Item }

func parseExtend(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	items, err := p.Items(columnItems(false))
	return &extendStage{items}, err
}

func (s *extendStage) String() string { return "extend " + syntax.List(s.items) }

func (s *extendStage) compile(c *compiler) error {
	input := c.plan.Schema()
	items, _, err := c.items(s.items)
	if err != nil {
		return err
	}
	p := &projectOp{text: s.String(), items: items, kept: Set{}.add(input.Names()...)}
	columns, shown := slices.Clone(input.Columns), slices.Clone(input.Shown)
	for _, it := range items {
		name := it.column.Name
		p.named = append(p.named, name)
		delete(p.kept, name)
		if i := slices.IndexFunc(columns, func(old *schema.Column) bool { return old.Name == name }); i >= 0 {
			columns[i] = it.column
		} else {
			columns = append(columns, it.column)
		}
		if !slices.Contains(shown, name) {
			shown = append(shown, name)
		}
	}
	p.output = input
	p.output.Columns, p.output.Shown = columns, shown
	return c.add(p)
}

// dropStage removes columns.
type dropStage struct{ columns []syntax.Identifier }

func parseDrop(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	columns, err := syntax.Listed(p, func(p *syntax.Parser) (syntax.Identifier, *syntax.Error) {
		return p.Name("a column", "drop pid, process", syntax.ExpectColumn{})
	})
	return &dropStage{columns}, err
}

func (s *dropStage) String() string { return "drop " + syntax.List(s.columns) }

func (s *dropStage) compile(c *compiler) error {
	input := c.plan.Schema()
	dropped := Set{}
	for _, name := range s.columns {
		column, err := c.column(name)
		if err != nil {
			return err
		}
		dropped.add(column.Name)
	}
	output := input
	output.After, output.Chosen = "drop", true
	output.Columns = slices.DeleteFunc(slices.Clone(input.Columns),
		func(c *schema.Column) bool { return dropped[c.Name] })
	output.Shown = slices.DeleteFunc(slices.Clone(input.Shown), func(name string) bool { return dropped[name] })
	if len(output.Shown) == 0 {
		return syntax.Errorf(c.at, "nothing would be left to show").WithHint("choose columns with select")
	}
	return c.add(&projectOp{text: s.String(), output: output, kept: Set{}.add(output.Names()...)})
}
