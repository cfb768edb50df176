package query

import (
	"time"

	"netql/query/syntax"
)

// Substitute implements syntax.Substitutable for the stages in which a parameter of a named query may stand.
func (s *whereStage) Substitute(a *syntax.Arguments) syntax.Node {
	return &whereStage{a.Expression(s.condition)}
}

// Substitute is as above; so are the others.
func (s *selectStage) Substitute(a *syntax.Arguments) syntax.Node {
	return &selectStage{a.Items(s.items)}
}

func (s *extendStage) Substitute(a *syntax.Arguments) syntax.Node {
	return &extendStage{a.Items(s.items)}
}

func (s *sortStage) Substitute(a *syntax.Arguments) syntax.Node { return &sortStage{a.Keys(s.keys)} }

func (s *limitStage) Substitute(a *syntax.Arguments) syntax.Node { return &limitStage{a.Count(s.n)} }

func (s *topStage) Substitute(a *syntax.Arguments) syntax.Node {
	return &topStage{a.Count(s.n), a.Keys(s.keys)}
}

func (s *countStage) Substitute(a *syntax.Arguments) syntax.Node { return &countStage{a.Items(s.by)} }

func (s *groupStage) Substitute(a *syntax.Arguments) syntax.Node {
	return &groupStage{a.Items(s.by), a.Items(s.items)}
}

func (s *joinStage) Substitute(a *syntax.Arguments) syntax.Node {
	next := *s
	if s.query != nil {
		next.query = a.Query(s.query)
	}
	return &next
}

func (s *histogramStage) Substitute(a *syntax.Arguments) syntax.Node {
	next := *s
	next.value = a.Expression(s.value)
	if s.by != nil {
		next.by = &a.Items([]syntax.Item{*s.by})[0]
	}
	return &next
}

func (s *distinctStage) Substitute(a *syntax.Arguments) syntax.Node {
	return &distinctStage{a.Items(s.items)}
}

func (s *barsStage) Substitute(a *syntax.Arguments) syntax.Node {
	next := *s
	next.items = a.Items(s.items)
	return &next
}

func (s *graphStage) Substitute(a *syntax.Arguments) syntax.Node {
	return &graphStage{a.Items(s.ends), a.Items(s.items)}
}

func (s *watchStage) Substitute(a *syntax.Arguments) syntax.Node {
	next := *s
	next.until = a.Expression(s.until)
	if s.parameter == nil {
		return &next
	}
	value, still := a.Constant(s.parameter)
	next.parameter = still
	if still == nil {
		d, _ := value.(time.Duration)
		if next.interval = d; d < minInterval {
			a.Fail(syntax.Errorf(a.Span(s.parameter), "%s is the interval of a watch", s.parameter).
				WithHint("it is a duration of at least %s, for example 2s", durationText(minInterval)))
		}
	}
	return &next
}
