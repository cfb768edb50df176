package report

import "strings"

// drawFindings writes each finding as a block: how bad it is, the sentence, what to do, and the rows behind it. Those
// of the same query have its rows once, in the first of them.
func drawFindings(p *page, a *answer) {
	shown := map[string]bool{}
	for _, row := range a.rows {
		value := func(name string) string {
			if i := a.number(name); i >= 0 {
				return row[i].text
			}
			return ""
		}
		severity := value("severity")
		p.open("article", "class", "finding "+severityClass(severity))
		p.open("h3")
		p.element("span", severity, "class", "badge")
		p.text(" %s", value("finding"))
		p.close("h3")
		if advice := value("advice"); advice != "" {
			p.advice(advice)
		}
		if query := value("query"); !shown[query] {
			shown[query] = true
			p.detail(a.details[query])
			p.command(query)
		}
		p.close("article")
		p.line()
	}
}

// severityClass is the class of a severity. A check of the user's own may give any text.
func severityClass(severity string) string {
	switch severity {
	case "critical", "warning":
		return severity
	}
	return "notice"
}

// detail writes the rows behind a finding, if they were read.
func (p *page) detail(a *answer) {
	if a == nil {
		return
	}
	defer p.partial(a)
	if len(a.rows) == 0 {
		return
	}
	p.table(a.columns, a.rows, -1, nil)
	if a.more > 0 {
		p.element("p", "and "+grouped(a.more)+" more, which this shows:", "class", "more")
	}
}

// advice writes what to do next; queries in it stand between backquotes.
func (p *page) advice(text string) {
	p.open("p")
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			p.element("code", part)
		} else {
			p.text("%s", part)
		}
	}
	p.close("p")
}
