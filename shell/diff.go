package shell

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"netql/query"
	"netql/sources"
	"netql/sources/capture"
	"netql/tables"
)

// Exit statuses of the command diff, which are those of diff(1) beside 0 for no difference. A failure is 2, not 1, so
// that no script takes it for a difference.
const (
	different = 1
	trouble   = 2
)

// diff compares two captures, or a capture and the target.
func (s *session) diff(words []string) int {
	if len(words) != 1 && len(words) != 2 {
		return s.usageFailure("", usagef("diff needs the names of one or two captures").
			withHint("netql diff A B; netql diff A compares A with now"))
	}
	if s.system == nil && len(words) == 1 {
		return s.usageFailure("", errSeveralNamespaces("a capture is compared with one network namespace"))
	}
	systems := []*sources.System{s.system, s.system}
	captures := []*capture.Capture{s.captured, s.captured}
	for i, path := range words {
		c, err := s.opened(path)
		if err != nil {
			return max(s.failure(err), trouble)
		}
		systems[i], captures[i] = s.options.systemOf(c), c
	}
	comparisons, err := s.comparisons(tables.Ask(systems[0]), tables.Ask(systems[1]))
	if err != nil {
		return s.usageFailure(s.options.query, err)
	}
	status := s.untilSignal(func(ctx context.Context) int { return s.compare(ctx, comparisons, systems) }, os.Interrupt)
	if pseudonymsDiffer(captures[0], captures[1]) {
		return s.warn([]string{"names and addresses of a redacted capture are pseudonyms, which differ from those of " +
			"another capture: rows that have not changed may be told as gone and new"}, status)
	}
	return status
}

// pseudonymsDiffer says whether the same name or address may have different pseudonyms in two captures: each redaction
// has a random key of its own. nil is the running system.
func pseudonymsDiffer(a, b *capture.Capture) bool {
	redacted := func(c *capture.Capture) bool { return c != nil && c.Manifest.Redacted }
	return redacted(a) != redacted(b) || redacted(a) && !a.Manifest.Time.Equal(b.Manifest.Time)
}

// statusOf is the exit status of a command for a status of the program: diff has its own for a failure.
func statusOf(words []string, status int) int {
	if len(words) > 0 && words[0] == "diff" && status == failed {
		return trouble
	}
	return status
}

// comparisons is the comparison of the query of --query, else those of every table.
func (s *session) comparisons(old, new query.State) ([]*query.Comparison, error) {
	if s.options.query != "" {
		plan, err := query.Compile(s.options.query, s.tables, old)
		s.warnOfNamed(err)
		if err == nil {
			err = rejectLive(plan)
		}
		if err != nil {
			return nil, err
		}
		c, err := query.CompareQuery(s.options.query, s.tables, old, new, s.options.counters)
		if err != nil {
			return nil, err
		}
		c.All = s.options.all
		return []*query.Comparison{c}, nil
	}
	var all []*query.Comparison
	for _, table := range s.tables.Listing() {
		c, err := query.CompareTable(table.Name, s.tables, old, new, s.options.counters)
		if err != nil {
			return nil, err
		}
		c.All = s.options.all
		all = append(all, c)
	}
	return all, nil
}

// compare writes the changes, then the warnings of both systems, and gives the exit status.
func (s *session) compare(ctx context.Context, comparisons []*query.Comparison, systems []*sources.System) int {
	ctx, cancel := s.options.limited(ctx)
	defer cancel()
	defer s.endWhenBlocked(ctx)()
	d := &differences{printer: &s.printer, comparisons: comparisons, systems: systems}
	n, err := d.write(ctx)
	status := s.endStatus(ctx, err)
	if status == failed {
		status = trouble
	}
	status = s.warn(append(d.unread, allWarnings(comparisons, systems)...), status)
	if status == done && n > 0 {
		status = different
	}
	return status
}

// withSystem is the error with the name of the system before it whose answer it ended; the error itself where the
// comparison as a whole was ended.
func withSystem(ctx context.Context, err error, systems []*sources.System) error {
	answer, ok := errors.AsType[*query.AnswerError](err)
	if !ok || ctx.Err() != nil {
		return err
	}
	side := 0
	if answer.New {
		side = 1
	}
	return fmt.Errorf("%s: %w", systems[side].Name, answer.Err)
}

// allWarnings are the warnings of all comparisons, each with the name of its system before it. One that several tables
// give is there once.
func allWarnings(comparisons []*query.Comparison, systems []*sources.System) (all []string) {
	for _, c := range comparisons {
		old, new := c.Warnings()
		for i, warnings := range [][]string{old, new} {
			for _, warning := range warnings {
				if text := systems[i].Name + ": " + warning; !slices.Contains(all, text) {
					all = append(all, text)
				}
			}
		}
	}
	return all
}
