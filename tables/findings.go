package tables

import (
	"netql/query"
	"netql/query/schema"
)

// finding is a row of findings: something that a check has found.
type finding struct {
	check    *check
	severity string
	subject  string
	value    optional[float64]
	limit    optional[float64]
	sentence string
	advice   string
	query    string
}

// findingsTable declares the table of what is wrong.
func findingsTable() *query.Table {
	return query.Define(query.Spec[finding]{
		Doc: "Something that is wrong with the machine's network, or soon will be, the worst first; no rows where no " +
			"check finds anything. What a check could not look at is a warning. Counters are compared over a second; " +
			"in a capture they are told since boot. What a check counts and another one names is one finding, unless " +
			"the query has a condition on check.",
		Examples: []string{
			"findings",
			"findings | where severity == critical",
			"findings check == accept_queue | select subject, finding, advice",
			"findings severity != notice | select finding, query",
			"findings | count by severity",
		},
		Columns: findingColumns(),
		Shown:   []string{"severity", "check", "finding", "advice"},
		Spare:   []string{"advice"},
		Key:     []string{"check", "subject"},
		Derived: true,
		Waits:   true,
		Scan:    planFindings,
	})
}

func findingColumns() []query.Column[finding] {
	return []query.Column[finding]{
		query.Enum("severity", "How bad it is: critical loses or refuses something now, warning will or does so in "+
			"part, notice is worth knowing.", severities(), func(f *finding) string { return f.severity }).Gauge(),
		query.Enum("check", "The check that found it; the table checks has them all, those of your own, too.",
			schema.OpenWords(checkNames()...), func(f *finding) string { return f.check.name }),
		query.NonZero("subject", "Who or what it is about: an address, an interface, a process.",
			func(f *finding) string { return f.subject }),
		query.Opt("value", "The number that the check measured, in bytes, seconds or plain.",
			func(f *finding) (float64, bool) { return f.value.get() }).In(schema.Mixed).Gauge(),
		query.Opt("limit", "What the value is held against; NULL where the check has no limit.",
			func(f *finding) (float64, bool) { return f.limit.get() }).In(schema.Mixed).Gauge(),
		query.Col("finding", "What was found, in a sentence.",
			func(f *finding) string { return f.sentence }).Gauge().Prose(),
		query.NonZero("advice", "What to look at or to do next.",
			func(f *finding) string { return f.advice }).Explains().Prose(),
		query.Col("query", "The query that shows the rows behind it.",
			func(f *finding) string { return f.query }).Explains(),
	}
}

// severities is the vocabulary of severity: it sorts by how bad it is.
func severities() *schema.Vocabulary {
	return schema.NewVocabulary(schema.Word{Name: noticeWord, Aliases: []string{"info"}},
		schema.Word{Name: warningWord, Aliases: []string{"warn"}, Level: schema.Busy},
		schema.Word{Name: criticalWord, Aliases: []string{"crit", "error"}, Level: schema.Bad})
}
