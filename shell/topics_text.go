package shell

import (
	"fmt"
	"strings"

	"netql/query"
	"netql/query/expression"
	"netql/shell/complete"
	"netql/shell/render"
	"netql/shell/watch"
)

func startText(catalog *query.Catalog) string {
	return `Ask with a table, a condition, and stages after a |. Tab completes tables,
columns, values and all else.

  tables                      what can be asked
  schema sockets              its columns
  sockets state == LISTEN     a table and a condition
  export who.csv sockets | count by process
                              save an answer; the name tells the format
` + wordList() + `
` + namesText(catalog) + `More: help language, stages, functions, watch, pictures, formats, tables, keys,
named, hosts, examples, or about one stage, function, table, column or named
query. An unfinished query goes on in the next line; an empty line ends it. Try:

`
}

// namesText is a paragraph with the names of the named queries; "" where there are none.
func namesText(catalog *query.Catalog) string {
	names := catalog.Named.Names()
	if len(names) == 0 {
		return ""
	}
	text := "Named queries, yours and those of all users: " + strings.Join(names, ", ") + "."
	return strings.Join(render.Wrapped(text, helpWidth), "\n") + "\n\n"
}

// wordList is a line for each word of the prompt but those that the text above it explains.
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
	for _, s := range query.Language {
		list = append(list, render.Choice{Text: s.Usage, Doc: s.Doc})
	}
	return aligned(list, helpWidth) + "\n"
}

func functionsText(catalog *query.Catalog) string {
	return aligned(functionList(catalog), helpWidth) +
		"\nThose of (x) compute one value of a group, in group and stats.\n\n"
}

// functionList are all functions: their signatures and docs.
func functionList(catalog *query.Catalog) (list []render.Choice) {
	for _, f := range expression.AggregateFunctions {
		list = append(list, render.Choice{Text: f.Signature(), Doc: f.Doc})
	}
	for _, f := range complete.Functions(catalog) {
		list = append(list, render.Choice{Text: f.Label, Doc: f.Doc})
	}
	return list
}

func watchText(*query.Catalog) string {
	return `| watch [INTERVAL] [until CONDITION], the last stage, asks again and again. On
a terminal the answer is shown in place: a new row has a +, a changed one a *,
and one that is gone a -. Elsewhere each row comes with its time.

rate(x) is how fast a number grows, per second (of bytes: bits per second),
delta(x) by how much since the sample before, spark(x) draws the last values.
| follow shows rows as they appear, change and end, not those that there are.

`
}

func picturesText(*query.Catalog) string {
	return `| bars draws a number beside each row, or two that grow away from each other;
with log, bars are as long as the number's logarithm, share writes per cent. A
bar has the colour of its row's state.
| histogram chooses round ranges and counts the values in each; its last row
counts those that are NULL. | graph makes an edge of rows that agree on both
ends and shows a tree. Programs' formats have the same rows without a picture;
html and markdown have pictures, and dot and mermaid draw graphs:

  netql --format dot 'sockets | graph process, raddr' | dot -Tsvg > who.svg

`
}

func formatsText(*query.Catalog) string {
	var list []render.Choice
	for _, f := range render.Formats {
		list = append(list, render.Choice{Text: f.Name, Doc: f.Doc})
	}
	return aligned(list, helpWidth) + "\n" + `  format json                  for all answers from now on; auto goes back
  sockets lport == 22 \G       one answer as records: each row one value below
                               the other; \x alone for all from now on
  export answer.csv sockets    into a file; its name ends in one of
` + suffixList() + `
In a shell: netql --format csv 'sockets' > FILE. A long answer goes through
$NETQL_PAGER, $PAGER or less; NETQL_PAGER= turns that off.
`
}

// suffixList are the suffixes of files, below the text that tells of them.
func suffixList() (text string) {
	const indent = 31
	for _, line := range render.Wrapped(strings.Join(render.Suffixes(), " "), helpWidth-1-indent) {
		text += strings.Repeat(" ", indent) + line + "\n"
	}
	return text
}

func tablesText(catalog *query.Catalog) string {
	var list []render.Choice
	for _, t := range catalog.Tables() {
		list = append(list, render.Choice{Text: t.Name, Doc: t.Doc})
	}
	return aligned(list, helpWidth) + "\nschema TABLE shows the columns of one, help TABLE queries to start from.\n\n"
}

func keysText(*query.Catalog) string {
	return "At the prompt\n" + aligned([]render.Choice{
		{Text: "Tab", Doc: "complete, or list what may come; again: the next page"},
		{Text: "up, down", Doc: "earlier queries that begin with what is typed; Ctrl-R searches all"},
		{Text: "right", Doc: "at the end of the line: what is suggested in grey, an earlier query"},
		{Text: "| STAGE", Doc: "a line that begins with | continues the query before it"},
		{Text: "pasting", Doc: "several lines become one query, which Enter runs"},
		{Text: "Ctrl-X Ctrl-E", Doc: `edit in $VISUAL or $EDITOR; \e edits the last query`},
		{Text: "Ctrl-A, Ctrl-E", Doc: "the start, the end of the line"},
		{Text: "Ctrl-W, Ctrl-U", Doc: "delete the word, the line before the cursor"},
		{Text: "Ctrl-C", Doc: "a new line; ends a query that runs"},
		{Text: "Ctrl-D", Doc: "leave"},
	}, helpWidth) + "\nIn a watch\n" + aligned(watch.Keys(), helpWidth)
}

func hostsText(*query.Catalog) string {
	return `Hosts answer by their own netql, which ssh runs there (netql answer). Every
table has then the rows of all of them, and a column host.

  netql --hosts web1,root@db1 'sockets | count by host, state'
  netql --hosts @hosts.txt     a prompt; the file has a host a line
  use hosts web1,web2          at the prompt; use live goes back
  hosts                        who answered, who did not, and why

--via COMMAND is another way than ssh, {} is the name of the host:
--via 'docker exec -i {} netql answer'. --abreast N is how many are reached at a
time, --host-timeout D how long one may be silent. docs/fleet.md tells all.
`
}

// helpWidth is the width of help texts, in columns.
const helpWidth = 80

// aligned is render.Aligned as one text.
func aligned(list []render.Choice, width int) string {
	return strings.Join(render.Aligned(list, width), "\n") + "\n"
}

func namedText(catalog *query.Catalog) string {
	return `A named query stands where a table would, at the beginning of a query. alias
writes one into a file of yours, and unalias removes it; its parameters are used
with a $:

  alias listeners sockets state == LISTEN | select local, process
  alias slow(limit = 5ms) = sockets rtt > $limit | top 10 by rtt
  slow 10ms | count            slow limit = 10ms says the same

Files *.nq in ~/.config/netql, and in /etc/netql for all users, have them in
lines: def slow(limit = 5ms) = sockets ... ~/.config/netql/config has settings,
in lines KEY = VALUE, whose keys are
` + strings.Join(settingKeys, ", ") + `,
columns.TABLE.

` + namedList(catalog, helpWidth)
}
