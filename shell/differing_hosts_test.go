package shell

import (
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"netql/sources/lab"
)

// differing is what hosts that differ are asked, and what is answered.
type differing struct {
	hosts, query string
	stdout       string // with PORT for the port of the one listener
	warning      string // how the one warning begins; "" for none, and then the answer is whole
}

// askDiffering asks hosts that are this machine, and lack what their names say.
func askDiffering(t *testing.T, questions []differing) {
	lab.Isolate(t, func(t *testing.T) {
		lab.NameNamespaces(t, "own", "blue")
		port := strconv.Itoa(int(lab.Listen(t, lab.TCP, "127.0.0.1:0").Local.Port()))
		for _, q := range questions {
			words, query, _ := strings.Cut(q.query, ": ")
			cmd := exec.Command("netql", append(strings.Fields(words), "--hosts", q.hosts, "--via",
				"otherhost {} netql answer", "--host-timeout", "1m", "--strict", "--format", "csv", "--no-header",
				query)...)
			got, status, messages := outcomeOf(t, cmd), done, 0
			got.stdout = regexp.MustCompile(`(?m)^2[0-9]{3}-[^,]*`).ReplaceAllString(got.stdout, "TIME")
			if q.warning != "" {
				status, messages = partial, 1
			}
			if got.stdout != strings.ReplaceAll(q.stdout, "PORT", port) || got.status != status ||
				!strings.HasPrefix(got.stderr, q.warning) || strings.Count(got.stderr, "\n") != messages {
				t.Errorf("%s, %s: %+v", q.hosts, q.query, got)
			}
		}
	})
}

// TestHostsWithoutRights: what a host may not see is NULL there and told of that host alone, however often it counts;
// what needs no rights is whole.
func TestHostsWithoutRights(t *testing.T) {
	const unknown = "warning: 1 of 2 hosts (rightless): partial: the owners of some sockets are unknown, because "
	askDiffering(t, []differing{
		{"whole,rightless", ": sockets | select host, lport, process != nil", "whole,PORT,true\nrightless,PORT,false\n",
			unknown},
		{"whole,rightless", ": sockets | group by host: n = count(), owned = count(process)",
			"rightless,1,0\nwhole,1,1\n", unknown},
		{"whole,rightless", ": sockets | join processes on host, pid | select host, lport", "whole,PORT\n", unknown},
		{"whole,rightless", ": sockets | select host, process != nil | watch 50ms until count() > 0",
			"TIME,whole,true\nTIME,rightless,false\n", unknown},
		{"whole,rightless", ": sockets | select host, lport", "whole,PORT\nrightless,PORT\n", ""},
		{"whole,rightless", "--netns blue : interfaces | select host, name", "whole,lo\n",
			"warning: 1 of 2 hosts (rightless): refused: "},
	})
}

// TestHostsWithoutModules: rows that a host's kernel has are there, and what it does not have is told of that host
// alone; a host that cannot tell at all makes no count wrong.
func TestHostsWithoutModules(t *testing.T) {
	const noroute = "warning: 1 of 2 hosts (noroute): failed: no interfaces could be read: "
	askDiffering(t, []differing{
		{"nodiag,whole", ": sockets | select host, lport, cookie == nil", "nodiag,PORT,true\nwhole,PORT,false\n",
			"warning: 1 of 2 hosts (nodiag): partial: this kernel has no socket diagnostics for tcp, and /proc/net " +
				"does not tell cookie\n"},
		{"nodiag,whole", ": sockets | count by host, state", "nodiag,LISTEN,1\nwhole,LISTEN,1\n", ""},
		{"noroute,whole", ": interfaces | count by host", "whole,1\n", noroute},
		{"noroute,whole", ": interfaces | count", "1\n", noroute},
		{"noroute,whole", ": sockets | join left interfaces on host | select host, lport, name",
			"whole,PORT,lo\n", noroute},
		{"noroute,whole", ": interfaces | select host, name | watch 50ms until count() > 0", "TIME,whole,lo\n",
			noroute},
		{"noroute,whole", ": findings check in [no_carrier, exposed_listener] | count by host", "",
			"warning: 1 of 2 hosts (noroute): partial: not checked: "},
		{"nonetfilter,whole", ": conntrack | count", "0\n",
			"warning: 1 of 2 hosts (nonetfilter): partial: not all tracked flows could be read: "},
		{"nostats,whole", ": proto_stats proto == tcp | group by host: stats = count() > 0", "whole,true\n",
			"warning: 1 of 2 hosts (nostats): partial: not all counters could be read: there is no /proc/net/snmp: "},
		{"onestack,whole", ": proto_stats proto in [ip, ip6] | group by host, proto: stats = count() > 0",
			"onestack,ip,true\nwhole,ip,true\nwhole,ip6,true\n",
			"warning: 1 of 2 hosts (onestack): partial: not all counters could be read: there is no /proc/net/snmp6: "},
		{"onestack,whole", ": proto_stats proto == ip | group by host: stats = count() > 0",
			"onestack,true\nwhole,true\n", ""},
		{"onestack,whole", ": sockets | count by host, family", "onestack,inet,1\nwhole,inet,1\n", ""},
	})
}
