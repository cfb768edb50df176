package tables

import "netql/query"

// checksTable declares the table of the checks of findings.
func checksTable() *query.Table {
	return query.Define(query.Spec[check]{
		Doc: "A check that findings makes.",
		Examples: []string{
			"checks",
			`checks doc contains "queue" | select name, query, advice`,
		},
		Columns: []query.Column[check]{
			query.Col("name", "The name, as findings has it in check.",
				func(c *check) string { return c.name }).Whole(),
			query.NonZero("doc", "What it looks for.", func(c *check) string { return c.doc }).Explains().Prose(),
			query.List("severity", "The severities that it gives.", (*check).severities),
			query.Col("samples", "Whether it compares two samples.", (*check).samples),
			query.NonZero("advice", "What to look at or to do next.",
				func(c *check) string { return c.advice }).Explains().Prose(),
			query.Col("query", "The query that shows the rows behind what it finds.",
				func(c *check) string { return c.query(true) }).Explains(),
			query.Col("own", "Whether it is a named query of yours.", func(c *check) bool { return c.own != nil }),
		},
		Shown: []string{"name", "severity", "doc"},
		Key:   []string{"name"},
		Scope: query.ProgramScope,
		Scan: func(r query.Request) query.Scan[check] {
			return sliceScan[check]{"the checks", func() []*check {
				return append(checks(), ownChecks(r.Catalog.Named)...)
			}}
		},
	})
}
