package query

import (
	"cmp"
	"strings"
	"time"

	"netql/query/syntax"
)

const (
	// defaultInterval is that of a watch which names none.
	defaultInterval = 2 * time.Second
	// minInterval is the shortest: a person sees no more, and a program that needs more should follow.
	minInterval = 10 * time.Millisecond
)

// watchStage has the query run again and again.
type watchStage struct {
	interval  time.Duration
	parameter *syntax.Parameter // of a named query, whose argument is the interval; nil where that is known
	until     syntax.Expression // ends it when it holds; nil: never
}

// parseWatch reads: watch [DURATION] [until EXPRESSION].
func parseWatch(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	w := &watchStage{interval: cmp.Or(p.Interval(), defaultInterval)}
	p.Expect(syntax.ExpectWord{Word: "1s", Doc: "every second"})
	p.Expect(syntax.ExpectWord{Word: "5s", Doc: "every five seconds"})
	if !p.Ends() && !p.Peek().IsWord("until") {
		var err *syntax.Error
		if w.parameter, err = p.Parameter(); w.parameter == nil && err == nil {
			w.interval, err = parseInterval(p)
		}
		if err != nil {
			return nil, err
		}
	}
	if !p.Keyword("until", "a condition that ends the watch") {
		return w, nil
	}
	var err *syntax.Error
	w.until, err = p.Condition("watch 1s until count() == 0", true)
	return w, err
}

func parseInterval(p *syntax.Parser) (time.Duration, *syntax.Error) {
	t := p.Peek()
	d, ok := t.Value.(time.Duration)
	switch {
	case t.Kind == syntax.Number:
		return 0, syntax.Errorf(t.Range, "%s of what?", t.Text).
			WithHint("an interval has a unit: %ss, %sms", t.Text, t.Text)
	case t.Kind != syntax.Literal || !ok:
		return 0, p.Missing("an interval", "watch 2s")
	case d < minInterval:
		return 0, syntax.Errorf(t.Range, "an interval of %s is too short", t.Text).
			WithHint("it is at least %s", durationText(minInterval))
	}
	p.Take()
	return d, nil
}

func (s *watchStage) String() string {
	text := "watch "
	if s.parameter != nil {
		text += s.parameter.String()
	} else {
		text += durationText(s.interval)
	}
	if s.until != nil {
		text += " until " + s.until.String()
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

func (s *watchStage) compile(c *compiler) error {
	w := &Watch{Interval: s.interval}
	if s.until != nil {
		var err error
		if w.until, err = c.until(s.until); err != nil {
			return err
		}
	}
	c.plan.watch = w
	return nil
}
