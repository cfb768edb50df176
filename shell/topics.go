package shell

import (
	"fmt"
	"strings"

	"netql/query"
	"netql/query/expression"
	"netql/query/syntax"
	"netql/shell/complete"
	"netql/shell/render"
	"netql/shell/watch"
)

// topic is what help can tell about.
type topic struct {
	name, doc string
	text      func(catalog *query.Catalog) string
	examples  []question // queries that can be run as they are
}

// topics are all of them; the first is what help alone tells.
func topics() []topic {
	return []topic{
		{"start", "where to begin", startText, []question{
			{"which process has the most connections", "sockets state == ESTAB | count by process | limit 5"},
			{"the throughput of interfaces, live, as a small graph", "interfaces | select name, rate(rx_bytes), spark(rate(rx_bytes)) | watch 1s"},
			{"the states of sockets, as bars", "sockets | count by state | bars"},
			{"connections that end, as they end", "sockets | follow"},
		}},
		{"language", "conditions, values and units", languageText, []question{
			{"a word is a value opposite an enum or a port", "sockets state == LISTEN and lport == ssh"},
			{"text stands in quotes", `sockets process == "nginx" or process startsWith "post"`},
			{"addresses and prefixes do not", "sockets raddr in 10.0.0.0/8"},
			{"a list, a range", "sockets rport in [80, 443] or rport in 1..1023"},
			{"durations, sizes and rates have units", "sockets rtt > 50ms or recv_queue > 64KiB or pacing_rate < 10Mbit"},
			{"what is not known is nil", "sockets pid == nil"},
		}},
		{"stages", "what follows a |", stagesText, []question{
			{"", "sockets | where lport < 1024 | select lport, process | sort lport desc | limit 5"},
			{"", "sockets | group by process: n = count(), p95(rtt), sum(bytes_sent) | sort n desc"},
			{"", "sockets state == LISTEN | join left services on lport == port, proto | select local, name, process"},
		}},
		{"functions", "what an expression can compute", functionsText, []question{
			{"", `sockets | extend who = upper(process ?? "?") | select who, local | limit 5`},
			{"", "sockets | stats conns = count(), slowest = max(rtt) by raddr | top 5 by conns"},
		}},
		{"watch", "asking again and again, rates, graphs, events", watchText, []question{
			{"", "sockets | count by state | watch 2s"},
			{"ends by itself", "sockets state == SYN_SENT | watch 1s until count() == 0"},
			{"how fast each connection sends", "sockets state == ESTAB | select remote, process, sending = rate(bytes_sent) | sort sending desc | watch 1s"},
			{"without watch: two samples, a second apart", "sockets state == ESTAB | stats sum(rate(bytes_sent))"},
			{"events", "sockets | follow | where rport == 443"},
		}},
		{"formats", "how answers are shown and saved", formatsText, nil},
		{"tables", "what can be asked", tablesText, []question{
			{"", "tables"},
			{"", `columns doc contains "retrans"`},
		}},
		{"keys", "the keys of the prompt and of a watch", keysText, nil},
		{"examples", "more questions", func(*query.Catalog) string { return "" }, questions},
	}
}

func topicChoices() (candidates []complete.Candidate) {
	for _, t := range topics() {
		candidates = append(candidates, complete.Candidate{Text: t.name, Doc: t.doc, Kind: complete.Keyword})
	}
	return candidates
}

// help tells about a topic, a stage, a function, a table or a word of the prompt.
func (s *session) help(about string) {
	if about == "" {
		about = topics()[0].name
	}
	for _, tell := range []func(string, *query.Catalog) string{topicHelp, wordHelp, stageHelp, functionHelp, tableHelp} {
		if text := tell(strings.ToLower(about), s.catalog()); text != "" {
			s.read(visibleLines(text))
			return
		}
	}
	var names []string
	for _, t := range topics() {
		names = append(names, t.name)
	}
	names = append(names, syntax.StageNames()...)
	for _, t := range s.catalog().Tables {
		names = append(names, t.Name)
	}
	s.reject("", usagef("there is no help about %q", about).withHint("%s", oneOf(about, names)))
}

func topicHelp(name string, catalog *query.Catalog) string {
	for _, t := range topics() {
		if t.name == name {
			return t.text(catalog) + exampleText(t.examples)
		}
	}
	return ""
}

func exampleText(examples []question) string {
	var b strings.Builder
	for _, e := range examples {
		if e.text != "" {
			fmt.Fprintf(&b, "  // %s\n", e.text)
		}
		fmt.Fprintf(&b, "  %s\n", e.query)
	}
	return b.String()
}

func wordHelp(name string, _ *query.Catalog) string {
	for _, w := range words() {
		if w.Name == name {
			return w.usage() + "\n  " + w.Doc + "\n"
		}
	}
	return ""
}

func stageHelp(name string, _ *query.Catalog) string {
	stage, known := syntax.StageNamed(name)
	for _, s := range complete.Stages {
		if known && s.Name == stage {
			return "| " + s.Usage + "\n  " + s.Doc + "\n"
		}
	}
	return ""
}

func functionHelp(name string, catalog *query.Catalog) (text string) {
	for _, f := range functionList(catalog) {
		if called, _, _ := strings.Cut(f.Text, "("); strings.EqualFold(called, strings.TrimSuffix(name, "()")) {
			text += f.Text + "\n  " + f.Doc + "\n"
		}
	}
	return text
}

func tableHelp(name string, catalog *query.Catalog) string {
	table, known := catalog.Table(name)
	if !known {
		return ""
	}
	shown := strings.Join(table.Shown, ", ")
	return fmt.Sprintf("%s\n  %s\n  shown: %s; the others: schema %s\n\n  %s\n", table.Name, table.Doc, shown, table.Name, strings.Join(table.Examples, "\n  "))
}

func startText(*query.Catalog) string {
	return `Ask with a table, a condition, and stages after a |. Tab completes tables,
columns, values and all else.

  tables                      what can be asked
  schema sockets              its columns
  sockets state == LISTEN     a table and a condition
  export who.csv sockets | count by process
                              save an answer; the name tells the format
` + wordList() + `
More: help language, stages, functions, watch, formats, tables, keys, examples,
or about one stage, function or table. An unfinished query goes on in the next
line; an empty line ends it. Try:

`
}

// wordList is a line for each word but those that are known by now.
func wordList() string {
	var b strings.Builder
	for _, w := range words() {
		if w.Name != "schema" && w.Name != "export" && w.Name != "exit" {
			fmt.Fprintf(&b, "  %-26s  %s\n", w.usage(), w.Doc)
		}
	}
	return b.String()
}

func languageText(*query.Catalog) string {
	return `Compare with == != < <= > >=, in, contains, matches (a regular expression),
startsWith, endsWith; join with and, or, not (...). Compute with + - * / % **,
a ?? b where a may be nil, and a ? b : c. Case does not matter.

`
}

func stagesText(*query.Catalog) string {
	var list []render.Choice
	for _, s := range complete.Stages {
		list = append(list, render.Choice{Text: s.Usage, Doc: s.Doc})
	}
	return aligned(list, helpWidth) + "\n"
}

func functionsText(catalog *query.Catalog) string {
	return aligned(functionList(catalog), helpWidth) + "\nThose of (x) compute one value of a group, in group and stats.\n\n"
}

// functionList are all functions, as they are called.
func functionList(catalog *query.Catalog) (list []render.Choice) {
	for _, f := range expression.AggregateFunctions() {
		list = append(list, render.Choice{Text: f.Name + "(x)", Doc: f.Doc})
	}
	for _, f := range expression.SampleFunctions() {
		list = append(list, render.Choice{Text: f.Signature(), Doc: f.Doc})
	}
	for _, f := range append(catalog.Functions[:len(catalog.Functions):len(catalog.Functions)], expression.Builtins()...) {
		list = append(list, render.Choice{Text: f.Signature(), Doc: f.Doc})
	}
	for _, f := range expression.ListFunctions() {
		list = append(list, render.Choice{Text: f.Signature(), Doc: f.Doc})
	}
	return list
}

func watchText(*query.Catalog) string {
	return `| watch [INTERVAL] [until CONDITION], the last stage, asks again and again. On
a terminal the answer is shown in place: a new row has a +, a changed one a *,
and one that is gone a -. Elsewhere each row comes with its time.

rate(x) is how fast a number grows, per second (of bytes: bits per second),
delta(x) by how much since the sample before, spark(x) draws the last values.
| follow shows what happens instead of what is.

`
}

func formatsText(*query.Catalog) string {
	var list []render.Choice
	for _, f := range render.Formats {
		list = append(list, render.Choice{Text: f.Name, Doc: f.Doc})
	}
	return aligned(list, helpWidth) + "\n" + `  format json                  for all answers from now on; auto goes back
  export answer.csv sockets    into a file; its name ends in one of
                               ` + suffixes() + `

In a shell: netql --format csv 'sockets' > FILE. A long answer goes through
$NETQL_PAGER, $PAGER or less; NETQL_PAGER= turns that off.
`
}

func tablesText(catalog *query.Catalog) string {
	var list []render.Choice
	for _, t := range catalog.Tables {
		list = append(list, render.Choice{Text: t.Name, Doc: t.Doc})
	}
	return aligned(list, helpWidth) + "\nschema TABLE shows the columns of one, help TABLE queries to start from.\n\n"
}

func keysText(*query.Catalog) string {
	return "At the prompt\n" + aligned([]render.Choice{
		{Text: "Tab", Doc: "complete, or list what may come"},
		{Text: "up, down", Doc: "earlier queries; Ctrl-R searches them"},
		{Text: "Ctrl-A, Ctrl-E", Doc: "the start, the end of the line"},
		{Text: "Ctrl-W, Ctrl-U", Doc: "delete the word, the line before the cursor"},
		{Text: "Ctrl-C", Doc: "a new line; ends a query that runs"},
		{Text: "Ctrl-D", Doc: "leave"},
	}, helpWidth) + "\nIn a watch\n" + aligned(watch.Keys(), helpWidth)
}

// helpWidth is the room that help makes do with.
const helpWidth = 80

// aligned is an entry after the other, what they are about beside them in lines that fit.
func aligned(list []render.Choice, width int) string {
	return strings.Join(render.Aligned(list, width), "\n") + "\n"
}
