package syntax

import "strings"

// checkLast refuses a stage after one that must be the last; the parser stands behind the | after it. At the end of
// the text a stage that may come can still be typed.
func (p *Parser) checkLast(before Stage) *Error {
	if before.Kind.Last == 0 {
		return nil
	}
	later := p.language.names(func(kind StageKind) bool { return kind.Last > before.Kind.Last })
	name := before.Kind.Name
	e := Errorf(p.word.Range, "%s must be the last stage", name)
	if len(later) == 0 {
		return e.WithHint("move | %s to the end", name)
	}
	if kind, known := p.language.Stage(p.peek(0).Text); !known || kind.Last > before.Kind.Last {
		return nil
	}
	return e.WithHint("only %s may come after it", strings.Join(later, " or "))
}

// checkOrder says where a stage whose rows have no end may stand, and what may come after it.
func (q *Query) checkOrder() *Error {
	for i, stage := range q.Stages {
		if !stage.Kind.First {
			continue
		}
		for _, before := range q.Stages[:i] {
			if !before.Kind.Filter {
				return Errorf(stage.Range, "%s must stand right after the table and its filter", stage.Kind.Name).
					WithHint("for example: %s | %s", q.Table, stage.Kind.Name)
			}
		}
		if err := q.checkEndless(stage.Kind, q.Stages[i+1:]); err != nil {
			return err
		}
	}
	return nil
}

// checkEndless refuses stages that need an end after one whose rows have none.
func (q *Query) checkEndless(endless *StageKind, rest []Stage) *Error {
	for _, stage := range rest {
		switch {
		case stage.Kind == endless:
			return Errorf(stage.Range, "%s stands here twice", endless.Name).WithHint("leave one out")
		case stage.Kind.NeedsEnd:
			may := q.language.names(func(kind StageKind) bool {
				return !kind.NeedsEnd && !kind.First && kind.Last == 0
			})
			return Errorf(stage.Range, "%s needs all rows, and events have no end", stage.Kind.Name).
				WithHint("after %s: %s", endless.Name, strings.Join(may, ", "))
		}
	}
	return nil
}
