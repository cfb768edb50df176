package shell

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"netql/query"
	"netql/sources/capture"
	"netql/sources/lab"
	"netql/tables"
)

// recordHosts makes captures web1.nq and web2.nq in a directory. The second one has a listener more, which is given.
func recordHosts(t *testing.T) (dir string, listener string) {
	t.Helper()
	dir = t.TempDir()
	lab.Listen(t, lab.TCP, "127.0.0.1:0")
	netql(t, done, "record", filepath.Join(dir, "web1.nq"))
	local := lab.Listen(t, lab.TCP, "[::1]:0").Local.String()
	netql(t, done, "record", filepath.Join(dir, "web2.nq"))
	return dir, local
}

// TestHosts: the answer of a query over several captures is that over each, with the host in front, for every table;
// they may be named one by one or by their directory.
func TestHosts(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		dir, _ := recordHosts(t)
		one, two := filepath.Join(dir, "web1.nq"), filepath.Join(dir, "web2.nq")
		rows := func(captures, text string) (lines []string) {
			answer := netql(t, done, "--capture", captures, "--format", "tsv", "--no-header", text)
			return strings.FieldsFunc(answer, func(r rune) bool { return r == '\n' })
		}
		for _, table := range tables.Catalog().Listing() {
			if table.Scope == query.ProgramScope { // of netql, with the column host that there is now
				continue
			}
			text := table.Name + " | select *"
			var want []string
			for name, path := range map[string]string{"web1": one, "web2": two} {
				for _, line := range rows(path, text) {
					want = append(want, name+"\t"+line)
				}
			}
			got := rows(dir, text)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s: over both\n%s\none by one\n%s", table.Name, strings.Join(got, "\n"),
					strings.Join(want, "\n"))
			}
			if listed := rows(two+", "+one, text); !slices.Equal(slices.Sorted(slices.Values(listed)), want) {
				t.Errorf("%s: %q is not what the directory has", table.Name, listed)
			}
		}
	})
}

// TestHostsAsked: what there is to say about several captures at once.
func TestHostsAsked(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		dir, listener := recordHosts(t)
		for name, bytes := range map[string]int{"broken.nq": 3000, "notes.txt": 100} {
			whole, err := os.ReadFile(filepath.Join(dir, "web1.nq"))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), whole[:bytes], 0o600); err != nil {
				t.Fatal(err)
			}
		}
		empty, older := t.TempDir(), t.TempDir()
		whole, err := os.ReadFile(filepath.Join(dir, "web1.nq"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"web1.nq", "web2.nq"} {
			if err := os.WriteFile(filepath.Join(older, name), whole, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		const broken = "warning: broken: broken.nq: the capture is damaged: its end is missing\n"
		for _, test := range []struct {
			args             string
			stdout, messages string
			status           int
		}{
			{"--capture . --format csv 'sockets state == LISTEN | count by host'", "host,count\nweb2,2\nweb1,1\n",
				broken, 0},
			{"--capture . --strict --format csv 'sockets state == LISTEN | count'", "count\n3\n", broken, 3},
			{"--capture web1.nq,web2.nq --format csv 'sockets host == \"web2\" and family == inet6 | select local'",
				"local\n" + listener + "\n", "", 0},
			{"--capture web1.nq,web2.nq --format csv 'sockets state == LISTEN | join processes on host, pid | count'",
				"count\n3\n", "", 0},
			{"--capture web1.nq,web2.nq --explain 'sockets'", "in every capture", "", 0},
			{"--capture web1.nq,web2.nq --explain 'sockets | count by state'", "\n\nasked of hosts:\n" +
				"each host answers: sockets | group by state: `part 1` = count()\n  with state, `part 1`\n" +
				"their answers are put together: `answers of hosts` | group by state: count = sum(`part 1`) ?? 0 | " +
				"sort count desc\n", "", 0},
			{"--capture web1.nq,web2.nq --explain 'tables'", "scan tables: ", "", 0},
			{"--capture web1.nq,broken.nq sockets", "",
				"error: broken.nq: the capture is damaged: its end is missing\n", 1},
			{"--capture web1.nq,nosuch.nq sockets", "", "error: open nosuch.nq: no such file or directory\n", 1},
			{"--capture " + empty + " sockets", "", "error: no file in " + empty + " has a name that ends with .nq\n" +
				"hint: name the captures, with commas between them: FILE,FILE\n", 2},
			{"--capture . record x", "", "error: a capture is of one network namespace, and these are 3 captures\n" +
				"hint: name one: netql --capture FILE\n", 2},
			{"--capture ./web1.nq,web1.nq --format csv 'sockets state == LISTEN | count by host'", ",1\n", "", 0},
			{"--capture web1.nq,web2.nq ss -tln", "",
				"error: ss has no column for the host, and these are 2 captures\n", 2},
			{"--capture web1.nq,web2.nq netstat -rn", "",
				"netstat has no column for the host, and these are 2 captures\n", 2},
			{"--capture web1.nq,web2.nq 'sockets | join routes on raddr in dst'", "",
				"hint: add host: join routes on raddr in dst, host\n", 2},
			{"--capture . 'sockets | watch 1s'", "", "a capture is a single sample\n", 2},
			{"diff .", "", "error: captures of several hosts are compared with captures, not with live\n", 2},
			{"diff --format csv " + older + " web1.nq,web2.nq --query 'sockets state == LISTEN | select local'",
				",new,", "", 1},
			{"diff --format csv " + older + " web1.nq,web2.nq", "sockets,new,host=web2 ", "", 1},
			{"--capture web1.nq,web2.nq diff " + older + " --format csv --query 'sockets state == LISTEN'",
				"local=" + listener, "", 1},
		} {
			cmd := exec.Command("sh", "-c", "exec netql "+test.args)
			cmd.Dir = dir
			got := outcomeOf(t, cmd)
			if got.status != test.status || !strings.Contains(got.stdout, test.stdout) ||
				!strings.Contains(got.stderr, test.messages) {
				t.Errorf("%s: %+v", test.args, got)
			}
		}
		cmd := exec.Command("netql")
		cmd.Dir, cmd.Stdin = dir, strings.NewReader("use web1.nq,web2.nq\nsockets state == LISTEN | count by host\n")
		if got := outcomeOf(t, cmd); !strings.Contains(got.stdout, "queries ask 2 captures: web1, web2\n") ||
			!strings.Contains(got.stdout, "web2      2\n") {
			t.Errorf("use: %+v", got)
		}
	})
}

// TestHostNames: hosts have the names that their captures have recorded, unless two have the same.
func TestHostNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ files, recorded, want string }{
		{"a.nq b.nq", "web1 web2", "web1 web2"},
		{"a.nq b.nq c.nq", "web1 web1 db", "a b db"},
		{"x/a.nq y/a.nq", "web web", "x/a.nq y/a.nq"},
		{"a.nq web.nq c.nq", "web db db", "a web.nq c"},
		{"a.nq /dev/fd/63", "- -", "a 63"},
		{"a.nq b.nq", "b -", "a b.nq"},
	} {
		var files []captureFile
		var manifests []capture.Manifest
		for i, recorded := range strings.Fields(test.recorded) {
			files = append(files, captureFile{path: strings.Fields(test.files)[i]})
			manifests = append(manifests, capture.Manifest{Host: strings.Trim(recorded, "-")})
		}
		if got := fmt.Sprint(hostNames(files, manifests)); got != "["+test.want+"]" {
			t.Errorf("%s of %s: %s, want %s", test.files, test.recorded, got, test.want)
		}
	}
}
