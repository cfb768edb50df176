package tables

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"netql/query"
	"netql/query/syntax"
)

// findingsScan makes the checks that the conditions allow.
type findingsScan struct {
	request query.Request
	checks  []*check
	apart   bool          // each check tells what it finds by itself, because the query asks for checks
	unknown string        // a name that the conditions compare check with and no check has; "" for none
	groups  []*checkGroup // those that could be compiled; made when findings are first read
	sampled bool          // the groups that compare samples have read one
}

func planFindings(r query.Request) query.Scan[finding] {
	s := &findingsScan{request: r, apart: r.Tested.Has("check")}
	all := append(checks(), ownChecks(r.Catalog.Named)...)
	for _, c := range all {
		may := func(severity string) bool {
			return mayHold(r.Where, map[string]any{"check": c.name, "severity": severity})
		}
		if slices.ContainsFunc(c.severities(), may) || c.samples() && may(noticeWord) {
			s.checks = append(s.checks, c)
		}
	}
	if !s.apart {
		s.checks = related(all, s.checks)
	}
	for _, value := range r.Where.Values("check") {
		named := func(c *check) bool { return c.name == value }
		if name, ok := value.(string); ok && !slices.ContainsFunc(all, named) {
			s.unknown = name
		}
	}
	return s
}

// String names the tables that are read, and how many checks they are read for.
func (s *findingsScan) String() string {
	if len(s.checks) == 0 {
		return "nothing: no check can satisfy the conditions"
	}
	var from []string
	for _, c := range s.checks {
		table, _, _ := strings.Cut(c.from, " ")
		if !slices.Contains(from, table) {
			from = append(from, table)
		}
	}
	checks := "1 check"
	if n := len(s.checks); n > 1 {
		checks = fmt.Sprintf("%d checks", n)
	}
	text := checks + " of " + strings.Join(from, ", ")
	if slices.ContainsFunc(s.checks, (*check).samples) {
		text += "; counters twice, " + betweenSamples.String() + " apart"
	}
	return text
}

// betweenSamples is how long counters are watched.
const betweenSamples = time.Second

func (s *findingsScan) Rows(ctx context.Context) iter.Seq2[*finding, error] {
	return func(yield func(*finding, error) bool) {
		if s.unknown != "" {
			yield(nil, &UnknownCheck{s.unknown})
			return
		}
		found, err := s.all(ctx)
		s.sort(found)
		if !s.apart {
			found = explained(found)
		}
		tellApart(found)
		for _, f := range found {
			if !yield(f, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// sort puts the worst first, and those that are as bad in the order of the checks.
func (s *findingsScan) sort(found []*finding) {
	words, places := severityWords(), make(map[*check]int, len(s.checks))
	for i, c := range s.checks {
		places[c] = i
	}
	slices.SortStableFunc(found, func(a, b *finding) int {
		return cmp.Or(
			cmp.Compare(slices.Index(words, b.severity), slices.Index(words, a.severity)),
			cmp.Compare(places[a.check], places[b.check]))
	})
}

// tellApart numbers those findings of a check that have one subject, so that no two have one key.
func tellApart(found []*finding) {
	type key struct {
		check   *check
		subject string
	}
	count := map[key]int{}
	for _, f := range found {
		k := key{f.check, f.subject}
		if count[k]++; count[k] > 1 {
			f.subject += fmt.Sprintf(" (%d)", count[k])
		}
	}
}

// UnknownCheck is the error of a query for the findings of a check that does not exist.
type UnknownCheck struct{ Name string }

func (e *UnknownCheck) Error() string { return fmt.Sprintf("there is no check %q", e.Name) }

// Hint names the check that was probably meant, or where they all are.
func (e *UnknownCheck) Hint() string {
	if near := syntax.Nearest(e.Name, checkNames()); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "the table checks has them all"
}

// all makes the checks: those that compare samples take the first one, the others are made while the second one is
// waited for.
func (s *findingsScan) all(ctx context.Context) (found []*finding, err error) {
	failed := checkFailures{warn: s.request.Warn}
	twice := ofQuery(s.request.State).system.Live
	if s.groups == nil {
		s.compile(twice, &failed)
	}
	began := time.Now()
	var first, second []*checkGroup // by when they are read
	for _, g := range s.groups {
		switch {
		case g.sampled && !s.sampled:
			if _, err := g.findings(ctx); err != nil && ctx.Err() == nil { // without a sample before there are none
				failed.add(g, err)
				continue
			}
			second = append(second, g)
		case g.sampled, g.late && twice:
			second = append(second, g)
		default:
			first = append(first, g)
		}
	}
	for _, g := range first {
		found = append(found, failed.of(ctx, g)...)
	}
	if len(second) > 0 && !s.sampled {
		wait(ctx, betweenSamples-time.Since(began))
	}
	s.sampled = len(second) > 0
	for _, g := range second {
		found = append(found, failed.of(ctx, g)...)
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return found, failed.end(len(s.groups))
}

// compile makes the plans. A check that does not compile, such as one of the user's own, is a warning.
func (s *findingsScan) compile(twice bool, failed *checkFailures) {
	catalog := Catalog()
	catalog.Named = s.request.Catalog.Named
	for _, g := range groupChecks(s.here()) {
		if err := g.compile(catalog, s.request.State, twice); err != nil {
			failed.add(g, err)
			continue
		}
		s.groups = append(s.groups, g)
	}
}

// here are the checks that can be made in this network namespace. What is about the whole machine is told in the first
// one.
func (s *findingsScan) here() []*check {
	if ofQuery(s.request.State).inFirst(s.request.Warn) {
		return s.checks
	}
	return slices.DeleteFunc(slices.Clone(s.checks), func(c *check) bool {
		if c.hostWide && s.request.Where.Mentions("check", c.name) {
			s.request.Warn("not checked: " + c.name +
				": it is about the whole machine, and made in its first network namespace")
		}
		return c.hostWide
	})
}

// wait waits, at most until the context ends.
func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// checkFailures tells of checks that could not be made.
type checkFailures struct {
	warn  func(message string)
	count int
	first error
}

// add notes that the checks of a group could not be made.
func (f *checkFailures) add(g *checkGroup, err error) {
	f.count++
	f.first = cmp.Or(f.first, err)
	names := make([]string, len(g.checks))
	for i, c := range g.checks {
		names[i] = c.name
	}
	f.warn("not checked: " + strings.Join(names, ", ") + ": " + err.Error())
}

// of makes the checks of a group, and hands on their warnings.
func (f *checkFailures) of(ctx context.Context, g *checkGroup) []*finding {
	found, err := g.findings(ctx)
	if err != nil && ctx.Err() == nil {
		f.add(g, err)
	}
	for _, warning := range g.plan.Warnings() {
		f.warn(warning)
	}
	return found
}

// end is an error where nothing at all could be checked: no rows would look as if all were well.
func (f *checkFailures) end(groups int) error {
	if f.count > 0 && f.count >= groups {
		return &Unreadable{"findings", f.first}
	}
	return nil
}
