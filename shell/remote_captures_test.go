package shell

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"netql/sources/lab"
)

// sameOverHosts are queries whose answers have values of all kinds, and each way of putting answers together.
var sameOverHosts = []string{
	"sockets", "sockets | extend owners, laddr, local, rtt, send_queue", "interfaces | extend flags, mac, mtu",
	"routes",
	"rules", "addresses", "proto_stats value > 0", "limits", "sysctls | limit 50",
	"processes | select host, pid, name, age",
	"sockets | count by state", "sockets | count by host, state",
	"interfaces | group by host: mtu = percentile(mtu, 50)",
	"sockets | sort lport desc | limit 3", "sockets | select lport | distinct", "sockets | top 2 by lport",
	"addresses | join interfaces on host, dev == name | select host, prefix, operstate", "findings",
	"sockets | stats n = count(), ports = list(lport), m = avg(recv_queue)", "interfaces | histogram mtu",
}

// TestHostsLikeCaptures: hosts that answer from captures give the same as these captures do together, byte for byte.
func TestHostsLikeCaptures(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		directory := t.TempDir()
		lab.Listen(t, lab.TCP, "127.0.0.1:0")
		lab.Listen(t, lab.TCP, "[::]:0")
		for _, name := range []string{"one", "two"} {
			cmd := exec.Command("netql", "record", filepath.Join(directory, name+".nq"))
			if got := outcomeOf(t, cmd); got.status != done {
				t.Fatalf("%+v", got)
			}
		}
		ask := func(flags ...string) outcome {
			cmd := exec.Command("netql", append(flags, "--format", "ndjson")...)
			cmd.Dir = directory
			cmd.Stdin = strings.NewReader(strings.Join(sameOverHosts, "\n"))
			return outcomeOf(t, cmd)
		}
		want := ask("--capture", "one.nq,two.nq")
		got := ask("--hosts", "one,two", "--via", "netql --capture {}.nq answer", "--host-timeout",
			"1m")
		if got.status != want.status || got.status != done {
			t.Errorf("%s\n%s", want.stderr, got.stderr)
		}
		wants, gots := strings.Split(want.stdout, "\n"), strings.Split(got.stdout, "\n")
		for i := range min(len(wants), len(gots)) {
			if wants[i] != gots[i] {
				t.Fatalf("line %d is\n%s\nand not\n%s", i, gots[i], wants[i])
			}
		}
		if len(wants) != len(gots) || len(wants) < 100 {
			t.Errorf("%d lines and not %d", len(gots), len(wants))
		}
	})
}
