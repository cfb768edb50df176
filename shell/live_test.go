package shell

import (
	"errors"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"netql/query"
	"netql/sources/lab"
	"netql/tables"
)

// TestLive asks the real kernel, in a namespace that has nothing but one listener.
func TestLive(t *testing.T) {
	lab.Require(t)
	lab.Isolate(t, func(t *testing.T) {
		port := strconv.Itoa(int(lab.Listen(t, lab.TCP, "127.0.0.1:0").Local.Port()))
		for _, test := range []struct{ query, want string }{
			{"sockets state == LISTEN | select laddr, lport, owned = pid != nil", "127.0.0.1,PORT,true\n"},
			{"sockets lport == PORT | count by state", "LISTEN,1\n"},
			{"sockets state == ESTAB", ""},
		} {
			query := strings.ReplaceAll(test.query, "PORT", port)
			want := strings.ReplaceAll(test.want, "PORT", port)
			got, err := exec.Command("netql", "--strict", "--format", "csv", "--no-header", query).Output()
			if err != nil || string(got) != want {
				t.Errorf("%s: %q, %v; want %q", query, got, err, want)
			}
		}
	})
}

// TestLiveWatch: the questions of the design that watch append samples, without the first where that has no rates,
// until the time is over or until there is nothing to wait for.
func TestLiveWatch(t *testing.T) {
	lab.Require(t)
	lab.Isolate(t, func(t *testing.T) {
		for _, test := range []struct{ question, want string }{
			{"interfaces | select name, rx = rate(rx_bytes), tx = rate(tx_bytes) | sort rx desc | watch 200ms",
				`^(\S+Z,lo,0,0\n)+$`},
			{`proto_stats name contains "RetransSegs" | select name, rate(value) | watch 200ms`,
				`^(\S+Z,RetransSegs,0\n)+$`},
			{"sockets state == SYN_SENT | watch 1s until count() == 0", `^$`},
		} {
			var got []byte
			if !inTime(2500*time.Millisecond, func(within string) bool {
				var err error
				got, err = exec.Command("netql", "--timeout", within, "--format", "csv", "--no-header",
					test.question).Output()
				var exit *exec.ExitError
				if ends := test.want == "^$"; ends != (err == nil) ||
					!ends && (!errors.As(err, &exit) || exit.ExitCode() != timedOut) {
					t.Errorf("%s: %v", test.question, err)
				}
				return regexp.MustCompile(test.want).Match(got)
			}) {
				t.Errorf("%s: %q", test.question, got)
			}
		}
	})
}

// TestQuestions: what help recommends is a query.
func TestQuestions(t *testing.T) {
	catalog := tables.Catalog()
	for _, q := range questions {
		if _, err := query.Compile(q.query, catalog, askSSH()); err != nil {
			t.Errorf("%s: %v", q.query, err)
		}
	}
}
