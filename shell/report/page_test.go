package report

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"netql/query/schema"
)

// column is a column of made-up rows, which have the values already.
func column(name string, kind schema.Kind) *schema.Column {
	return &schema.Column{Name: name, Type: schema.Of(kind)}
}

// madeUp is a report of made-up rows, in which every text is that of the function.
func madeUp(text func(what string) string) *Report {
	words := func(values ...any) (r record) {
		for _, v := range values {
			if s, ok := v.(string); ok {
				v = text(s)
			}
			r = append(r, cell{v, schema.ForPeople(v, schema.None)})
		}
		return r
	}
	columns := func(names ...string) (list []*schema.Column) {
		for _, name := range names {
			kind := schema.Text
			if strings.HasPrefix(name, "#") {
				kind = schema.Int
			}
			list = append(list, column(strings.TrimPrefix(name, "#"), kind))
		}
		return list
	}
	r := &Report{took: 5 * time.Second, source: Source{
		Title: text("web1"), Facts: [][2]string{{"time", "2026-11-30 03:00:00 UTC"},
			{"of", text("the running system")}},
		Warnings: []string{text("the owners of some sockets are unknown")}, Since: text("web1, 2026-11-30 02:00"),
		Changes: []Changes{{Table: "sockets", Columns: []string{"local"}, Rows: []Change{
			{"+", []string{text("[2001:db8:85a3::8a2e:370:1001]:8080")}, ""},
			{"~", []string{text("127.0.0.1:22")}, text("state LISTEN -> CLOSED")}}}},
	}}
	for i := range sections {
		a := &answer{section: &sections[i]}
		switch a.title {
		case "Findings":
			a.columns = columns("severity", "check", "subject", "finding", "advice", "query")
			for _, severity := range []string{"critical", "warning", "notice"} {
				a.rows = append(a.rows, words(severity, "accept_queue", "java",
					"java on [2001:db8:85a3::8a2e:370:1001]:8080 has 5 connections waiting, where 4 may wait.",
					"The program accepts too slowly: `sockets state == LISTEN`.", "sockets overflow"))
			}
			a.rows[0][0] = cell{"critical", "critical"}
			a.details = map[string]*answer{a.rows[0][5].text: {columns: columns("local", "#accept_queue"), more: 2,
				rows: []record{words("[2001:db8:85a3::8a2e:370:1001]:8080", 5)}}}
		case "Limits":
			a.columns = append(columns("name", "subject"), column("share", schema.Float))
			a.rows = []record{words("accept_queue", "[2001:db8:85a3::8a2e:370:1001]:8080", 1.0),
				words("conntrack", "", 0.85), words("file_nr", "", 0.4)}
		case "Interfaces over time":
			a.series = []series{{name: text("eth0"), received: []float64{1, 5, 2, 8, 4},
				sent: []float64{3, 3, 9, 1, 2}},
				{name: text("lo")}}
		case "Sockets by state":
			a.columns = columns("proto", "state", "#count")
			a.rows = []record{words("tcp", "ESTABLISHED", 12000), words("tcp", "LISTEN", 10)}
		case "Who talks to whom":
			a.columns = columns("process", "raddr", "#count")
			a.graph = &schema.Graph{From: a.columns[0], To: a.columns[1]}
			a.rows = []record{words("nginx", "2001:db8:85a3::8a2e:370:7334", 900), words("sshd", "192.0.2.9", 1),
				words("nginx", "192.0.2.9", 30)}
			a.more = 1234
		case "Slow peers":
			a.err = errors.New(text("no sockets could be read"))
		case "Routes":
			a.columns, a.rows = columns("dst"), []record{words("0.0.0.0/0")}
			a.err = errors.New(text("the list was interrupted"))
		case "Lossy peers":
		case "Interfaces":
			a.single = true
		default:
			a.columns = columns("name", "#value")
			a.rows = []record{words("one of the rows", 1), words(strings.Repeat("long ", 20), 22222)}
		}
		r.answers = append(r.answers, a)
	}
	return r
}

// markup are the elements and the attributes of a page.
func markup(t *testing.T, r *Report) (elements, attributes []string, text string) {
	t.Helper()
	var b strings.Builder
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	decoder := xml.NewDecoder(strings.NewReader(b.String()))
	decoder.Strict, decoder.AutoClose, decoder.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return elements, attributes, b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			elements = append(elements, start.Name.Local)
			for _, attribute := range start.Attr {
				attributes = append(attributes, start.Name.Local+" "+attribute.Name.Local)
			}
		}
	}
}

// hostile are texts that would become markup, or would change how what follows is read.
var hostile = []string{
	"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "' onmouseover='alert(1)", "</title><base href=//x>",
	"</style><link rel=stylesheet href=//x>", "]]><!--", "&lt;b&gt;", "\x00\x1b[31m\u202e\u2066", "\xff\xfe",
	"javascript:x",
}

// TestHostile: whatever texts are in a report, it has the elements and attributes that harmless ones have, and nothing
// that is invisible.
func TestHostile(t *testing.T) {
	elements, attributes, _ := markup(t, madeUp(func(what string) string { return what }))
	for _, bad := range hostile {
		// Texts that are different stay different: what they are is in them, too.
		gotElements, gotAttributes, text := markup(t, madeUp(func(what string) string { return bad + what }))
		countOf := func(list []string) map[string]bool {
			set := map[string]bool{}
			for _, name := range list {
				set[name] = true
			}
			return set
		}
		for name := range countOf(gotElements) {
			if !slices.Contains(elements, name) {
				t.Errorf("%q: there is an element %s", bad, name)
			}
		}
		for name := range countOf(gotAttributes) {
			if !slices.Contains(attributes, name) {
				t.Errorf("%q: there is an attribute %s", bad, name)
			}
		}
		for _, invisible := range []string{"\x00", "\x1b", "\u202e", "\u2066", "\xff"} {
			if strings.Contains(text, invisible) {
				t.Errorf("%q: %q is on the page", bad, invisible)
			}
		}
	}
}

// TestPolicy: the page forbids all but the style that it holds, and refers to nothing.
func TestPolicy(t *testing.T) {
	_, attributes, text := markup(t, madeUp(func(what string) string { return what }))
	if !strings.Contains(text, `content="default-src &#39;none&#39;; style-src &#39;sha256-`) {
		t.Error("there is no policy")
	}
	for _, attribute := range attributes {
		if _, name, _ := strings.Cut(attribute, " "); slices.Contains([]string{"src", "style", "srcset", "action"},
			name) ||
			strings.HasPrefix(name, "on") ||
			strings.HasSuffix(attribute, " href") && !strings.HasPrefix(attribute, "a ") {
			t.Errorf("the page has %s", attribute)
		}
	}
	for _, unwanted := range []string{"url(", "@import", "http:", "https:"} {
		if strings.Contains(text, unwanted) {
			t.Errorf("the page has %s", unwanted)
		}
	}
}

// TestSaid: what is left out, or could not be read, is said where it would be.
func TestSaid(t *testing.T) {
	_, _, text := markup(t, madeUp(func(what string) string { return what }))
	for _, want := range []string{"and 1,234 more", "This could not be read: no sockets could be read",
		"Nothing had to be sent again.",
		"There may be more: the list was interrupted", "A capture is one moment",
		"<li>Slow peers: no sockets could be read</li>",
		"<code>sockets state == LISTEN</code>"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
}
