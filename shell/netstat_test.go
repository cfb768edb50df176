package shell

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"netql/query"
	"netql/shell/netstat"
	"netql/sources"
	"netql/sources/lab"
	"netql/tables"
)

// explainedQueries are the queries that --explain shows: each stands before an empty line and its plan.
func explainedQueries(text string) (queries []string) {
	blocks := strings.Split(strings.TrimRight(text, "\n"), "\n\n")
	for i := 0; i < len(blocks); i += 2 {
		queries = append(queries, blocks[i])
	}
	return queries
}

// TestExplainedQueries: what --explain prints for the examples of the manuals, pasted back, gives the same rows as the
// flags.
func TestExplainedQueries(t *testing.T) {
	lab.Require(t)
	lab.Isolate(t, func(t *testing.T) {
		netstatWorld(t)
		for _, d := range netstat.Dialects() {
			for _, e := range d.Examples {
				flags := append([]string{"--dialect", d.Name, "netstat"}, strings.Fields(e.Flags)...)
				explained, err := exec.Command("netql", append(flags, "--explain")...).Output()
				if err != nil {
					t.Errorf("%s -explain: %v", e.Flags, err)
					continue
				}
				if !strings.Contains(string(explained), "| watch ") {
					pasted(t, flags, explainedQueries(string(explained)))
				}
			}
		}
	})
}

// pasted compares the rows of flags with those of queries. Counters and timers may move, so it tries a few times; what
// moves all the time on a busy machine, as memory does, needs to agree in all but its numbers.
func pasted(t *testing.T, flags, queries []string) {
	t.Helper()
	var got, want []byte
	for range 5 {
		got = nil
		for _, query := range queries {
			rows, err := exec.Command("netql", "--format", "ndjson", query).Output()
			if err != nil {
				t.Errorf("%s: %v", query, err)
				return
			}
			got = append(got, timers.ReplaceAll(rows, nil)...)
		}
		var err error
		want, err = exec.Command("netql", append(flags, "--format", "ndjson")...).Output()
		if err != nil {
			t.Errorf("%v: %v", flags, err)
			return
		}
		want = timers.ReplaceAll(want, nil)
		if bytes.Equal(got, want) {
			return
		}
	}
	if !bytes.Equal(digits.ReplaceAll(got, nil), digits.ReplaceAll(want, nil)) {
		t.Errorf("%v:\n%s\nnot\n%s", flags, got, want)
	}
}

var digits = regexp.MustCompile(`[0-9]+`)

// timers go on between two questions.
var timers = regexp.MustCompile(`"(timer_expires|retransmits|in_state)":[^,}]*`)

// TestExamplesForPeople: each example of the manuals prints something in its manual's layout, and nothing fails.
func TestExamplesForPeople(t *testing.T) {
	lab.Require(t)
	lab.Isolate(t, func(t *testing.T) {
		netstatWorld(t)
		for _, d := range netstat.Dialects() {
			for _, e := range d.Examples {
				arguments := append([]string{"--dialect", d.Name, "netstat"}, strings.Fields(e.Flags)...)
				if command, err := netstat.Parse(strings.Fields(e.Flags), d.Name, nil); err != nil ||
					strings.Contains(command.Displays[0].Query, "watch") {
					continue // TestRunningCounts
				}
				out, err := exec.Command("netql", arguments...).Output()
				if err != nil || len(out) == 0 || bytes.ContainsAny(out, "\x1b\xff") ||
					bytes.Contains(out, []byte("%!")) || bytes.Contains(out, []byte("<nil>")) {
					t.Errorf("%s %s: %v\n%s", d.Name, e.Flags, err, out)
				}
			}
		}
	})
}

// TestLayouts: lines of the other manuals, of known sockets.
func TestLayouts(t *testing.T) {
	lab.Require(t)
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "/etc/hosts")
		lab.Listen(t, lab.TCP, "127.0.0.1:2201")
		lab.Listen(t, lab.TCP, "[::]:2202")
		lab.Datagram(t, lab.UDP, "0.0.0.0:2203", "")
		lab.Datagram(t, lab.UDP, "127.0.0.1:2204", "127.0.0.1:53")
		lab.SynSent(t, "127.0.0.1:2205")
		for _, test := range []struct{ flags, want string }{
			{"--dialect windows -an", "  TCP   127.0.0.1:2201         0.0.0.0:0              LISTENING\n"},
			{"--dialect windows -an", "  TCP   [::]:2202              [::]:0                 LISTENING\n"},
			{"--dialect windows -an", "  UDP   0.0.0.0:2203           *:*\n"},
			{"--dialect windows -an", "  UDP   127.0.0.1:2204         127.0.0.1:53           ESTABLISHED\n"},
			{"--dialect windows -n", "127.0.0.1:2205         SYN_SENT\n"},
			{"-n -b", " [shell.test]\n"},
			{"--dialect bsd -an", "tcp        0      0 127.0.0.1.2201         *.*                    LISTEN\n"},
			{"--dialect bsd -an", "tcp6       0      0 *.2202                 *.*                    LISTEN\n"},
			{"--dialect bsd -an", "udp        0      0 *.2203                 *.*\n"},
			{"--dialect bsd -an", "udp        0      0 127.0.0.1.2204         127.0.0.1.53\n"},
			{"-r --dialect bsd", "Routing tables\n\nInternet:\nDestination                Gateway"},
			{"--dialect windows -a", "  TCP   localhost:2201 "},
		} {
			out, err := exec.Command("netql", strings.Fields(test.flags)...).Output()
			if err != nil || !strings.Contains(string(out), test.want) {
				t.Errorf("%s: %v\n%s\nwithout %q", test.flags, err, out, test.want)
			}
		}
	})
}

// TestRunningCounts: -w shows what there was since boot, then what came in each interval, and its heading again on
// every screen.
func TestRunningCounts(t *testing.T) {
	lab.Require(t)
	lab.Isolate(t, func(t *testing.T) {
		receiver := lab.Datagram(t, lab.UDP, "127.0.0.1:0", "")
		sender := lab.Datagram(t, lab.UDP, "127.0.0.1:0", receiver.Local.String())
		sender.Send(100)
		command, err := netstat.Parse([]string{"-I", "lo", "-d", "-w", "1"}, "auto", nil)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := query.Compile(command.Displays[0].Query, tables.Catalog(), tables.Ask(sources.Live()))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		w := &layoutWriter{printer: &printer{out: &out}, out: bufio.NewWriter(&out), header: true}
		for n := range 41 {
			if n == 1 {
				sender.Send(100)
			}
			if err := w.sample(t.Context(), []display{{"traffic", plan, command.Displays[0].Layout}}); err != nil {
				t.Fatal(err)
			}
		}
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if len(lines) != 41+3*2 || lines[22] != lines[0] || lines[44] != lines[0] || lines[45] != lines[1] {
			t.Fatalf("%d lines:\n%s", len(lines), out.String())
		}
		for i, want := range []string{"input (lo) output input (Total) output",
			"packets errs packets errs colls drops packets errs packets errs colls drops"} {
			if got := strings.Join(strings.Fields(lines[i]), " "); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		boot, second, third := strings.Fields(lines[2]), strings.Fields(lines[3]), strings.Fields(lines[4])
		if boot[0] != "1" || second[0] != "1" || second[2] != "1" || third[0] != "0" {
			t.Errorf("lines:\n%s", strings.Join(lines[:5], "\n"))
		}
		for i, want := range map[int]string{24: "2", 25: "0", 46: "2"} { // each screen begins with what was since boot
			if got := strings.Fields(lines[i])[0]; got != want {
				t.Errorf("line %d: %s packets, not %s", i, got, want)
			}
		}
	})
}

// TestInterval: SIGINT ends an interval display; what is there is whole lines.
func TestInterval(t *testing.T) {
	t.Parallel()
	for _, flags := range []string{"-w 1 -I lo", "-n -o 1", "-tnc"} {
		cmd := exec.Command("netql", strings.Fields(flags)...)
		out, messages := started(t, cmd)
		lines := bufio.NewReader(out)
		first, err := lines.ReadString('\n')
		if err != nil {
			t.Errorf("%s: %v", flags, err)
		}
		if first == "\n" { // Windows begins with an empty line
			first, _ = lines.ReadString('\n')
		}
		for again := 0; again < 1; {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatalf("%s: %v", flags, err)
			}
			if line == first || strings.HasPrefix(flags, "-w") && len(line) > 30 && !strings.Contains(line, "packets") {
				again++
			}
		}
		_ = cmd.Process.Signal(os.Interrupt)
		_, _ = io.Copy(io.Discard, lines) // many sockets fill the pipe, and it would wait for a reader
		_ = cmd.Wait()
		said := lateSamples.ReplaceAllString(messages.String(), "")
		if status := cmd.ProcessState.ExitCode(); status != interrupted || said != "" {
			t.Errorf("%s: status %d, %s", flags, status, said)
		}
	}
}

// lateSamples are notes that the machine had no processor for a sample in time, or for this test, so that the interrupt
// came in the middle of the next one.
var lateSamples = regexp.MustCompile(`(?m)^note: ((a sample took .*: )?\d+ skipped|` +
	`the sample of .* was not finished, and is left out)\n`)

// TestClosedNetstat: nobody reads an interval display any more.
func TestClosedNetstat(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, "sh", "-c", "netql -n -o 1 | head -2; netql -an | head -1").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Active Connections") ||
		errors.Is(ctx.Err(), context.DeadlineExceeded) {
		t.Errorf("%v: %s", err, out)
	}
}

// TestNetstatAtPrompt: the prompt takes netstat's flags, with long flags for this line alone.
func TestNetstatAtPrompt(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, t.TempDir(), nil, "netql")
	term.expect(firstPrompt)
	term.asks("netstat -tln", "Active Internet connections (only servers)\r\n")
	term.asks("netstat -tln --explain", "scan sockets: tcp LISTEN")
	term.asks("netstat -z", "error: Linux' net-tools has no flag -z")
	term.asks("netstat --help", "--dialect linux")
	term.asks("netstat -i", "Kernel Interface table\r\n")
	term.leaves()
}
