package shell

import (
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// TestNetAdminColumns: what the kernel tells to CAP_NET_ADMIN alone is unknown to an ordinary user, who is told so
// where a query reads it, once, and nowhere else.
func TestNetAdminColumns(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Listen(t, lab.TCP, "127.0.0.1:0")
		lab.Datagram(t, lab.UDP, "127.0.0.1:0", "")
		lab.Filter(lab.Packet(t, unix.SOCK_RAW, unix.ETH_P_ALL, ""))
		for query, unknown := range map[string]string{
			"sockets mark == 0 | count": "mark", "sockets | select mark | limit 1": "mark", "sockets": "",
			"packet_sockets filter == 1 | count": "filter", "packet_sockets | count": "",
		} {
			got := outcomeOf(t, lab.Unprivileged(t, "netql", "--strict", query))
			told := strings.Count(got.stderr, " is unknown: the kernel tells it to CAP_NET_ADMIN alone")
			if unknown == "" && told > 0 || unknown != "" && (got.status != partial || told != 1 ||
				!strings.Contains(got.stderr, "warning: "+unknown+" is unknown")) {
				t.Errorf("%s: %+v", query, got)
			}
			if got := outcomeOf(t, exec.Command("netql", "--strict", query)); got.status != done {
				t.Errorf("%s, as root: %+v", query, got)
			}
		}
	})
}
