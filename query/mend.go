package query

import (
	"cmp"
	"errors"
	"strings"

	"netql/query/syntax"
)

// mender finds the query that was probably meant by one that does not compile: it makes the edits that errors know of
// (syntax.Fix), one after the other, until the query compiles.
type mender struct {
	compile func(text string) (*Plan, error)
	// beginning compiles a table's name, even where the table must be asked something (CompileBeginning).
	beginning func(text string) (*Plan, error)
	left      int // how many more queries it may compile
}

const (
	// maxMending bounds the queries that are compiled for the hint of one error.
	maxMending = 60
	// longestMended is the longest text for which that is done, in bytes: far longer than what anybody types, and short
	// enough that nobody waits for the error.
	longestMended = 4 << 10
)

// withLine completes an error of compile: where it is known what was meant, Line is that query, in canonical spelling,
// and the hint, unless the error has one that says it in a word. If a stage or statement of another language is
// translated, and the translation does not compile, its mistake is the error.
func withLine(text string, err error, catalog *Catalog, state State) error {
	var wrong *syntax.Error
	if !errors.As(err, &wrong) || wrong.Incomplete {
		return err
	}
	first, hint, sure := *wrong, "", false
	if len(text) > longestMended {
		first.Hint = cmp.Or(wrong.Hint, noHint)
		return &first
	}
	m := &mender{left: maxMending,
		compile:   func(text string) (*Plan, error) { return compileAsked(text, catalog, state) },
		beginning: func(text string) (*Plan, error) { return compile(text, catalog, state) },
	}
	first.Fix, hint, sure = m.fix(text, wrong)
	plan, line, rest := m.mend(text, &first)
	if plan != nil {
		first.Line = plan.Query()
		first.Hint = cmp.Or(hint, first.Line)
		return &first
	}
	if sure && line != text && !rest.Range.InFile() {
		last := *rest
		last.Text = line
		last.Hint = cmp.Or(last.Hint, noHint)
		return &last
	}
	first.Hint = cmp.Or(hint, wrong.Hint, noHint)
	return &first
}

// noHint is the hint where there is no other.
const noHint = "tables lists what can be asked, help tells how"

// mend is the plan of the query that the edits make, which is line; nil where something is wrong with it still.
func (m *mender) mend(text string, wrong *syntax.Error) (plan *Plan, line string, rest *syntax.Error) {
	line, rest = text, wrong
	for rest.Fix != nil && m.left > 0 {
		m.left--
		line = rest.Fix.Apply(line)
		plan, err := m.compile(line)
		if err == nil {
			return plan, line, nil
		}
		var next *syntax.Error
		if !errors.As(err, &next) {
			break
		}
		mended := *next
		mended.Fix, _, _ = m.fix(line, next)
		rest = &mended
	}
	return nil, line, rest
}

// fix is the edit that mends a mistake, and the hint for it: "" where the query that comes out tells more. sure says
// that nothing else can be meant, even if the query that comes out has another mistake.
func (m *mender) fix(text string, wrong *syntax.Error) (fix *syntax.Fix, hint string, sure bool) {
	if wrong.Range.InFile() { // text is not what is wrong
		return nil, wrong.Hint, false
	}
	if query, why, ok := fromSelect(text); ok {
		if why != "" {
			return nil, why, false
		}
		return &syntax.Fix{Range: syntax.Range{Start: 0, End: len(text)}, Text: query}, "", true
	}
	if fix, ok := m.foreignStage(text, wrong); ok {
		return fix, "", true
	}
	if fix, ok := m.typedHabit(text, wrong); ok {
		return fix, "", false
	}
	if fix, ok := m.oneWord(text, wrong); ok {
		return fix, "", false
	}
	if fix, ok := defaultRoute(text, wrong); ok {
		return fix, "", false
	}
	if hint := withoutCounterpart(text, wrong); hint != "" {
		return nil, hint, false
	}
	if fix, ok := quoting(text, min(wrong.Range.Start, len(text))); ok && wrong.Fix == nil {
		return fix, "", false
	}
	return wrong.Fix, wrong.Hint, wrong.Hint == "" && wrong.Fix != nil
}

// foreignStage is the edit for the stage in which a mistake is, if it is one of another language.
func (m *mender) foreignStage(text string, wrong *syntax.Error) (*syntax.Fix, bool) {
	at := stageAt(text, wrong.Range.Start)
	segment := strings.TrimSpace(text[at.Start:at.End])
	if at.Start == 0 || !mayBeForeign(segment) {
		return nil, false
	}
	before := text[:at.Start-1]
	plan, err := m.compile(before)
	if err != nil {
		var earlier *syntax.Error
		if !errors.As(err, &earlier) || m.left <= 0 {
			return nil, false
		}
		mended := *earlier
		m.left--
		if mended.Fix, _, _ = m.fix(before, earlier); mended.Fix == nil {
			return nil, false
		}
		if plan, before, _ = m.mend(before, &mended); plan == nil {
			return nil, false
		}
	}
	f := &foreignStage{input: plan.Schema(), before: before, kept: len(before)}
	if n := len(plan.syntax.Stages); n > 0 {
		f.last = &plan.syntax.Stages[n-1]
	}
	stage, ok := f.instead(segment)
	if !ok {
		return nil, false
	}
	line := strings.TrimSpace(before[:f.kept])
	if stage != "" {
		line += " | " + stage + " "
	}
	return &syntax.Fix{Range: syntax.Range{Start: 0, End: at.End}, Text: line}, true
}
