package tables_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// trouble is something that is wrong, and the words of which some finding about it must have each.
type trouble struct {
	name  string
	words []string
}

// TestTenFaults: of ten faults at once, which were chosen without a look at the checks, each is found and named.
func TestTenFaults(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		var faults []trouble
		planted := func(name string, words ...string) { faults = append(faults, trouble{name, words}) }
		ipBatch(t, `
link set lo up
link add wan9 type veth peer name wan9peer
link set wan9 up
link set wan9peer up
address add 198.51.100.1/24 dev wan9
link add dark9 type veth peer name dark9peer
address add 198.18.99.1/24 dev dark9
link set dark9 up
route add default via 198.51.100.254 dev wan9 metric 50
route append default via 198.51.100.253 dev wan9 metric 50
rule add iif gone9 lookup 100
neighbor add 198.51.100.77 lladdr 02:00:00:00:00:77 dev wan9 nud permanent
`)
		planted("an interface without carrier", "dark9")
		planted("two default routes of the same metric", "0.0.0.0/0", "metric")
		planted("a rule for an interface that is gone", "gone9")

		queue := lab.Listen(t, lab.TCP, "127.0.0.1:7001", lab.Backlog(2))
		for range 3 {
			lab.Dial(t, lab.TCP, queue.Local)
		}
		planted("a full accept queue", "7001")

		for range 120 {
			client, _ := lab.Pair(t, lab.TCP, "127.0.0.1:0")
			client.Close()
		}
		planted("connections that nobody closes", "120", "closed")

		lab.Unanswered(t, netip.MustParseAddrPort("198.51.100.77:443"))
		planted("a peer that does not answer", "198.51.100.77:443")

		away := lab.Datagram(t, lab.UDP, "198.51.100.1:0", "198.51.100.88:9")
		planted("a neighbour that does not answer", "198.51.100.88", "wan9")

		writer, _ := lab.Pair(t, lab.TCP, "127.0.0.1:7003")
		writer.Fill()
		planted("a program that does not read", "7003")

		setSysctl(t, "net/ipv4/ip_local_port_range", "41000 41019")
		server := lab.Listen(t, lab.TCP, "127.0.0.1:7004", lab.Backlog(100))
		for range 19 {
			lab.Dial(t, lab.TCP, server.Local)
		}
		planted("ephemeral ports used up", "7004", "port")

		slow := lab.Datagram(t, lab.UDP, "127.0.0.1:7005", "")
		if err := unix.SetsockoptInt(slow.FD(), unix.SOL_SOCKET, unix.SO_RCVBUF, 4096); err != nil {
			t.Fatal(err)
		}
		sender := lab.Datagram(t, lab.UDP, "127.0.0.1:0", "127.0.0.1:7005")
		goOn(t, func() {
			for range 20 {
				_, _ = unix.Write(sender.FD(), make([]byte, 1000))
			}
			_, _ = unix.Write(away.FD(), []byte("x"))
		})
		planted("a UDP socket whose buffer overflows", "7005", "datagrams")

		missing := faults
		for end := time.Now().Add(lab.Patience); len(missing) > 0 && time.Now().Before(end); {
			missing = unnamed(t, missing) // SYNs and solicitations are repeated after a second or more
		}
		for _, f := range missing {
			t.Errorf("%s is not found", f.name)
		}
		if len(missing) > 0 {
			for _, r := range live(t, "findings | select check, subject, finding") {
				t.Logf("%v", r)
			}
		}
	})
}

// unnamed are the faults that no finding names now.
func unnamed(t *testing.T, faults []trouble) (missing []trouble) {
	t.Helper()
	rows := live(t, "findings | select check, subject, finding")
	for _, f := range faults {
		named := false
		for _, r := range rows {
			text := fmt.Sprint(r["subject"], " ", r["finding"])
			all := true
			for _, word := range f.words {
				all = all && strings.Contains(text, word)
			}
			named = named || all
		}
		if !named {
			missing = append(missing, f)
		}
	}
	return missing
}
