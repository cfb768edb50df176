package shell

import (
	"cmp"
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"

	"netql/query"
	"netql/shell/netstat"
)

// netstatName is the word before netstat's flags, and the name of a link to the program that takes them.
const netstatName = "netstat"

// withFlags runs a line of the prompt with the other words of the line. The long flags among them are for this line
// alone.
func (s *session) withFlags(words []string, run func(words []string) int) int {
	o := *s.options
	o.given = nil
	o.capture, o.netns, o.hosts = "", "", "" // ask what the prompt asks, unless the line names something else
	o, words, err := o.with(words)
	if err != nil {
		return s.usageFailure("", err)
	}
	options, target := *s.options, s.target
	*s.options, s.target = o, target.borrowed()
	status := run(words)
	s.closeTarget()
	*s.options, s.target = options, target
	s.releaseAnswer()
	return status
}

// netstat answers what netstat's flags ask for.
func (s *session) netstat(dialect string, words []string) int {
	intro := ""
	if dialect == findsOut && len(words) == 1 && words[0] == "/?" {
		intro = help() + "\n" // it may be meant for netql as well
	}
	command, err := netstat.Parse(words, dialect, s.state().Protocol)
	if err != nil {
		return s.flagsFailure(err)
	}
	switch {
	case command.Help || s.options.help:
		return s.print(intro + netstatUsage(command.Dialect))
	case command.Version:
		return s.print(version())
	}
	if err := s.useNetstatTarget(command); err != nil {
		return s.failure(err)
	}
	return s.answerFlags(command)
}

// answerFlags runs the queries that a line of another program's flags has become.
func (s *session) answerFlags(command *netstat.Command) int {
	if command.Format != "" && !slices.Contains(s.options.given, "format") {
		s.options.format = command.Format
	}
	defer s.releaseAnswer()
	state := s.state() // one for all displays, which share the time that lookups of names may take
	displays := make([]display, len(command.Displays))
	for i, d := range command.Displays {
		plan, err := query.Compile(d.Query, s.catalog, state)
		if err != nil {
			return s.usageFailure(d.Query, err)
		}
		rejected := cmp.Or(
			s.rejectIfLive(plan), s.options.checkExpectOf(plan), s.rejectUndrawn(plan, s.planOptions(plan)))
		if rejected != nil && !s.options.explain {
			return s.usageFailure("", rejected)
		}
		displays[i] = display{d.Name, plan, d.Layout}
	}
	if err := rejectTables(displays, s.renderOptions()); err != nil && !s.options.explain {
		return s.usageFailure("", err)
	}
	for _, note := range command.Notes {
		s.message("note", "%s", note)
	}
	if s.options.explain {
		return s.print(explained(displays))
	}
	return s.untilSignal(func(ctx context.Context) int {
		if status := s.requireInterface(ctx, state, command.Interface); status != done {
			return status
		}
		return s.runDisplays(ctx, displays, command.Samples)
	}, os.Interrupt)
}

// useNetstatTarget makes the capture or the namespace the target that the flags name: those of netstat (-M, -N) or our
// own.
func (s *session) useNetstatTarget(command *netstat.Command) error {
	if command.Capture != "" {
		s.options.capture = command.Capture
	}
	if command.Namespace != "" {
		s.options.netns = command.Namespace
	}
	err := s.useOptions(s.options)
	var usage *usageError
	if errors.As(err, &usage) && command.NamespaceIsWord {
		if _, isTable := s.catalog.Table(command.Namespace); isTable {
			return usagef("netstat's flags name a system here: %v", err).
				withHint("no short flags go with a query: netql %s", command.Namespace)
		}
		usage.hint += "; an interval is a whole number of seconds"
	}
	if err == nil {
		err = s.rejectHosts("netstat")
	}
	return err
}

// explained is the text of --explain: the queries, each with its plan.
func explained(displays []display) string {
	parts := make([]string, len(displays))
	for i, d := range displays {
		parts[i] = visibleLines(d.plan.Query() + "\n\n" + d.plan.Explain() + "\n")
	}
	return strings.Join(parts, "\n")
}

// flagsFailure writes what is wrong with another program's flags, and gives the status.
func (p *printer) flagsFailure(err error) int {
	var inFlags *netstat.Error
	if errors.As(err, &inFlags) {
		err = usagef("%s", inFlags.Message).withHint("%s", inFlags.Hint)
	}
	return p.usageFailure("", err)
}

// dialectOrAll is the dialect as a list of arguments; none for nil, which stands for all dialects.
func dialectOrAll(d *netstat.Dialect) []*netstat.Dialect {
	if d == nil {
		return nil
	}
	return []*netstat.Dialect{d}
}

func netstatUsage(d *netstat.Dialect) string { return netstat.Usage(dialectOrAll(d)...) }

// requireInterface fails with a usage error unless the named interface exists. "" requires none.
func (s *session) requireInterface(ctx context.Context, state query.State, name string) int {
	if name == "" {
		return done
	}
	plan, err := query.Compile("interfaces | sort index | select name", s.catalog, state)
	if err != nil {
		return s.usageFailure("", err)
	}
	column := plan.Schema().Visible()[0]
	var names []string
	for row, err := range plan.Rows(ctx) {
		if err != nil {
			return s.endStatus(ctx, err)
		}
		other, _ := column.Get(row).(string)
		if other == name {
			return done
		}
		names = append(names, other)
	}
	return s.usageFailure("", usagef("there is no interface %s", strconv.Quote(name)).
		withHint("there are %s", strings.Join(names, ", ")))
}

// runDisplays shows the displays once, or again and again where their plans watch, and gives the status. Each warning
// is written once. A watch ends after so many samples, where these are not 0.
func (p *printer) runDisplays(ctx context.Context, displays []display, samples int) int {
	ctx, cancel := p.options.limited(ctx)
	defer cancel()
	ctx, release := p.whileRead(ctx, displays[0].plan)
	defer release()
	defer p.endWhenBlocked(ctx)()
	written := map[string]bool{}
	rows, err := p.showDisplays(ctx, displays, samples, func(warning string) {
		written[warning] = true
		p.message("warning", "%s", warning)
	})
	status := p.endStatus(ctx, err)
	var rest []string
	for _, d := range displays {
		for _, warning := range d.plan.NewWarnings().Lines() {
			if !written[warning] {
				rest = append(rest, warning)
				written[warning] = true
			}
		}
	}
	if p.closed {
		return status
	}
	return p.expected(p.warn(rest, status), rows)
}
