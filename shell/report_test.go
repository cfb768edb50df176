package shell

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"netql/query/schema"
	"netql/shell/render"
	"netql/sources/lab"
)

// TestReport: a report of a network with trouble has all sections, with rows in those that the trouble is about, from
// the running system and from a capture; a redacted one has none of its addresses.
func TestReport(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Troubled(t)
		dir := t.TempDir()
		path := func(name string) string { return filepath.Join(dir, name) }
		page := func(args ...string) string {
			name := path("page.html")
			netql(t, done, append(args, "report", name)...)
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		live := page()
		for _, want := range []string{"accept_queue", `class="received"`, `class="edge"`,
			"eth1 is up and has no carrier", "LISTEN",
			`<h2>Findings</h2>`, `<h2>What could not be seen</h2>`} {
			if !strings.Contains(live, want) {
				t.Errorf("live: no %s", want)
			}
		}
		netql(t, done, "record", path("old.nq"))
		const link = "later0" // among the sockets, those that have ended meanwhile may be all that is shown
		lab.Link(t, link)
		captured := page("--capture", path("old.nq"))
		if !strings.Contains(captured, "A capture is one moment") || strings.Contains(captured, link) {
			t.Error("the capture's report has rates, or what came later")
		}
		if since := page("--since", path("old.nq")); !regexp.MustCompile(`<td class="mark">\+</td>.*` + link).
			MatchString(since) {
			t.Errorf("no new interface %s among the changes", link)
		}
		redacted := page("--redact")
		if address := "198.51.100."; !strings.Contains(live, address) || strings.Contains(redacted, address) {
			t.Error("an address of the network is in the redacted report, or in none")
		}
		for name, text := range map[string]string{"live": live, "captured": captured, "redacted": redacted} {
			for _, unwanted := range []string{"<script", "style=", "This could not be read", "://", ">broadcast<"} {
				if i := strings.Index(text, unwanted); i >= 0 {
					t.Errorf("%s: %q in ...%s", name, unwanted, text[max(0, i-100):min(len(text), i+100)])
				}
			}
		}
		if out := os.Getenv("NETQL_REPORT"); out != "" { // for a look at it
			if err := os.WriteFile(out, []byte(live), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestReportRefused: what cannot be written leaves nothing behind, and says why.
func TestReportRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, test := range []struct {
		args, message string
		status        int
	}{
		{"report", "report needs the name of one file\nhint: netql report incident.html\n", wrong},
		{"report a.html b.html", "report needs the name of one file\n", wrong},
		{"report a.htm", "a report is a page of HTML, and a.htm does not end with .html\nhint: netql report " +
			"a.htm.html\n",
			wrong},
		{"report .html", ".html has no name before .html, and would be hidden\nhint: netql report incident.html\n",
			wrong},
		{"report --format json a.html", "a report is a page of HTML, and has no other format\nhint: netql report " +
			"a.html\n", wrong},
		{"report nosuch/a.html", "error: open nosuch/a.html: no such file or directory\n", failed},
		{"report --redact --since x a.html", "--redact and --since do not go together\n", wrong},
		{"report --since x a.html", "error: open x: no such file or directory\n", failed},
		{"--netns all report a.html", "a report is of one network namespace, and --netns all stands for several\n",
			wrong},
		{"sockets --since x", "--since is a flag of netql report\n", wrong},
		{"sockets --redact", "--redact is a flag of netql record and netql report\n", wrong},
		{"--timeout 1ms report a.html", "error: stopped after 1ms: nothing is written\n", timedOut},
	} {
		cmd := exec.Command("netql", strings.Fields(test.args)...)
		cmd.Dir = dir
		if got := outcomeOf(t, cmd); got.status != test.status || !strings.Contains(got.stderr, test.message) {
			t.Errorf("%s: %+v", test.args, got)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestReportHostile: names of processes, control groups and namespaces that break parsers and terminals break no page,
// live or redacted: it is one element, with nothing in it that a browser would run or a terminal obey.
func TestReportHostile(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.AllStates(t)
		lab.Hostile(t)
		for i, name := range []string{"<script>alert(1", `"><img src=x>`, "</style></h2>"} {
			// By low ports, because of the listeners, sorted by port, the page shows the first.
			listener := lab.Listen(t, lab.TCP, fmt.Sprintf("127.0.0.1:%d", 1001+i))
			lab.Start(t, lab.Helper{Comm: name}, listener)
			listener.Close()
		}
		file := filepath.Join(t.TempDir(), "page.html")
		for _, flags := range [][]string{nil, {"--redact"}} {
			netql(t, done, append(flags, "report", file)...)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			page := string(text)
			if line := strings.ReplaceAll(page, "\n", " "); schema.Visible(line) != line {
				t.Errorf("%q: a terminal would obey this", flags)
			}
			if element := regexp.MustCompile(`(?i)<(script|img|iframe|link|object)|<[^>]* (on\w+|src|style)=`).
				FindString(page); element != "" {
				t.Errorf("%q: there is an element %q", flags, element)
			}
			if n := strings.Count(page, "</style>"); n != 1 {
				t.Errorf("%q: %d style sheets end", flags, n)
			}
			if shown := strings.Contains(page, "&lt;script&gt;alert(1"); shown != (flags == nil) {
				t.Errorf("%q: the name of a process is shown: %v", flags, shown)
			}
		}
	})
}

// TestChangesThatMatter: a page shows what has changed or is new before what is gone, and ended connections last.
func TestChangesThatMatter(t *testing.T) {
	t.Parallel()
	columns := []*schema.Column{{Name: "state", Type: schema.Of(schema.Text)}}
	var changes render.Changes
	changes.Columns = columns
	for _, row := range []struct {
		mark  render.Mark
		state string
	}{
		{render.Gone, "TIME_WAIT"}, {render.New, "TIME_WAIT"}, {render.Gone, "LISTEN"}, {render.New, "LISTEN"},
		{render.Gone, "ESTABLISHED"}, {render.Changed, "CLOSE_WAIT"},
	} {
		changes.Rows = append(changes.Rows, render.RowChange{Mark: row.mark, Values: []any{row.state}})
	}
	var got []string
	for _, row := range reported(changes).Rows {
		got = append(got, row.Mark+row.Values[0])
	}
	const want = "~CLOSE_WAIT +LISTEN -LISTEN -ESTABLISHED +TIME_WAIT -TIME_WAIT"
	if text := strings.Join(got, " "); text != want {
		t.Error(text)
	}
}
