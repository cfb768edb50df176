package shell

import (
	"bufio"
	"context"
	"errors"
	"io"

	"netql/query"
	"netql/query/schema"
	"netql/shell/netstat"
	"netql/shell/render"
	"netql/shell/watch"
)

// display is a query of netstat's, and how a manual lays its rows out.
type display struct {
	plan   *query.Plan
	layout netstat.Layout
}

// showDisplays writes the displays: as the manual has them for people, as any other answer for machines.
func (p *printer) showDisplays(ctx context.Context, displays []display, warn func(string)) error {
	options := p.rendering(displays[0].plan)
	note := func(text string) { p.complain("note", "%s", text) }
	interval := displays[0].plan.Watch()
	format, err := options.Chosen()
	switch {
	case err != nil:
		return err
	case format.Aligned:
		paper := &paper{printer: p, out: bufio.NewWriter(p.out), header: !p.options.noHeader}
		if interval == nil {
			return paper.sheet(ctx, displays)
		}
		return watch.Repeat(ctx, interval.Interval, note,
			func() (bool, error) { return false, paper.sheet(ctx, displays) })
	}
	if interval != nil {
		plans := make([]*query.Plan, len(displays))
		for i, d := range displays {
			plans[i] = d.plan
		}
		return watch.Append(ctx, p.out, plans, options, warn, note)
	}
	return p.writeDisplays(ctx, displays, options)
}

// writeDisplays writes one answer after the other; in JSON all of them are one array.
func (p *printer) writeDisplays(ctx context.Context, displays []display, options render.Options) error {
	var all []render.Answer
	for _, d := range displays {
		rows := p.belowInterrupt(ctx, d.plan.Rows(ctx), p.noProgress())
		all = append(all, render.Answer{Columns: d.plan.Schema().Visible(), Rows: rows})
	}
	return render.WriteAll(ctx, p.out, all, options)
}

// paper is where the displays are written as a manual lays them out.
type paper struct {
	printer *printer
	out     *bufio.Writer
	header  bool // titles and headings are wanted
	samples int  // how many are there
}

// sheet writes one sample of all displays.
func (p *paper) sheet(ctx context.Context, displays []display) error {
	for _, d := range displays {
		if err := p.display(ctx, d); err != nil {
			_ = p.out.Flush()
			return writing(err)
		}
	}
	p.samples++
	if err := p.out.Flush(); err != nil {
		return &render.WriteError{Err: err}
	}
	return nil
}

func (p *paper) display(ctx context.Context, d display) error {
	columns := map[string]*schema.Column{}
	for _, c := range d.plan.Schema().Visible() {
		columns[c.Name] = c
	}
	due := p.header && (d.layout.Every == 0 || p.samples%d.layout.Every == 0)
	if due && !d.layout.Needs() {
		if err := p.lines(d.layout.Title, d.layout.Heading()); err != nil {
			return err
		}
	}
	var rows []netstat.Row
	line := p.printer.startProgress(d.plan)
	defer line.stop()
	for record, err := range p.printer.belowInterrupt(ctx, d.plan.Rows(ctx), line) {
		line.stop()
		if err != nil {
			return errors.Join(p.lines(p.summary(d, rows)), err)
		}
		row := func(name string) any {
			if c := columns[name]; c != nil {
				return c.Get(record)
			}
			return nil
		}
		if d.layout.Together() {
			rows = append(rows, row)
			continue
		}
		if due && d.layout.Needs() {
			due = false
			if err := p.lines(nil, d.layout.Above(row), d.layout.Heading()); err != nil {
				return err
			}
		}
		if err := p.lines(d.layout.Lines(row)); err != nil {
			return err
		}
	}
	return p.lines(p.summary(d, rows))
}

// summary is what can be said only when all rows are known.
func (p *paper) summary(d display, rows []netstat.Row) []string {
	if !d.layout.Together() {
		return nil
	}
	return d.layout.Summary(rows)
}

// lines writes lines; one more that is empty means none.
func (p *paper) lines(lines []string, more ...string) error {
	for _, line := range lines {
		if err := p.line(line); err != nil {
			return err
		}
	}
	for _, line := range more {
		if line == "" {
			continue
		}
		if err := p.line(line); err != nil {
			return err
		}
	}
	return nil
}

func (p *paper) line(text string) error {
	if _, err := io.WriteString(p.out, text+"\n"); err != nil {
		return &render.WriteError{Err: err}
	}
	return nil
}

// writing is the part of an error that says that writing failed, if that is in it, because nothing else matters then.
func writing(err error) error {
	var failure *render.WriteError
	if errors.As(err, &failure) {
		return failure
	}
	return err
}
