package shell

import (
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
	"netql/sources/netns"
)

// namespaces is a test with the namespaces own and blue, each with a listener; their ports are given.
func namespaces(t *testing.T, test func(t *testing.T, ports map[string]string)) {
	lab.Isolate(t, func(t *testing.T) {
		lab.NameNamespaces(t, "own", "blue")
		ports := map[string]string{"own": strconv.Itoa(int(lab.Listen(t, lab.TCP, "127.0.0.1:0").Local.Port()))}
		place, err := netns.Find("blue")
		if err != nil {
			t.Fatal(err)
		}
		blue, err := place.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer blue.Close()
		if err := blue.Do(func() error {
			ports["blue"] = strconv.Itoa(int(lab.Listen(t, lab.TCP, "0.0.0.0:0").Local.Port()))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		test(t, ports)
	})
}

// outcome is what a run of the program gave.
type outcome struct {
	stdout, stderr string
	status         int
}

func outcomeOf(t *testing.T, cmd *exec.Cmd) outcome {
	t.Helper()
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// TestNetns: a query, a batch and the prompt ask the namespace that --netns names; a word that names none is told
// before anything is read.
func TestNetns(t *testing.T) {
	namespaces(t, func(t *testing.T, ports map[string]string) {
		const query = "sockets state == LISTEN | select netns, lport"
		stale := "/run/netns/stale"
		if err := os.WriteFile(stale, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		blue, own := "blue,"+ports["blue"]+"\n", "own,"+ports["own"]+"\n"
		for _, test := range []struct {
			args, input, stdout, stderr string // stderr as a pattern
			status                      int
		}{
			{"--netns blue", query, blue, "^$", 0},
			{"--netns=/run/netns/blue --strict", query, blue, "^$", 0},
			{"--netns " + strconv.Itoa(os.Getpid()), query, own, "^$", 0},
			{"--netns own", query + "\n" + query, own + own, "^$", 0},
			{"--netns all", "sockets netns in ['own', 'blue'] and state == LISTEN | select netns, lport", own + blue,
				"^$", 0},
			{"--netns blu", query, "",
				"^error: blu: no such network namespace, and no container of that name runs\nhint: did you mean " +
					"blue\\?\n$",
				2},
			{"--netns x\x1b[2J", query, "",
				`^error: x\\x1b\[2J: no such network namespace, and no container of that name runs` +
					"\nhint: there are blue, own; a path", 2},
			{"--netns blue", "limits scope == machine", "", "^$", 0},
			{"--netns blue", "limits name == tcp_mem", "",
				"warning: tcp_mem is of the whole machine, and not of this network namespace: ask without --netns\n$",
				0},
			{"--netns stale", query, "", "^error: /run/netns/stale: not a network namespace\n", 2},
			{"--netns 4194304", query, "", "^error: no process has the number 4194304: no such network namespace\n", 2},
			{"--netns /proc/self/ns/user", query, "", "^error: /proc/self/ns/user: not a network namespace\n", 2},
		} {
			cmd := exec.Command("netql", append(strings.Fields(test.args), "--format", "csv", "--no-header")...)
			cmd.Stdin = strings.NewReader(test.input + "\n")
			got := outcomeOf(t, cmd)
			if got.stdout != test.stdout || got.status != test.status ||
				!regexp.MustCompile(test.stderr).MatchString(got.stderr) {
				t.Errorf("%s: %+v, want %+v", test.args, got, test)
			}
		}
		got := outcomeOf(t, exec.Command("netql", "--netns", "all", "--explain", query))
		want := "scan sockets: tcp LISTEN; mptcp LISTEN; sctp LISTEN; in every network namespace\n"
		if !strings.Contains(got.stdout, want) || got.status != 0 {
			t.Errorf("%+v, want %s", got, want)
		}
	})
}

// TestNetnsForbidden: an ordinary user, and root of another user namespace, are told what entering takes; in all they
// see what they may, with a warning for the rest.
func TestNetnsForbidden(t *testing.T) {
	namespaces(t, func(t *testing.T, ports map[string]string) {
		const query = "sockets state == LISTEN | select netns, lport"
		nested := func(args ...string) *exec.Cmd {
			cmd := exec.Command("netql", args...)
			cmd.SysProcAttr = &syscall.SysProcAttr{
				Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNET,
				UidMappings: []syscall.SysProcIDMap{{Size: 1}}, GidMappings: []syscall.SysProcIDMap{{Size: 1}},
			}
			return cmd
		}
		ordinary := func(args ...string) *exec.Cmd { return lab.Unprivileged(t, "netql", args...) }
		for name, test := range map[string]struct {
			command func(...string) *exec.Cmd
			all     string
			refused []string
		}{
			"ordinary user": {ordinary, "own," + ports["own"] + "\n", []string{"blue"}},
			"other root":    {nested, "", []string{"blue", "own"}},
		} {
			for _, target := range test.refused {
				got := outcomeOf(t, test.command("--netns", target, query))
				want := "error: /run/netns/" + target + ": may not be entered: that takes root, or CAP_SYS_ADMIN"
				if got.status != 1 || !strings.HasPrefix(got.stderr, want) || got.stdout != "" {
					t.Errorf("%s: %+v, want %s", name, got, want)
				}
			}
			got := outcomeOf(t, test.command("--netns", "all", "--format", "csv", "--no-header", query))
			if got.stdout != test.all || got.status != 0 {
				t.Errorf("%s: %+v, want %s", name, got, test.all)
			}
			for _, target := range test.refused {
				want := "warning: netns " + target + ": /run/netns/" + target + ": may not be entered"
				if !strings.Contains(got.stderr, want) {
					t.Errorf("%s: %s\nwant %s", name, got.stderr, want)
				}
			}
			if got := outcomeOf(t, test.command("--netns", "all", "--strict", query)); got.status != 3 {
				t.Errorf("%s: strict: %+v", name, got)
			}
		}
		got := outcomeOf(t, ordinary("--netns", "own", "--format", "csv", "--no-header", query))
		if got.stdout != "own,"+ports["own"]+"\n" || got.status != 0 {
			t.Errorf("our own namespace needs no privilege: %+v", got)
		}
	})
}

// TestNetnsWithoutProc: where /proc shows nothing, no namespace can be found or opened, and nothing is no answer.
func TestNetnsWithoutProc(t *testing.T) {
	for name, named := range map[string][]string{"named": {"blue"}, "unnamed": nil} {
		t.Run(name, func(t *testing.T) {
			lab.Isolate(t, func(t *testing.T) {
				if lab.NameNamespaces(t, "own", named...); named == nil {
					if err := unix.Unmount("/run/netns/own", unix.MNT_DETACH); err != nil {
						t.Fatal(err)
					}
				}
				got := outcomeOf(t, withoutProc(t, "--netns", "all", "sockets | count"))
				if got.status != failed || !strings.Contains(got.stderr, "error: ") ||
					!strings.Contains(got.stderr, "/proc shows no process: it is not mounted") {
					t.Errorf("%+v", got)
				}
			})
		})
	}
}

// TestWithoutProc: a table whose rows come from /proc does not answer that there are none where that is not mounted.
func TestWithoutProc(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		for _, table := range []string{"memory", "proto_stats", "softnet", "multicast_groups", "multicast_routes",
			"processes", "namespaces"} {
			got := outcomeOf(t, withoutProc(t, table+" | count"))
			got.stderr = got.stderr[max(0, strings.Index(got.stderr, "error: ")):] // the race detector warns, too
			if want := "/proc shows no process: it is not mounted\n"; got.status != failed ||
				!strings.HasPrefix(got.stderr, "error: no ") || !strings.HasSuffix(got.stderr, want) {
				t.Errorf("%s: %+v, want %s", table, got, want)
			}
		}
	})
}

// withoutProc is a command of the program with an empty directory in the place of /proc.
func withoutProc(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	const script = `mount --bind "$0" /proc && exec netql "$@"`
	return exec.Command("unshare", append([]string{"-m", "sh", "-c", script, t.TempDir()}, args...)...)
}

// TestNetnsContainer: a namespace is given by a container in it, its pod and the beginning of its id; where the name
// means several or none, the error says which there are.
func TestNetnsContainer(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		if !lab.HasCgroup() {
			t.Skip("there are no control groups here")
		}
		lab.NameNamespaces(t, "own")
		lab.Containers(t)
		for _, group := range []string{lab.DockerScope, lab.PodScope, "lxc.payload.db"} {
			lab.InCgroup(t, group, func() { lab.Start(t, lab.Helper{Comm: "server", OtherNamespace: true}) })
		}
		ask := func(name string) outcome {
			return outcomeOf(t, exec.Command("netql", "--netns", name, "--no-header", "--format", "tsv",
				"namespaces current | select process, container_name"))
		}
		for name, want := range map[string]string{
			"web": "server\tweb\n", "db-0": "server\tdb\n", "9a3e": "server\tdb\n", "4f9c0be1a7d3": "server\tweb\n",
			"own": "",
		} {
			if got := ask(name); got.status != 0 || want != "" && got.stdout != want {
				t.Errorf("%s: %+v", name, got)
			}
		}
		for name, want := range map[string]string{
			"db":   "2 containers in different network namespaces are called db\n",
			"webb": "did you mean web?", "nobody-knows": "the containers web, db-0", "9a3": "no such network namespace",
		} {
			if got := ask(name); got.status != 2 || !strings.Contains(got.stderr, want) {
				t.Errorf("%s: %+v", name, got)
			}
		}
		if got := ask("db").stderr; !strings.Contains(got, "9a3e0be1a7d3 of pod shop/db-0") {
			t.Error(got)
		}
		var names []string
		for _, c := range namespaceChoices() {
			names = append(names, c.Text)
		}
		if got := strings.Join(names, " "); got != "own web db-0 all" {
			t.Errorf("completed are %s", got)
		}
	})
}
