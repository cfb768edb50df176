package query_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"netql/query"
	"netql/query/syntax"
)

// peer is the record of the table that is joined; state has the name of a column of conns.
type peer struct {
	port  int // 0 is NULL
	name  string
	state string
}

var peers = []peer{{443, "https", "up"}, {80, "http", "down"}, {80, "web", "up"}, {8080, "alt", "up"},
	{0, "none", "up"}}

// peerScan leaves out what the predicate rules out by name or state.
type peerScan struct {
	request query.Request
	peers   []peer
}

func (s peerScan) String() string { return "where " + s.request.Where.String() }

func (s peerScan) Rows(context.Context) iter.Seq2[*peer, error] {
	return func(yield func(*peer, error) bool) {
		for i := range s.peers {
			known := map[string]any{"name": s.peers[i].name, "state": s.peers[i].state}
			if !s.request.Where.May(func(column string) (any, bool) { value, ok := known[column]; return value, ok }) {
				continue
			}
			if !yield(&s.peers[i], nil) {
				return
			}
		}
	}
}

func joinCatalog() *query.Catalog { return joinCatalogOf(peers) }

func joinCatalogOf(rows []peer) *query.Catalog {
	peers := query.Define(query.Spec[peer]{
		Doc: "A peer.", Shown: []string{"port", "name"}, Key: []string{"name"},
		Columns: []query.Column[peer]{
			query.Col("port", "x.", func(p *peer) query.Port { return query.Port(p.port) }),
			query.Col("rport", "x.", func(p *peer) query.Port { return query.Port(p.port) }),
			query.Col("name", "x.", func(p *peer) string { return p.name }),
			query.Col("state", "x.", func(p *peer) string { return p.state }),
			query.Col("share", "x.", func(p *peer) float64 { return float64(p.port) / 10 }),
		},
		Scan: func(r query.Request) query.Scan[peer] { return peerScan{r, rows} },
	})
	return query.NewCatalog([]query.Declaration{connTable(&scanned{}), declare("peers", peers)}, functions()...)
}

// rowsOf runs a plan and gives each row as text.
func rowsOf(t *testing.T, plan *query.Plan, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for row, err := range plan.Rows(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		var cells []string
		for _, column := range plan.Schema().Visible() {
			cells = append(cells, fmt.Sprint(column.Get(row)))
		}
		lines = append(lines, strings.Join(cells, " "))
	}
	return strings.Join(lines, "\n")
}

// TestJoin: the rows of conns have the ids 1 to 7 and the ports - 443 443 22 443 80 80.
func TestJoin(t *testing.T) {
	for text, want := range map[string]string{
		"conns | join peers on rport == port | select id, name": "2 https\n3 https\n5 " +
			"https\n6 http\n6 web\n7 http\n7 web",
		"conns | join inner peers on rport | select id, name | limit 2": "2 https\n3 https",
		"conns | join left peers on rport == port | select id, name | limit 4": "1 <nil>\n2 https\n3 " +
			"https\n4 <nil>",
		"conns | join left peers on rport == port | where name == nil | select id": "1\n4",
		"conns | join left peers on rport == port | where name != \"https\" | select id, name": "1 <nil>\n4 <nil>\n6 " +
			"http\n6 web\n7 http\n7 web",
		"conns | join left peers on rport == port | where name == \"web\" | select id": "6\n7",
		"conns | join peers on rport == port | where state_2 == \"down\" | select id, state": "6 TIME_WAIT\n7 " +
			"CLOSE_WAIT",
		"conns | join peers on rport == port | where state == LISTEN":                     "",
		"conns | join peers on rport == port | count by name":                             "https 3\nhttp 2\nweb 2",
		"conns | extend p = rport | join peers on p == port | where p == 443 | select id": "2\n3\n5",
		"peers | join peers on name | select name, port_2 | limit 2":                      "https 443\nhttp 80",
		"conns | extend n = id + 1 | join peers on n == share | select id, name, share":   "7 http 8\n7 web 8",
		"peers | join conns on share == id | select name, id":                             "",
		"conns | extend n = id * 1.0 | join conns on n == id | select id, id_2 | limit 2": "1 1\n2 2",
		"conns | join peers on rport == port, process == name":                            "",
		"conns | join (peers state == 'up') on rport == port | select id, name": "2 https\n3 https\n5 https\n" +
			"6 web\n7 web",
		"conns | join left (peers name != 'https' | select port, name) on rport == port | select id, name " +
			"| limit 3": "" +
			"1 <nil>\n2 <nil>\n3 <nil>",
		"conns | join (peers | group by port: n = count()) on rport == port | where n == 2 | select id, n": "6 2\n7 2",
		"conns | join left (peers | sort name | limit 1 | select port) on rport == port | count by port":   "<nil> 7",
		"conns | join (peers | join (peers | select name, s = share) on name | where s < 10) on rport == port | " +
			"select id, name, s": "6 http 8\n6 web 8\n7 http 8\n7 web 8",
		"conns | join (peers | extend p = port) on rport == p | where name == 'web' | select id, p": "6 80\n7 80",
		"conns id == 6 | join peers on rport": "6 TIME_WAIT 10.0.0.10 80 " +
			"80 http\n6 TIME_WAIT 10.0.0.10 80 80 web",
	} {
		plan, err := query.Compile(text, joinCatalog(), someState{})
		if got := rowsOf(t, plan, err); got != want {
			t.Errorf("%s\ngives\n%s\nwant\n%s", text, got, want)
		}
		plan, err = query.CompileUnhinted(text, joinCatalog(), someState{})
		if got := rowsOf(t, plan, err); got != want {
			t.Errorf("%s, without hints\ngives\n%s\nwant\n%s", text, got, want)
		}
		plan, err = query.Compile(text, joinCatalog(), someState{})
		again, errAgain := query.Compile(plan.Query(), joinCatalog(), someState{})
		if err := errors.Join(err, errAgain); err != nil || again.Explain() != plan.Explain() {
			t.Errorf("%s: the canonical text %q is another query: %v", text, plan.Query(), err)
		}
	}
}

// TestJoinPushdown: a condition goes to the side that it is about, and to the joined side of a left join only where a
// row without a partner cannot satisfy it.
func TestJoinPushdown(t *testing.T) {
	for text, want := range map[string]string{
		"conns | join peers on rport == port | where name == \"web\" and state == LISTEN": "scan conns: " +
			"LISTEN\n|where (name == web and ?)",
		"conns | join left peers on rport == port | where name == \"web\"":       "|where name == web",
		"conns | join left peers on rport == port | where name != \"web\"":       "|where ?",
		"conns | join left peers on rport == port | where not (name == \"web\")": "|where ?",
		"conns | join peers on rport == port | limit 3 | where name == \"web\"":  "|where ?",
	} {
		plan, err := query.Compile(text, joinCatalog(), someState{})
		if err != nil {
			t.Fatal(err)
		}
		for part := range strings.SplitSeq(want, "|") {
			if !strings.Contains(plan.Explain(), part) {
				t.Errorf("%s: the plan lacks %q\n%s", text, part, plan.Explain())
			}
		}
	}
}

func TestJoinErrors(t *testing.T) {
	for text, want := range map[string]string{
		"conns | join":                               "a table is missing",
		"conns | join nope on id":                    `unknown table "nope"`,
		"conns | join peers":                         "on is missing",
		"conns | join peers on":                      "a column is missing",
		"conns | join peers on nope == port":         `unknown column "nope" in conns`,
		"conns | join peers on rport == nope":        `unknown column "nope" in peers`,
		"conns | join peers on rport += port":        "unexpected +",
		"conns | join peers on process == port":      "never equal",
		"conns | join peers on state == share":       "never equal",
		"conns | join peers on rport == port, ":      "a column is missing",
		"conns | join peers on rport | where nope":   `unknown column "nope" in conns joined with peers`,
		"conns | join outer peers on rport == port":  "expected on, found peers",
		"conns | join peers on rport == port extend": "expression is missing",
	} {
		_, err := query.Compile(text, joinCatalog(), someState{})
		var wrong *syntax.Error
		if !errors.As(err, &wrong) || !strings.Contains(wrong.Message, want) || wrong.Hint == "" {
			t.Errorf("%s: %v, want %q and a hint", text, err, want)
		}
	}
}
