package tables_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/sources"
	"netql/sources/lab"
	"netql/sources/netns"
	"netql/sources/vfs/vfstest"
	"netql/tables"
)

// elsewhereEnv holds inquiries: it makes a process of this test binary a program that answers them, and exits.
const elsewhereEnv = "NETQL_TABLES_ELSEWHERE"

// inquiry is a query to a network namespace: a target of sources.Enter, or all.
type inquiry struct{ Target, Query string }

// tellings is an answer as text.
type tellings struct {
	Rows     []map[string]string
	Warnings []string
	Failure  string
}

// answerElsewhere prints the answers.
func answerElsewhere(text string) (status int) {
	var inquiries []inquiry
	var answers []tellings
	err := json.Unmarshal([]byte(text), &inquiries)
	for _, q := range inquiries {
		answers = append(answers, q.answer())
	}
	if err := errors.Join(err, json.NewEncoder(os.Stdout).Encode(answers)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// target is what the query asks, until leave is called.
func (q inquiry) target() (catalog *query.Catalog, state query.State, leave func(), err error) {
	if q.Target == "all" {
		all := &sources.AllNamespaces{}
		return tables.Everywhere(tables.Catalog()), tables.AskEverywhere(all), all.Close, nil
	}
	system, leave, err := sources.Enter(q.Target)
	if err != nil {
		return nil, nil, nil, err
	}
	return tables.Catalog(), tables.Ask(system), leave, nil
}

func (q inquiry) answer() (a tellings) {
	catalog, state, leave, err := q.target()
	if err != nil {
		return tellings{Failure: err.Error()}
	}
	defer leave()
	plan, err := query.Compile(q.Query, catalog, state)
	if err != nil {
		return tellings{Failure: err.Error()}
	}
	columns := plan.Schema().Visible()
	for record, err := range plan.Rows(context.Background()) {
		if err != nil {
			a.Failure = err.Error()
			break
		}
		values := map[string]string{}
		for _, column := range columns {
			values[column.Name] = strings.ToValidUTF8(cell(column.Get(record)), "?") // JSON would replace them, too
		}
		a.Rows = append(a.Rows, values)
	}
	a.Warnings = plan.Warnings()
	return a
}

// elsewhere asks from a process in a network namespace of its own. Hidden processes of the machine are no news.
func elsewhere(t *testing.T, inquiries ...inquiry) []tellings {
	t.Helper()
	text, err := json.Marshal(inquiries)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), elsewhereEnv+"="+string(text))
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNET}
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	var answers []tellings
	if err := errors.Join(err, json.Unmarshal(out, &answers)); err != nil || len(answers) != len(inquiries) {
		t.Fatalf("%v: %v\n%s", inquiries, err, out)
	}
	for i, a := range answers {
		if a.Failure != "" {
			t.Errorf("%v: %s", inquiries[i], a.Failure)
		}
	}
	return answers
}

// between compares an answer with one before and one after it: what those have in common, it must have too, and nothing
// that neither has. Only what stands still can be compared.
func between(key []string, before, got, after tellings) (faults []string) {
	index := func(a tellings) map[string]map[string]string {
		rows := map[string]map[string]string{}
		for _, r := range a.Rows {
			var id []string
			for _, column := range key {
				id = append(id, column+"="+r[column])
			}
			rows[strings.Join(id, " ")] = r
		}
		return rows
	}
	old, new, rows := index(before), index(after), index(got)
	if len(rows) != len(got.Rows) {
		faults = append(faults, "two rows with one key")
	}
	for id, a := range old {
		b, there := new[id]
		if there && rows[id] == nil {
			faults = append(faults, "missing "+id)
		}
		for column, value := range a {
			if there && rows[id] != nil && b[column] == value && rows[id][column] != value {
				faults = append(faults, fmt.Sprintf("%s: %s is %s, want %s", id, column, rows[id][column], value))
			}
		}
	}
	for id := range rows {
		if old[id] == nil && new[id] == nil {
			faults = append(faults, "too many "+id)
		}
	}
	return faults
}

// restless are tables where asking makes rows, and columns that change all the time.
var restless = map[string]bool{"netlink_sockets": true}

// TestElsewhere: each table tells of a namespace, from outside, what it tells inside; and of all namespaces what it
// tells of each.
func TestElsewhere(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populate(t)
		pid := strconv.Itoa(os.Getpid())
		netns := cell(live(t, "sockets | select netns | limit 1")[0]["netns"])
		for _, table := range tables.Catalog().Listing() {
			if restless[table.Name] || table.Waits || // which has a test of its own
				table.Scope > query.NamespaceScope && table.Name != "softnet" {
				continue
			}
			text := table.Name + " | select *"
			united := fmt.Sprintf("%s netns == '%s' | select *", table.Name, netns)
			if table.Name == "limits" || table.Name == "sysctls" { // those of the machine come with our own namespace
				text = table.Name + " scope == namespace | select *"
				united = fmt.Sprintf("%s netns == '%s' and scope == namespace | select *", table.Name, netns)
			}
			if table.Scope > query.NamespaceScope {
				united = text
			}
			var faults []string
			for range 4 {
				inside := inquiry{pid, text}.answer()
				answers := elsewhere(t, inquiry{pid, text}, inquiry{"all", united}, inquiry{pid, text})
				again := inquiry{pid, text}.answer()
				faults = slices.Concat(between(table.Key, inside, answers[0], again),
					between(table.Key, answers[0], answers[1], answers[2]))
				for i, a := range answers {
					if len(a.Warnings) != len(inside.Warnings) {
						faults = append(faults, fmt.Sprintf("answer %d warns %q, inside %q", i, a.Warnings,
							inside.Warnings))
					}
				}
				if faults == nil {
					break
				}
			}
			for _, fault := range faults {
				t.Errorf("%s: %s", table.Name, fault)
			}
		}
	})
}

// TestEverywhere: sockets of all namespaces come once, with their owners and in the order of the namespaces; a table
// about the machine comes once.
func TestEverywhere(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "/etc/services")
		lab.NameNamespaces(t, "own", "blue", "abc")
		ports := map[string]string{}
		for _, name := range []string{"own", "blue"} {
			place, err := netns.Find(name)
			if err != nil {
				t.Fatal(err)
			}
			n, err := place.Open()
			if err != nil {
				t.Fatal(err)
			}
			defer n.Close()
			if err := n.Do(func() error {
				ports[name] = strconv.Itoa(int(lab.Listen(t, lab.TCP, "0.0.0.0:0").Local.Port()))
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		own := "own " + ports["own"] + " " + strconv.Itoa(os.Getpid()) + " " + held(t)
		blue := "blue " + ports["blue"] + " " + strconv.Itoa(os.Getpid()) + " " + held(t)
		for _, test := range []struct {
			query string
			want  []string
		}{
			{"sockets | where netns in ['own', 'blue'] | select netns, lport, pid, owner_status", []string{own, blue}},
			{"sockets | where netns in ['own', 'blue'] | sort lport | select netns", inOrder(ports)},
			{"sockets netns == 'blue' | join neighbors on netns | count", []string{"0"}},
			{"sockets | where netns in ['own', 'blue', 'abc'] | count by netns", []string{"blue 1", "own 1"}},
			{"proto_stats name == 'RtoMin' and netns in ['own', 'blue', 'abc'] | select netns, port = service(22)",
				[]string{"own ssh", "abc ssh", "blue ssh"}},
			{"services name == 'ssh' | select name", []string{"ssh"}},
			{"tables name == 'tables' | select name", []string{"tables"}},
			{"columns table == 'qdiscs' and name == 'netns' | select key, shown", []string{"true true"}},
		} {
			a := inquiry{"all", test.query}.answer()
			var got []string
			for _, r := range a.Rows {
				got = append(got, ordered(test.query, r))
			}
			if !slices.Equal(got, test.want) || a.Failure != "" || len(a.Warnings) > 0 {
				t.Errorf("%s: %q, %s, %q; want %q", test.query, got, a.Failure, a.Warnings, test.want)
			}
		}
	})
}

// inOrder are the namespaces by their ports.
func inOrder(ports map[string]string) []string {
	names := []string{"own", "blue"}
	slices.SortFunc(names, func(a, b string) int {
		x, _ := strconv.Atoi(ports[a])
		y, _ := strconv.Atoi(ports[b])
		return x - y
	})
	return names
}

// ordered are the cells of a row in the order of the query's last stage.
func ordered(text string, r map[string]string) string {
	last := text[strings.LastIndex(text, "|")+1:]
	names := make([]string, 0, len(r))
	for name := range r {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		place := func(name string) int {
			if i := strings.Index(last, name); i >= 0 {
				return i
			}
			return len(last)
		}
		if name := "count"; a == name || b == name {
			return map[bool]int{true: 1, false: -1}[a == name]
		}
		return place(a) - place(b)
	})
	var cells []string
	for _, name := range names {
		cells = append(cells, r[name])
	}
	return strings.Join(cells, " ")
}

// TestEverywhereExplain: explain says how each namespace is read, and enters none.
func TestEverywhereExplain(t *testing.T) {
	plan, err := query.Compile("sockets netns == 'blue' and state == LISTEN | select netns, lport",
		tables.Everywhere(tables.Catalog()), tables.AskEverywhere(&sources.AllNamespaces{}))
	if err != nil {
		t.Fatal(err)
	}
	const want = "scan sockets: tcp LISTEN; mptcp LISTEN; sctp LISTEN; in every network namespace\n" +
		"  reads state, lport, netns\n"
	if got := plan.Explain(); !strings.HasPrefix(got, want) {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// TestMember: the container and the unit of a namespace are those of its first process.
func TestMember(t *testing.T) {
	id := strings.Repeat("0123456789abcdef", 4)
	system := &sources.System{Files: vfstest.Files{
		"/proc/7/cgroup": {Text: "0::/system.slice/docker-" + id + ".scope\n"}, "/proc/9/cgroup": {Err: unix.EMFILE}}}
	const inode = "4026532245"
	for pid, want := range map[int][]any{
		7: {inode, id, "docker-" + id + ".scope"}, 8: {inode, nil, nil}, 9: {inode, nil, nil}, 0: {inode, nil, nil},
	} {
		var warnings []string
		m := tables.Member(sources.Stack{Namespace: sources.Namespace{Inode: 4026532245}, PID: pid}, system,
			func(warning string) { warnings = append(warnings, warning) })
		if got := []any{m.Value("netns"), m.Value("container"), m.Value("unit")}; !slices.Equal(got, want) ||
			m.Name != "netns 4026532245" {
			t.Errorf("process %d: %v, %s", pid, got, m.Name)
		}
		if told := fmt.Sprint(warnings); strings.Contains(told, "too many open files") != (pid == 9) ||
			len(warnings) > 1 {
			t.Errorf("process %d: %s", pid, told)
		}
	}
}
