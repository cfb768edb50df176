package shell

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"netql/query"
	"netql/query/querytest"
	"netql/sources"
	"netql/sources/vfs/vfstest"
	"netql/tables"
)

// protocolsFile is /etc/protocols as far as the lines name protocols.
const protocolsFile = "ip 0 IP\nicmp 1 ICMP\nigmp 2 IGMP\ntcp 6 TCP\nudp 17 UDP\nipv6 41 IPv6\n" +
	"ipv6-icmp 58 IPv6-ICMP\nsctp 132 SCTP\nudplite 136 UDPLite\n"

// TestNetstatLines compares what whole command lines become, by every spelling of netstat, with what is written down: a
// line, and indented the queries, or what is wrong. What is wrong is an error of one line and a hint of one line.
func TestNetstatLines(t *testing.T) {
	const file, again = "testdata/netstat_lines.txt", "go test ./shell -run NetstatLines -update"
	lines := querytest.Lines(t, file, *update, again, func(line string) string {
		var b strings.Builder
		for _, outcome := range lineOutcome(t, line) {
			b.WriteString("  " + outcome + "\n")
			if hint, ok := strings.CutPrefix(outcome, "hint: "); ok {
				followHint(t, line, hint)
			}
		}
		return b.String()
	})
	if lines < 120 {
		t.Errorf("only %d lines", lines)
	}
}

// followHint checks that the lines that a hint shows are right.
func followHint(t *testing.T, line, hint string) {
	t.Helper()
	for part := range strings.SplitSeq(hint, ", or ") {
		text, isQuery := strings.CutPrefix(part[max(0, strings.Index(part, "netql '")):], "netql '")
		text, _, _ = strings.Cut(text, "'")
		switch {
		case isQuery:
			if _, err := query.Compile(text, tables.Catalog(), tables.Ask(&sources.System{})); err != nil {
				t.Errorf("%s: the hint %s: %v", line, hint, err)
			}
		case strings.HasPrefix(part, "netstat "):
			part, _, _ = strings.Cut(part, " lists the flags")
			if outcome := lineOutcome(t, part); strings.HasPrefix(strings.Join(outcome, ""), "error") {
				t.Errorf("%s: the hint %s: %v", line, hint, outcome)
			}
		}
	}
}

// lineOutcome is what a command line becomes: its queries, or its messages. The variable of the environment may stand
// before it.
func lineOutcome(t *testing.T, line string) (outcome []string) {
	t.Helper()
	words := strings.Fields(line)
	t.Setenv(dialectVariable, "")
	if value, ok := strings.CutPrefix(words[0], dialectVariable+"="); ok {
		t.Setenv(dialectVariable, value)
		words = words[1:]
	}
	var out, messages bytes.Buffer
	s := newSession(strings.NewReader(""), &out, &messages)
	system := &sources.System{Files: vfstest.Files{"/etc/protocols": {Text: protocolsFile}}}
	s.catalog, s.state = s.tables, func() *tables.QueryState { return tables.Ask(system) }
	words[0] = filepath.Join("/usr/bin", words[0])
	status := s.explainFlags(append(calledAs(words), "--explain"))
	complaints := strings.Split(strings.TrimSuffix(messages.String(), "\n"), "\n")
	if messages.Len() == 0 {
		complaints = nil
	}
	switch status {
	case done:
		if strings.Contains(out.String(), "\n\n  ") || !strings.Contains(out.String(), "\nscan ") {
			return append(complaints, strings.Fields(out.String())[0]+" ...") // help, or the version
		}
		return append(complaints, explainedQueries(out.String())...)
	case wrong, failed:
		if len(complaints) > 2 || out.Len() > 0 {
			t.Errorf("%s: %q\n%s", line, complaints, out.String())
		}
		return complaints
	}
	t.Errorf("%s: status %d", line, status)
	return nil
}

// explainFlags does what main does with a program's command line, but that it leaves the signals of the tests alone.
func (s *session) explainFlags(args []string) int {
	o, words, err := parseArguments(args)
	if err != nil {
		return s.usageFailure("", err)
	}
	*s.options = o
	return s.runProgram(o.programOf(words), words)
}
