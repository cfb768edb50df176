package report

import (
	"fmt"
	"slices"

	"netql/query/schema"
)

// drawTable writes the rows as a table.
func drawTable(p *page, a *answer) { p.table(a.columns, a.rows, -1, nil) }

// table writes rows as a table, which scrolls where the window is too narrow. picture, if not nil, draws the number in
// the column at this place.
func (p *page) table(columns []*schema.Column, rows []record, at int, picture func(any)) {
	classes := make([]string, len(columns))
	p.open("div", "class", "scroll")
	p.open("table")
	p.open("thead")
	p.open("tr")
	for i, c := range columns {
		classes[i] = alignment(c, rows, i)
		p.element("th", c.Name, "class", classes[i])
	}
	p.close("tr")
	p.close("thead")
	p.open("tbody")
	for _, row := range rows {
		p.open("tr")
		for i, class := range classes {
			p.open("td", "class", class)
			if i == at {
				picture(row[i].value)
				p.element("span", row[i].text, "class", "amount")
			} else {
				p.text("%s", row[i].text)
			}
			p.close("td")
		}
		p.close("tr")
		p.line()
	}
	p.close("tbody")
	p.close("table")
	p.close("div")
}

const (
	// longestLine is how long the texts of a column may be that stay on a line each; longer ones are prose.
	longestLine = 60
	// longestWord is how long the texts of a column may be that stay on a line on paper, too, where nothing scrolls.
	longestWord = 24
)

// alignment is the class of the column at a place: numbers stand right, sentences wrap, all else stays on a line.
func alignment(c *schema.Column, rows []record, at int) string {
	if slices.Contains([]schema.Kind{schema.Int, schema.Float, schema.Port, schema.Duration}, c.Type.Kind) {
		return "number"
	}
	longest := 0
	for _, row := range rows {
		longest = max(longest, len(row[at].text))
	}
	switch {
	case longest > longestLine:
		return "prose"
	case longest > longestWord:
		return "long"
	}
	return "value"
}

// barWidth is how long the longest bar is, in pixels.
const barWidth = 100

// bar draws a share, from 0 to 1, as a bar.
func (p *page) bar(share float64, class string) {
	p.open("svg", "class", "bar", "width", fmt.Sprint(barWidth), "height", "10", "aria-hidden", "true")
	p.open("rect", "class", "track", "width", fmt.Sprint(barWidth), "height", "10")
	p.close("rect")
	p.open("rect", "class", class, "width", fmt.Sprintf("%.1f", min(1, max(0, share))*barWidth), "height", "10")
	p.close("rect")
	p.close("svg")
}

// drawShares is a table whose column share is drawn, too.
func drawShares(p *page, a *answer) {
	p.table(a.columns, a.rows, a.number("share"), func(value any) {
		share, _ := value.(float64)
		class := "plain"
		switch {
		case share >= 1:
			class = "critical"
		case share >= 0.8:
			class = "warning"
		}
		p.bar(share, class)
	})
}

// drawBars is a table whose last column, a number, is drawn, too.
func drawBars(p *page, a *answer) {
	last, most := len(a.columns)-1, 1
	for _, row := range a.rows {
		n, _ := row[last].value.(int)
		most = max(most, n)
	}
	p.table(a.columns, a.rows, last, func(value any) {
		n, _ := value.(int)
		p.bar(float64(n)/float64(most), "plain")
	})
}
