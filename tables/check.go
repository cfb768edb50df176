package tables

import (
	"regexp"
	"slices"
	"strings"

	"netql/query/syntax"
)

// check is one question that findings asks, as data. Its texts are expressions of the query language over the rows of
// from. Checks with the same from share one reading of these rows.
type check struct {
	name string // the word in the column check
	doc  string // what it looks for, in a sentence without a verb of its own: "listeners whose ..."

	from  string      // the rows that are looked at: a table, perhaps with conditions and stages
	items []aggregate // what from, which ends in a group then, counts of each of its rows
	where string      // a row of from for which this is true is a finding
	boot  string      // the same where there is one sample only, and counters are since boot; "" for where

	severity string             // notice, warning or critical, or an expression that gives one of these texts
	subject  string             // who or what, an expression
	value    string             // the number that is too large, or too small; "" for none
	limit    string             // what it is compared with; "" for none
	sentence string             // the finding, a template
	advice   string             // what to look at or to do next, a template; queries in it stand in backquotes
	own      *syntax.Definition // the named query of the user's that it is; nil for netql's checks
	late     bool               // rows must have lasted for the time between two samples: they are read behind it
	hostWide bool               // it is about the machine, and made in its first network namespace alone

	// The checks that name what this one only counts. Where one of them finds something that is as bad, what this one
	// says stands in that finding, and is none of its own.
	explainedBy []string
}

// grown is, in the texts of a check, the function that says by how much a counter has grown since the sample before:
// delta, or, where there is one sample only, what it has counted since boot.
const grown = "grown("

// perSecond is, likewise, the function that says how much of that fell to a second: rate. Samples are a second apart,
// but those of a watch may be hours, and those of a busy machine are later than they were meant to be. What is asked
// for in a second has a condition of its own (boot) where there is one sample only.
const perSecond = "perSecond("

// since is, in the sentence of a check, how long that took: "in the last second", or "since boot".
const since = "SINCE"

// The words of severity, the worst last.
const (
	noticeWord   = "notice"
	warningWord  = "warning"
	criticalWord = "critical"
)

func severityWords() []string { return []string{noticeWord, warningWord, criticalWord} }

// aggregate is a named item of a group.
type aggregate struct{ name, expression string }

// rows is the query of the rows that are looked at.
func (c *check) rows() string { return c.rowsWith(func(aggregate) bool { return true }) }

// rowsWith is that with some of the items alone.
func (c *check) rowsWith(has func(aggregate) bool) string {
	if len(c.items) == 0 {
		return c.from
	}
	var items []string
	for _, a := range c.items {
		if has(a) {
			items = append(items, a.name+" = "+a.expression)
		}
	}
	return c.from + ": " + strings.Join(items, ", ")
}

// mentions says whether a text of the check uses an item, as a word of its own.
func (c *check) mentions(a aggregate) bool {
	name := regexp.MustCompile(`\b` + a.name + `\b`)
	return slices.ContainsFunc([]string{c.where, c.boot, c.subject, c.value, c.limit}, name.MatchString)
}

// samples says that the check compares two samples.
func (c *check) samples() bool {
	return strings.Contains(c.from+c.where, grown) || strings.Contains(c.from+c.where, perSecond)
}

// severities are the words that the check may give, as far as its text tells.
func (c *check) severities() []string {
	if slices.Contains(severityWords(), c.severity) {
		return []string{c.severity}
	}
	return severityWords()
}

// condition is the condition that makes a row a finding.
func (c *check) condition(sampled bool) string {
	if !sampled && c.boot != "" {
		return c.boot
	}
	return c.where
}

// query is the text that shows the rows behind the check.
func (c *check) query(sampled bool) string {
	if c.own != nil {
		return c.from
	}
	text := c.rowsWith(c.mentions)
	if condition := c.condition(sampled); condition != "true" {
		text += " | where " + condition
	}
	return withSamples(text, sampled)
}

// withSamples puts what the language has into the places of grown, perSecond and since.
func withSamples(text string, sampled bool) string {
	if sampled {
		return strings.NewReplacer(grown, "delta(", perSecond, "rate(", since, `"`+lastSecond+`"`).Replace(text)
	}
	return strings.NewReplacer(grown, "(", perSecond, "(", since, `"since boot"`).Replace(text)
}

// checks are all checks that netql has, by area.
func checks() (all []*check) {
	for _, area := range [][]check{
		socketChecks, tcpChecks, datagramChecks, interfaceChecks, queueChecks, neighborChecks, routeChecks, limitChecks,
	} {
		for i := range area {
			all = append(all, &area[i])
		}
	}
	return all
}

func checkNames() (names []string) {
	for _, c := range checks() {
		names = append(names, c.name)
	}
	return names
}
