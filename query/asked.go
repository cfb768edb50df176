package query

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// Question is what a table is asked that lists nothing (Spec.AskedBy): values of the columns by which it is asked. Its
// rows have these values, and NULL in the others of those columns.
type Question = expression.Assignment

// maxQuestions bounds the questions that the conditions of a query ask one table.
const maxQuestions = 1024

// findQuestions has the conditions say what the tables are asked that list nothing. Its error is that one is not asked.
func (p *Plan) findQuestions() error {
	if p.table.asks() {
		questions, err := p.table.questions(p.syntax.Table.Range, p.pushedConditions(0), p.tested(0), nil)
		if err != nil {
			return err
		}
		p.request.Questions = questions
	}
	for i, op := range p.operators {
		j, ok := op.(*joinOp)
		if !ok || !j.table.asks() {
			continue
		}
		questions, err := j.table.questions(j.at, j.pushed(p.pushedConditions(i+1)), j.ofRight(p.tested(i+1)),
			j.askedBy())
		if unasked, ok := errors.AsType[*syntax.Error](err); ok {
			return j.joinedWith(p.schemaBefore(i), unasked)
		}
		j.questions = questions
	}
	return nil
}

// asks says whether the table answers questions and lists nothing.
func (t *Table) asks() bool { return len(t.AskedBy) > 0 }

// questions are what the conditions ask the table. A join gives the values of the columns joined.
func (t *Table) questions(at syntax.Range, conditions []Predicate, tested Set, joined []string) ([]Question, error) {
	all := expression.And(conditions...).Assignments(t.AskedBy, maxQuestions)
	if len(all) > maxQuestions {
		return nil, syntax.Errorf(at, "the conditions ask %s more than %d questions", t.Name, maxQuestions).
			WithHint("give fewer values, or put them into several queries")
	}
	has := func(column string) bool {
		return slices.Contains(joined, column) ||
			!slices.ContainsFunc(all, func(q Question) bool { _, given := q[column]; return !given })
	}
	if first := t.AskedBy[0]; !has(first) {
		return nil, t.unasked(at, tested.Has(first))
	}
	for _, column := range t.AskedBy {
		given := func(q Question) bool { _, ok := q[column]; return ok }
		if tested.Has(column) && !slices.Contains(joined, column) && !slices.ContainsFunc(all, given) &&
			!t.isNothing(column, conditions) && len(all) > 0 {
			return nil, syntax.Errorf(at, "%s is a part of what %s is asked, and needs a value", column, t.Name).
				WithHint("give it one by == or in: %s == ...", column)
		}
	}
	return all, nil
}

// isNothing says whether the conditions can be met by a question that does not have the column.
func (t *Table) isNothing(column string, conditions []Predicate) bool {
	return expression.And(conditions...).May(func(name string) (any, bool) { return nil, name == column })
}

// unasked is the error of a query that does not ask a table what it wants to be asked.
func (t *Table) unasked(at syntax.Range, tested bool) *syntax.Error {
	first := t.AskedBy[0]
	if tested {
		const message = "%s is asked by single values of %s: %s == ... or %s in [...]"
		return syntax.Errorf(at, message, t.Name, first, first, first).WithHint("for example: %s", t.Examples[0])
	}
	return syntax.Errorf(at, "%s lists nothing: it answers what it is asked by %s", t.Name, first).
		WithHint("for example: %s", t.Examples[0])
}

// questionTexts are questions as explain lists them, a few of them.
func questionTexts(questions []Question) string {
	const few = 4
	var texts []string
	for _, q := range questions[:min(few, len(questions))] {
		texts = append(texts, questionText(q))
	}
	if more := len(questions) - few; more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(texts, "; ")
}

func questionText(q Question) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(q)) {
		parts = append(parts, name+" "+schema.Format(q[name]))
	}
	return strings.Join(parts, ", ")
}

// askedText is what explain says of the questions of a request.
func (t *Table) askedText(questions []Question) string {
	switch {
	case !t.asks():
		return ""
	case len(questions) == 0:
		return "; nothing: no question can satisfy the conditions"
	}
	return "; asked for " + questionTexts(questions)
}
