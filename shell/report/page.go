package report

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"strings"
	"time"

	"netql/query/schema"
)

// page is HTML that is being written. Text gets into it by text and by the values of attributes, which escape what HTML
// gives a meaning and what would be invisible; all else is literal.
type page struct{ b strings.Builder }

// open begins an element with attributes: names and values in turn.
func (p *page) open(element string, attributes ...string) {
	p.b.WriteString("<" + element)
	for i := 0; i+1 < len(attributes); i += 2 {
		p.b.WriteString(" " + attributes[i] + `="` + escaped(attributes[i+1]) + `"`)
	}
	p.b.WriteString(">")
}

func (p *page) close(element string) { p.b.WriteString("</" + element + ">") }

func (p *page) text(format string, args ...any) {
	p.b.WriteString(escaped(fmt.Sprintf(format, args...)))
}

// element writes an element that holds text.
func (p *page) element(element, text string, attributes ...string) {
	p.open(element, attributes...)
	p.b.WriteString(escaped(text))
	p.close(element)
}

// line ends a line of the page's source.
func (p *page) line() { p.b.WriteString("\n") }

func escaped(text string) string { return html.EscapeString(schema.Visible(text)) }

// policy forbids the page everything but the style that it holds itself, known by its hash. Whatever a hostile name
// would add to the page, no browser would run or load.
func policy() string {
	hash := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) +
		"'; base-uri 'none'; form-action 'none'"
}

// Write writes the page.
func (r *Report) Write(out io.Writer) error {
	p := &page{}
	p.b.WriteString("<!DOCTYPE html>\n")
	p.open("html", "lang", "en")
	p.head(r.source.Title)
	p.open("body")
	p.line()
	p.top(r)
	p.open("main")
	for i, a := range r.answers {
		p.section(i, a)
	}
	p.changes(r.source)
	p.unseen(r.Warnings())
	p.close("main")
	p.close("body")
	p.close("html")
	p.line()
	_, err := io.WriteString(out, p.b.String())
	return err
}

func (p *page) head(title string) {
	p.open("head")
	p.open("meta", "charset", "utf-8")
	p.open("meta", "http-equiv", "Content-Security-Policy", "content", policy())
	p.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
	p.open("meta", "name", "referrer", "content", "no-referrer")
	p.element("title", title+": network report")
	p.open("style")
	p.b.WriteString(style) // no part of it comes from elsewhere
	p.close("style")
	p.close("head")
	p.line()
}

// top is the heading: where the page comes from, what it found, and a list of its sections.
func (p *page) top(r *Report) {
	p.open("header")
	p.element("h1", r.source.Title)
	p.open("dl")
	facts := append(r.source.Facts, [2]string{"read in", schema.ForPeopleDuration(r.took.Round(10 * time.Millisecond))})
	for _, fact := range facts {
		p.open("div")
		p.element("dt", fact[0])
		p.element("dd", fact[1])
		p.close("div")
	}
	p.close("dl")
	p.open("nav")
	for i, a := range r.answers {
		p.element("a", a.title, "href", fmt.Sprintf("#s%d", i))
	}
	if r.source.Since != "" {
		p.element("a", changesTitle, "href", "#changes")
	}
	p.close("nav")
	p.close("header")
	p.line()
}

// section writes one section. What could not be read says so in it.
func (p *page) section(i int, a *answer) {
	p.open("section", "id", fmt.Sprintf("s%d", i))
	p.element("h2", a.title)
	p.element("p", a.about, "class", "about")
	switch {
	case a.single:
		p.element("p", "A capture is one moment: there are no rates.", "class", "empty")
	case a.err != nil && len(a.rows) == 0:
		p.element("p", "This could not be read: "+a.err.Error(), "class", "failed")
	case len(a.rows) == 0 && len(a.series) == 0:
		p.element("p", a.empty, "class", "empty")
	default:
		a.draw(p, a)
		p.partial(a)
	}
	if a.more > 0 {
		p.element("p", fmt.Sprintf("and %s more, which this shows:", grouped(a.more)), "class", "more")
	}
	p.command(a.query)
	p.close("section")
	p.line()
}

// partial says of rows that they are not all, and why.
func (p *page) partial(a *answer) {
	if a.err != nil {
		p.element("p", "There may be more: "+a.err.Error(), "class", "failed")
	}
}

// command shows the query that the reader may type.
func (p *page) command(query string) {
	p.open("p", "class", "query")
	p.element("code", "netql "+shellQuoted(query))
	p.close("p")
}

// shellQuoted is text as one word of a shell's command line.
func shellQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// unseen tells why the page is not complete.
func (p *page) unseen(warnings []string) {
	p.open("section", "id", "unseen")
	p.element("h2", "What could not be seen")
	if len(warnings) == 0 {
		p.element("p", "Nothing was kept from netql.", "class", "empty")
	} else {
		p.open("ul")
		for _, warning := range warnings {
			p.element("li", warning)
		}
		p.close("ul")
	}
	p.close("section")
	p.line()
}

// grouped is a number with commas between thousands.
func grouped(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
