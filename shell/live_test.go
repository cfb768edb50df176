package shell

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"netql/query"
	"netql/sources"
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

// TestQuestions: what help recommends is a query.
func TestQuestions(t *testing.T) {
	catalog := tables.Catalog(sources.Live())
	for _, q := range questions {
		if _, err := query.Compile(q.query, catalog); err != nil {
			t.Errorf("%s: %v", q.query, err)
		}
	}
}
