package syntax

import (
	"fmt"
	"strings"
	"time"
)

// DefaultInterval is that of a watch which names none.
const DefaultInterval = 2 * time.Second

// MinInterval is the shortest: a person sees no more, and a program that needs more should follow.
const MinInterval = 10 * time.Millisecond

// Watch asks again and again. It is the last stage.
type Watch struct {
	Range    Range
	Interval time.Duration
	Until    *Expression // ends it when it holds; nil: never
}

// Follow gives what happens instead of what is. It stands right after the table and its filter.
type Follow struct{ Range Range }

// Bars draws the last column as horizontal bars. It comes last, before a watch.
type Bars struct{ Range Range }

// Span implements Stage; so do the others below.
func (s *Watch) Span() Range  { return s.Range }
func (s *Follow) Span() Range { return s.Range }
func (s *Bars) Span() Range   { return s.Range }

// String implements Stage; so do the others below.
func (s *Follow) String() string { return "follow" }
func (s *Bars) String() string   { return "bars" }

func (s *Watch) String() string {
	text := "watch " + durationText(s.Interval)
	if s.Until != nil {
		text += " until " + s.Until.String()
	}
	return text
}

// durationText is the duration as a literal: 2s, 1m30s, 500ms.
func durationText(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// watch reads: watch [DURATION] [until EXPRESSION].
func (p *parser) watch(start Token) (Stage, *Error) {
	w := &Watch{Interval: DefaultInterval}
	if t := p.peek(0); !p.done() && !t.Is("|") && !t.IsWord("until") {
		interval, err := p.interval()
		if err != nil {
			return nil, err
		}
		w.Interval = interval
	}
	if p.skipWord("until") {
		condition, err := p.until()
		if err != nil {
			return nil, err
		}
		w.Until = &condition
	}
	w.Range = p.since(start)
	if !p.done() {
		return nil, p.mustBeLast(start)
	}
	return w, nil
}

// until reads the condition that ends a watch.
func (p *parser) until() (Expression, *Error) {
	missing := p.missing("a condition", "watch 1s until count() == 0")
	tokens := p.rest()
	if len(tokens) == 0 {
		return Expression{}, missing
	}
	return p.expression(tokens)
}

func (p *parser) interval() (time.Duration, *Error) {
	t := p.peek(0)
	d, ok := t.Value.(time.Duration)
	switch {
	case t.Kind == Number:
		return 0, Errorf(t.Range, "%s of what?", t.Text).WithHint("an interval has a unit: %ss, %sms", t.Text, t.Text)
	case t.Kind != Literal || !ok:
		return 0, p.missing("an interval", "watch 2s")
	case d < MinInterval:
		return 0, Errorf(t.Range, "an interval of %s is too short", t.Text).WithHint("it is at least %s", durationText(MinInterval))
	}
	p.at++
	return d, nil
}

func (p *parser) mustBeLast(stage Token) *Error {
	name := strings.ToLower(stage.Text)
	return Errorf(stage.Range, "%s must be the last stage", name).WithHint("%s", fmt.Sprintf("move | %s to the end", name))
}

// follow may come only before everything that looks at all rows.
func (p *parser) follow(start Token) (Stage, *Error) {
	return &Follow{p.since(start)}, nil
}

// checkOrder says where follow, bars and watch may stand.
func (q *Query) checkOrder() *Error {
	for i, stage := range q.Stages {
		switch stage.(type) {
		case *Follow:
			if i > 0 && !allFilters(q.Stages[:i]) {
				return Errorf(stage.Span(), "follow must stand right after the table and its filter").
					WithHint("for example: %s | follow", q.Table)
			}
			if err := q.checkFollowed(q.Stages[i+1:]); err != nil {
				return err
			}
		case *Bars:
			if rest := q.Stages[i+1:]; len(rest) > 0 && !isWatch(rest[0]) {
				return Errorf(stage.Span(), "bars must be the last stage").WithHint("only watch may come after it")
			}
		}
	}
	return nil
}

// checkFollowed refuses stages that need an end, which events have not.
func (q *Query) checkFollowed(rest []Stage) *Error {
	for _, stage := range rest {
		word, _, _ := strings.Cut(stage.String(), " ")
		switch stage.(type) {
		case *Where, *Select, *Extend, *Drop, *Limit, *Distinct, *Join:
		case *Watch:
			return Errorf(stage.Span(), "events are not watched: they come by themselves").WithHint("leave watch out, or leave follow out")
		case *Follow:
			return Errorf(stage.Span(), "follow stands here twice").WithHint("leave one out")
		default:
			return Errorf(stage.Span(), "%s needs all rows, and events have no end", word).
				WithHint("after follow: where, select, extend, drop, limit, distinct, join")
		}
	}
	return nil
}

func allFilters(stages []Stage) bool {
	for _, stage := range stages {
		if _, ok := stage.(*Where); !ok {
			return false
		}
	}
	return true
}

func isWatch(stage Stage) bool {
	_, ok := stage.(*Watch)
	return ok
}
