package shell

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"netql/query"
	"netql/query/schema"
	"netql/shell/render"
	"netql/sources/lab"
	"netql/tables"
)

// TestHostileFormats writes every column of every table in every format, where processes, cgroups, units and
// namespaces have names that break parsers and terminals, and names of every byte; of all namespaces too, and outside
// of .ci/long of one alone in one format for each table.
func TestHostileFormats(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.AllStates(t)
		lab.Hostile(t)
		names := lab.EveryByte(t)
		checkNames(t, names)
		for i, format := range render.Formats {
			for n, table := range tables.Catalog().Listing() {
				for _, where := range [][]string{nil, {"--netns", "all"}} {
					if where == nil && !long() && n%len(render.Formats) != i {
						continue // all namespaces have its rows, too
					}
					query := table.Name + " " + hostileRows[table.Name]
					if format.Graph {
						query += edgesOf(table)
					} else {
						query += " | select *"
					}
					args := append(where, "--format", format.Name, query)
					var out, notes strings.Builder
					if status := Main(append([]string{"netql"}, args...), nil, &out, &notes); status != done {
						t.Errorf("%q: status %d, %s", args, status, notes.String())
					}
					if fault := faultOf(format, out.String()); fault != "" {
						t.Errorf("%q: %s:\n%q", args, fault, out.String()[:min(out.Len(), 2000)])
					}
				}
			}
		}
	})
}

// hostileRows are conditions for the rows of a table that have names of others in them, where there are many more, or
// where asking for all has to wait: settings of interfaces, and checks that name processes.
var hostileRows = map[string]string{
	"sysctls": `name startsWith "net.ipv4.conf."`, "findings": "check in [accept_queue, exposed_listener]",
}

// edgesOf is a stage for a graph of each text that a table has.
func edgesOf(table *query.Table) string {
	var texts []string
	for _, c := range table.Columns {
		if c.Type.Kind == schema.Text {
			texts = append(texts, query.Language.Identifier(c.Name).String())
		}
	}
	from, to := table.Columns[0].Name, table.Columns[len(table.Columns)-1].Name
	if len(texts) > 0 {
		from, to = texts[0], texts[len(texts)-1]
	}
	told := "count()"
	if len(texts) > 0 {
		told = "list(" + strings.Join(texts, "), list(") + ")"
	}
	return " | graph " + from + ", " + to + ": " + told
}

// checkNames holds that csv, which keeps all bytes, has these names of processes.
func checkNames(t *testing.T, names []string) {
	t.Helper()
	out, err := exec.Command("netql", "--format", "csv", "processes | select name").Output()
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(out))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !slices.ContainsFunc(rows, func(row []string) bool { return row[0] == name }) {
			t.Errorf("no process is called %q", name)
		}
	}
}

// graphLines are the lines of graphs, by format: what is inside of quotes ends nowhere before they do.
var graphLines = map[string]*regexp.Regexp{
	"dot": regexp.MustCompile(`^(digraph netql \{|    rankdir=LR;|    node \[shape=box\];|` +
		`    n\d+( -> n\d+)? \[label="([^"\\]|\\["\\])*"\];|\})$`),
	"mermaid": regexp.MustCompile(`^(flowchart LR|    n\d+\["([\pL\p{Nd} :/,@._-]|#\d+;)*"\]|` +
		`    n\d+ --(>\|"([\pL\p{Nd} :/,@._-]|#\d+;)*"\||>) n\d+)$`),
}

// faultOf says what a program or a terminal would not take of an answer.
func faultOf(format render.Format, text string) string {
	switch format.Name {
	case "csv":
		if _, err := csv.NewReader(strings.NewReader(text)).ReadAll(); err != nil {
			return err.Error()
		}
		return "" // which keeps all bytes
	case "tsv":
		head, rest, _ := strings.Cut(text, "\n")
		for line := range strings.Lines(rest) {
			if strings.Count(line, "\t") != strings.Count(head, "\t") {
				return "a row of another width"
			}
		}
		return ""
	case "dot", "mermaid":
		for line := range strings.Lines(text) {
			if !graphLines[format.Name].MatchString(strings.TrimSuffix(line, "\n")) {
				return "a line of something else: " + line
			}
		}
	case "json", "ndjson":
		for decoder := json.NewDecoder(strings.NewReader(text)); ; {
			var value any
			if err := decoder.Decode(&value); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return err.Error()
			}
		}
	}
	if line := strings.ReplaceAll(text, "\n", " "); schema.Visible(line) != line {
		return "a terminal would obey this"
	}
	return ""
}
