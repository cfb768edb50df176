package report

const changesTitle = "Changes"

// changes writes what is new, gone and changed since another moment.
func (p *page) changes(source Source) {
	if source.Since == "" {
		return
	}
	p.open("section", "id", "changes")
	p.element("h2", changesTitle)
	p.element("p", "What is new (+), gone (-) and changed (~) since "+source.Since+".", "class", "about")
	if len(source.Changes) == 0 {
		p.element("p", "Nothing has changed.", "class", "empty")
	}
	for _, c := range source.Changes {
		p.changesOf(c)
	}
	p.close("section")
	p.line()
}

func (p *page) changesOf(c Changes) {
	p.element("h3", c.Table)
	p.open("div", "class", "scroll")
	p.open("table")
	p.open("thead")
	p.open("tr")
	p.element("th", "")
	for _, name := range c.Columns {
		p.element("th", name)
	}
	p.element("th", "changed")
	p.close("tr")
	p.close("thead")
	p.open("tbody")
	rows := c.Rows[:min(len(c.Rows), mostRows)]
	for _, row := range rows {
		p.open("tr")
		p.element("td", row.Mark, "class", "mark")
		for _, value := range row.Values {
			p.element("td", value)
		}
		p.element("td", row.Told, "class", "prose")
		p.close("tr")
		p.line()
	}
	p.close("tbody")
	p.close("table")
	p.close("div")
	if more := len(c.Rows) - len(rows); more > 0 {
		p.element("p", "and "+grouped(more)+" more, which netql diff shows", "class", "more")
	}
}
