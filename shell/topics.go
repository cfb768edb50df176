package shell

import (
	"fmt"
	"slices"
	"strings"

	"netql/query"
	"netql/query/syntax"
	"netql/shell/complete"
	"netql/shell/render"
)

// topic is one text of the prompt's help.
type topic struct {
	name, doc string
	text      func(catalog *query.Catalog) string
	examples  []question // queries that can be run as they are; text may be ""
}

// topics are all topics of help; the first is shown for help without a topic.
func topics() []topic {
	return []topic{
		{"start", "where to begin", startText, []question{
			{"which process has the most connections", "sockets state == ESTAB | count by process | limit 5"},
			{"the throughput of interfaces, live, as a small graph",
				"interfaces | select name, rate(rx_bytes), spark(rate(rx_bytes)) | watch 1s"},
			{"the states of sockets, as bars", "sockets | count by state | bars"},
			{"connections that end, as they end", "sockets | follow"},
		}},
		{"language", "conditions, values and units", languageText, []question{
			{"a word is a value opposite an enum or a port", "sockets state == LISTEN and lport == ssh"},
			{"or a text; other texts stand in quotes", `sockets process == nginx or process startsWith "my app"`},
			{"addresses and prefixes do not", "sockets raddr in 10.0.0.0/8"},
			{"a list, a range", "sockets rport in [80, 443] or rport in 1..1023"},
			{"durations, sizes and rates have units",
				"sockets rtt > 50ms or recv_queue > 64KiB or pacing_rate < 10Mbit"},
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
			{"how fast each connection sends",
				"sockets state == ESTAB | select remote, process, sending = rate(bytes_sent) | sort sending desc | " +
					"watch 1s"},
			{"without watch: two samples, a second apart", "sockets state == ESTAB | stats sum(rate(bytes_sent))"},
			{"events", "sockets | follow | where rport == 443"},
		}},
		{"pictures", "bars, histograms, graphs", picturesText, []question{
			{"how many of each, and what share that is", "sockets | count by state | bars share"},
			{"two numbers opposite each other, small ones visible",
				"interfaces | select name, rx_bytes, tx_bytes | bars rx_bytes, tx_bytes log"},
			{"how the round trips are spread, for each state", "sockets | histogram rtt log by state"},
			{"of widths that you choose", "sockets raddr != nil | count by network(raddr, 24) | bars"},
			{"who talks to whom", "sockets state == ESTAB | graph process, raddr: count(), sum(bytes_sent)"},
			{"which processes talk through sockets of this machine", "unix_sockets | graph process, peer_process"},
			{"what is part of which bridge or bond", "interfaces | graph master, name"},
			{"the last samples of each row", "interfaces | select name, spark(rate(rx_bytes)) | watch 1s"},
		}},
		{"formats", "how answers are shown and saved", formatsText, nil},
		{"tables", "what can be asked", tablesText, []question{
			{"", "tables"},
			{"", `columns doc contains "retrans"`},
		}},
		{"hosts", "asking many hosts at once", hostsText, nil},
		{"named", "queries of your own by name, and settings", namedText, nil},
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

// help is the word "help" of the prompt: it shows the text of a topic, or of a stage, a function, a table or a word of
// the prompt.
func (s *session) help(about string) int { return s.tellAbout(about) }

// helpCommand is the command "help": the text of --help, or that of a topic.
func (s *session) helpCommand(words []string) int {
	if len(words) == 0 {
		return s.print(help())
	}
	return s.tellAbout(strings.Join(words, " "))
}

// tellAbout shows the text of a topic, and gives the exit status.
func (s *session) tellAbout(about string) int {
	if about == "" {
		about = topics()[0].name
	}
	kinds := []func(string, *query.Catalog) string{
		topicHelp, wordHelp, namedHelp, stageHelp, functionHelp, tableHelp, columnHelp,
	}
	for _, tell := range kinds {
		if text := tell(strings.ToLower(about), s.catalog); text != "" {
			s.printPaged(visibleLines(text))
			return done
		}
	}
	var names []string
	for _, t := range topics() {
		names = append(names, t.name)
	}
	names = append(names, query.Language.Words()...)
	names = slices.Concat(names, s.catalog.Names(), s.catalog.Named.Names())
	hint := "help lists the topics; any stage, function, table and column is one, too"
	if near := syntax.Nearest(about, names); near != "" {
		hint = "did you mean help " + near + "?"
	}
	return s.usageFailure("", usagef("there is no help about %q", about).withHint("%s", hint))
}

func topicHelp(name string, catalog *query.Catalog) string {
	if name == "fleet" || name == answerName {
		name = "hosts"
	}
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
	stage, known := query.Language.Stage(name)
	if !known {
		return ""
	}
	text := "| " + stage.Usage + "\n  " + stage.Doc + "\n"
	if stage.Details != "" {
		text += "  " + strings.Join(render.Wrapped(stage.Details, helpWidth-2), "\n  ") + "\n"
	}
	return text + "\n  " + stage.Example + "\n"
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
	about := []render.Choice{
		{Text: table.Name, Doc: table.Doc},
		{Text: "shown", Doc: strings.Join(table.Shown, ", ") + "; all columns: schema " + table.Name},
	}
	return aligned(about, helpWidth) + "\n  " + strings.Join(table.Examples, "\n  ") + "\n"
}
