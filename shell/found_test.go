package shell

import (
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"netql/query"
	"netql/sources"
	"netql/sources/lab"
	"netql/tables"
)

// findNothing are the recommended queries that find nothing in a troubled namespace, and why. All others must.
var findNothing = map[string]string{
	"interfaces xdp != nil | select name, xdp, xdp_program":                            "there is no XDP program",
	"memory kind in [transport, fragments] and memory > 0.8 * limit":                   "the limits are the machine's",
	"memory under_pressure | select name, memory, pressure, limit":                     "the limits are the machine's",
	"multicast_groups timer != nil | sort timer":                                       "nobody asks for reports",
	"multicast_interfaces flags contains tunnel or flags contains register":            "the kernel may lack both",
	"multicast_interfaces remote != nil | select vif, local, remote, bytes_out":        "the kernel may lack tunnels",
	"neighbors state == STALE and used > 10m | sort used desc":                         "the namespace is younger",
	"nic_stats name matches \"drop|err|miss|discard\" and value > 0 | sort value desc": "no driver here counts such",
	"routes cached | select dst, gateway, dev, mtu, expires, flags":                    "no router told of an MTU",
	"sockets last_data_recv > 1h and timer == keepalive":                               "the namespace is younger",
	"sockets pid == nil and state == LISTEN | select lport, owner_status":              "root sees all owners",

	"routes family == inet and cached | select dst, gateway = host(gateway), netstat_flags, mtu, window, rtt, dev": "" +
		"no router told of an MTU",
}

// TestExamplesFind: in a namespace that has what they look for, everything that help and the documents recommend finds
// something.
func TestExamplesFind(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "/etc/services")
		lab.Troubled(t)
		catalog := tables.Catalog()
		found := findAll(t, recommended(t), catalog)
		for line, err := range found {
			switch excused := findNothing[line] != "" || !lab.HasCgroup() && ofCgroup.MatchString(line); {
			case errors.Is(err, errNothing) && !excused:
				t.Errorf("nothing is found by %s", line)
			case err != nil && !errors.Is(err, errNothing):
				t.Errorf("%s: %v", line, err)
			case err == nil && excused:
				t.Errorf("it is said to find nothing, and does: %s", line)
			}
		}
		for line := range findNothing {
			if _, known := found[line]; !known {
				t.Errorf("nothing recommends %s", line)
			}
		}
	})
}

// ofCgroup finds what asks for containers and units, of which there are none without cgroups.
var ofCgroup = regexp.MustCompile(`container != nil|unit ==|^containers processes > 0`)

// quoted finds the query in a command that a document shows, behind the options.
var quoted = regexp.MustCompile(`netql ([^'\n]*)'([^'\n]+)'`)

// TestUnitedExamplesFind: so it is with what they recommend to ask all namespaces, several captures, or hosts.
func TestUnitedExamplesFind(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Troubled(t)
		dir, asked := t.TempDir(), map[string]int{}
		for _, name := range []string{"web1.nq", "web2.nq"} {
			netql(t, done, "record", filepath.Join(dir, name))
		}
		for _, text := range documents(t) {
			for _, command := range quoted.FindAllStringSubmatch(text, -1) {
				option := unites(command[1])
				if option == "" || strings.HasSuffix(command[1], "--via ") { // whose argument is quoted, too
					continue
				}
				asked[option]++
				flags := strings.Fields(option)
				if option == askingHosts { // which are captures here
					flags = []string{"--hosts", "web1,web2", "--via", "netql --capture {}.nq answer",
						"--host-timeout", "1m"}
				}
				cmd := exec.Command("netql", append(flags, "--no-header", command[2])...)
				cmd.Dir = dir
				if rows, err := cmd.Output(); err != nil || len(rows) == 0 {
					t.Errorf("nothing is found with %s by %s: %v", option, command[2], err)
				}
			}
		}
		for _, option := range uniting {
			if asked[option] == 0 {
				t.Errorf("nothing is recommended to ask with %s", option)
			}
		}
	})
}

// uniting are the options that ask several systems, as the documents have them.
var uniting = []string{"--netns all", "--capture web1.nq,web2.nq", askingHosts}

const askingHosts = "--hosts "

// unites is the one of these among the options of a command; "" if there is none.
func unites(options string) string {
	i := slices.IndexFunc(uniting, func(option string) bool { return strings.Contains(options, option) })
	if i < 0 {
		return ""
	}
	return uniting[i]
}

// recommended are the queries of the documents, in blocks and in commands, of --help, of the help at the prompt, and of
// the stages.
func recommended(t *testing.T) (lines []string) {
	for _, line := range documented(t) {
		lines = append(lines, line)
	}
	for _, text := range documents(t) {
		for _, command := range quoted.FindAllStringSubmatch(text, -1) {
			if unites(command[1]) == "" && !strings.HasPrefix(command[1], "ss ") {
				lines = append(lines, command[2])
			}
		}
	}
	for _, q := range questions {
		lines = append(lines, q.query)
	}
	for _, topic := range topics() {
		for _, example := range topic.examples {
			lines = append(lines, example.query)
		}
	}
	for _, stage := range query.Language {
		lines = append(lines, stage.Example)
	}
	return lines
}

var errNothing = errors.New("it finds nothing")

// findAll runs the queries, several at a time, for many wait for their second sample.
func findAll(t *testing.T, lines []string, catalog *query.Catalog) map[string]error {
	t.Helper()
	const together = 16
	var wait sync.WaitGroup
	var mutex sync.Mutex
	found := map[string]error{}
	free := make(chan struct{}, together)
	for _, line := range lines {
		free <- struct{}{}
		wait.Go(func() {
			err := find(t.Context(), line, catalog)
			mutex.Lock()
			found[line] = err
			mutex.Unlock()
			<-free
		})
	}
	wait.Wait()
	return found
}

// find runs a query until it gives a row, a watch once; errNothing says that it gave none. Events are waited for, and
// what ends by itself has the time that the machine needs for all of them at once.
func find(ctx context.Context, line string, catalog *query.Catalog) error {
	plan, err := query.Compile(line, catalog, tables.Ask(sources.Live()))
	if err != nil {
		return err
	}
	if plan.Follows() {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, patience)
		defer stop()
	}
	for _, err := range plan.Rows(ctx) {
		return err
	}
	return errNothing
}
