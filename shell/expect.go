package shell

import "netql/query"

// The words of --expect: whether the answer shall have rows.
const (
	expectRows = "rows"
	expectNone = "none"
)

func expectWords() []string { return []string{expectRows, expectNone} }

// checkExpect is a usage error where --expect is given and no status tells of an answer.
func (o *options) checkExpect(atPrompt bool) error {
	switch {
	case o.expect == "" || o.help || o.version:
		return nil
	case atPrompt:
		return usagef("--expect is about the exit status of a query, and a prompt has none").
			withHint("netql --expect %s 'QUERY'", o.expect)
	case o.explain:
		return usagef("--expect is about rows, and --explain reads none")
	}
	return nil
}

// checkExpectOf is a usage error where --expect is given and the plan's answer has no end.
func (o *options) checkExpectOf(plan *query.Plan) error {
	watch := plan.Watch()
	switch {
	case o.expect == "":
		return nil
	case plan.Follows():
		return usagef("--expect is about a complete answer, and events have no end").
			withHint("under --timeout, follow | limit 1 has status 0 if something happens, 124 if nothing does")
	case watch != nil && !watch.Conditional():
		return usagef("--expect is about the last sample, and this watch has none").
			withHint("have a condition end it, for example: | watch 1s until count() == 0")
	}
	return nil
}

// expected is the status of an answer with this many rows, which was done or partial, by what --expect says of it: a
// partial answer without rows may have left some out, so that it is not known. rows is -1 for a watch that a person
// left before its first sample. It writes what is unexpected.
func (p *printer) expected(status, rows int) int {
	whole := status == done && !p.closed
	switch {
	case status != done && status != partial:
	case p.options.expect != "" && rows < 0:
		return interrupted
	case p.options.expect == expectNone && rows > 0:
		p.message("error", "--expect none: the answer has %s", counted(rows, "row"))
		return unexpected
	case p.options.expect == expectRows && rows == 0 && whole:
		p.message("error", "--expect rows: the answer has none")
		return unexpected
	}
	return status
}
