package shell

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"netql/query"
	"netql/shell/netstat"
)

// isNetstat says whether the words of the command line are netstat's: its name, or one of its flags.
func isNetstat(words []string) bool {
	if len(words) == 0 {
		return false
	}
	first := words[0]
	return first == netstatName || len(first) > 1 && first[0] == '-' || len(first) == 2 && first[0] == '/'
}

// netstatName is the word before netstat's flags, and the name of a link to the program that takes them.
const netstatName = "netstat"

// calledNetstat says whether the program was started by that name.
func calledNetstat(name string) bool { return filepath.Base(name) == netstatName }

// promptNetstat answers a line of the prompt that starts with netstat.
func (s *session) promptNetstat(words []string) int { return s.withFlags(words, s.netstat) }

// withFlags runs a line of the prompt with the other words of the line. The long flags among them are for this line
// alone.
func (s *session) withFlags(words []string, run func(words []string) int) int {
	o := *s.options
	o.given = nil
	o.capture, o.netns = "", "" // ask what the prompt asks, unless the line names something else
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

// netstat answers what netstat's flags ask for; the word netstat before them may be missing.
func (s *session) netstat(words []string) int {
	s.options.forgetSetFormat()
	intro := ""
	if words[0] == netstatName {
		words = words[1:]
	} else if len(words) == 1 && words[0] == "/?" {
		intro = help() + "\n" // it may be meant for netql as well
	}
	command, err := netstat.Parse(words, s.options.dialect, s.state().Protocol)
	if err != nil {
		return s.flagsFailure(err)
	}
	if command.Help || s.options.help {
		return s.print(intro + netstatUsage(command.Dialect))
	}
	if err := s.useNetstatTarget(command); err != nil {
		return s.failure(err)
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
		displays[i] = display{plan, d.Layout}
	}
	if s.options.explain {
		return s.print(explained(displays))
	}
	return s.untilSignal(func(ctx context.Context) int {
		if status := s.requireInterface(ctx, state, command.Interface); status != done {
			return status
		}
		for _, note := range command.Notes {
			s.message("note", "%s", note)
		}
		return s.runDisplays(ctx, displays)
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
		usage.hint += "; an interval is a whole number of seconds"
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

// flagsFailure writes what is wrong with netstat's flags, with the synopsis where that helps, and gives the status.
func (p *printer) flagsFailure(err error) int {
	var inFlags *netstat.Error
	if !errors.As(err, &inFlags) {
		return p.usageFailure("", err)
	}
	wrong := usagef("%s", inFlags.Message)
	if inFlags.Usage && inFlags.Hint == "" {
		wrong.hint = "netql netstat --help lists the flags"
	} else {
		wrong.hint = inFlags.Hint
	}
	status := p.usageFailure("", wrong)
	if inFlags.Usage {
		_, _ = p.err.Write([]byte(netstat.Synopsis(dialectOrAll(inFlags.Dialect)...)))
	}
	return status
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
// is written once.
func (p *printer) runDisplays(ctx context.Context, displays []display) int {
	ctx, cancel := p.options.limited(ctx)
	defer cancel()
	ctx, release := p.whileRead(ctx, displays[0].plan)
	defer release()
	defer p.endWhenBlocked(ctx)()
	written := map[string]bool{}
	rows, err := p.showDisplays(ctx, displays, func(warning string) {
		written[warning] = true
		p.message("warning", "%s", warning)
	})
	status := p.endStatus(ctx, err)
	var rest []string
	for _, d := range displays {
		for _, warning := range d.plan.Warnings() {
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
