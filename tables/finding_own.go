package tables

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"netql/query"
	"netql/query/schema"
	"netql/query/syntax"
)

// ownPrefix begins the names of the named queries that are checks of the user's own.
const ownPrefix = "check_"

// ownChecks are the named queries that are checks: each row that one gives is a finding.
func ownChecks(named *syntax.Definitions) (own []*check) {
	for _, d := range named.All() {
		if strings.HasPrefix(strings.ToLower(d.Name.Name), ownPrefix) {
			own = append(own, &check{name: d.Name.Name, doc: d.Doc, from: d.Name.String(), own: d})
		}
	}
	return own
}

// compileOwn makes the plan of a check of the user's own.
func (g *checkGroup) compileOwn(catalog *query.Catalog, state query.State, twice bool) (err error) {
	if g.plan, err = query.Compile(g.from, catalog, state); err != nil {
		return err
	}
	if g.sampled = g.plan.Live() != ""; g.sampled && !twice {
		return errors.New(g.plan.Live() + ", which takes a running system")
	}
	if g.sampled {
		if g.plan, err = query.Compile(g.from+" | watch", catalog, state); err != nil {
			return err
		}
	}
	column := func(name string) (c *schema.Column) {
		if i := slices.IndexFunc(g.plan.Schema().Columns,
			func(c *schema.Column) bool { return c.Name == name }); i >= 0 {
			c = g.plan.Schema().Columns[i]
		}
		return c
	}
	for _, name := range []string{"severity", "subject", "finding"} {
		if column(name) == nil {
			return fmt.Errorf("it has no column %s", name)
		}
	}
	own := checkColumns{severity: column("severity"), subject: column("subject"), value: column("value"),
		limit: column("limit"), sentence: template{{place: "finding"}}, ofSentence: []*schema.Column{column("finding")}}
	if advice := column("advice"); advice != nil {
		own.advice, own.ofAdvice = template{{place: "advice"}}, []*schema.Column{advice}
	}
	g.columns = []checkColumns{own}
	return nil
}
