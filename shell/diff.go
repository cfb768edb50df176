package shell

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"netql/query"
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
	sides, err := s.sides(words)
	if err != nil {
		return max(s.failure(err), trouble)
	}
	comparisons, err := s.comparisons(sides)
	if err != nil {
		return s.usageFailure(s.options.query, err)
	}
	if one, other := sides[0].host(), sides[1].host(); one != "" && other != "" && one != other {
		s.message("note", "%s is of the host %s, and %s of %s", sides[0].name, one, sides[1].name, other)
	}
	names := []string{sides[0].name, sides[1].name}
	status := s.untilSignal(func(ctx context.Context) int { return s.compare(ctx, comparisons, names) }, os.Interrupt)
	if pseudonymsDiffer(sides[0].captures, sides[1].captures) {
		return s.warn([]string{"names and addresses of a redacted capture are pseudonyms, which differ from those of " +
			"another capture: rows that have not changed may be told as gone and new"}, status)
	}
	return status
}

// statusOf is the exit status of a command for a status of the program: diff has its own for a failure.
func statusOf(words []string, status int) int {
	if len(words) > 0 && words[0] == "diff" && status == failed {
		return trouble
	}
	return status
}

// comparisons is the comparison of the query of --query, else those of every table whose rows do not follow from those
// of others.
func (s *session) comparisons(sides []side) ([]*query.Comparison, error) {
	old, new, catalog := sides[0].ask(), sides[1].ask(), s.tables
	if sides[0].hosts != nil {
		catalog = tables.Hosts(catalog)
	}
	if s.options.query != "" {
		plan, err := query.Compile(s.options.query, catalog, old)
		s.warnOfNamed(err)
		if err == nil {
			err = rejectLive(plan)
		}
		if err != nil {
			return nil, err
		}
		c, err := query.CompareQuery(s.options.query, catalog, old, new, s.options.counters)
		if err != nil {
			return nil, err
		}
		c.All = s.options.all
		return []*query.Comparison{c}, nil
	}
	var all []*query.Comparison
	for _, table := range catalog.Listing() {
		c, err := query.CompareTable(table.Name, catalog, old, new, s.options.counters)
		if err != nil {
			return nil, err
		}
		if c.All = s.options.all; !c.Derived() {
			all = append(all, c)
		}
	}
	return all, nil
}

// compare writes the changes, then the warnings of both systems, and gives the exit status.
func (s *session) compare(ctx context.Context, comparisons []*query.Comparison, names []string) int {
	ctx, cancel := s.options.limited(ctx)
	defer cancel()
	defer s.endWhenBlocked(ctx)()
	d := &differences{printer: &s.printer, comparisons: comparisons, names: names}
	n, err := d.write(ctx)
	status := s.endStatus(ctx, err)
	if status == failed {
		status = trouble
	}
	status = s.warn(append(d.unread, allWarnings(comparisons, names)...), status)
	if status == done && n > 0 {
		status = different
	}
	return status
}

// withSystem is the error with the name of the system before it whose answer it ended; the error itself where the
// comparison as a whole was ended.
func withSystem(ctx context.Context, err error, names []string) error {
	answer, ok := errors.AsType[*query.AnswerError](err)
	if !ok || ctx.Err() != nil {
		return err
	}
	side := 0
	if answer.New {
		side = 1
	}
	return fmt.Errorf("%s: %w", names[side], answer.Err)
}

// allWarnings are the warnings of all comparisons, each with the name of its system before it. One that several tables
// give is there once.
func allWarnings(comparisons []*query.Comparison, names []string) (all []string) {
	for _, c := range comparisons {
		old, new := c.Warnings()
		for i, warnings := range [][]string{old, new} {
			for _, warning := range warnings {
				if text := names[i] + ": " + warning; !slices.Contains(all, text) {
					all = append(all, text)
				}
			}
		}
	}
	return all
}
