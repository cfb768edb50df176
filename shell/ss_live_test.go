package shell

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"netql/sources/lab"
)

// ssLines are lines of ss's options and filters, whose answers must be ss's own.
var ssLines = []string{
	"-tan", "-tln", "-tlnp", "-tuna", "-xa", "-s", "-tie", "-tom",
	"", "-n", "-an", "-ln", "-H", "-tanH", "-s -t", "-u", "-un", "-ua", "-w", "-wa", "-wan", "-x", "-xl", "-xlp",
	"-xap",
	"-0", "-0a", "-0ap", "-f netlink", "-f netlink -n", "-4", "-6", "-4tan", "-6tan", "-f inet -ua", "-M", "-Ma",
	"-Man",
	"-tane", "-tulpen", "-uane", "-tanp", "-tuap", "-to", "-tanoe", "-tam", "-uam", "-xm", "-xam", "-tani", "-tain",
	"-tiO", "-tanemiO", "-tuameO", "-i", "-m", "--tos -tua", "--cgroup -ta", "-A tcp,udp -a", "-A 'all,!tcp' -a",
	"-A inet -l", "-A unix_stream -a", "-A u_dgr", "-A packet -a", "-A netlink -a", "-A raw -an", "-xt",
	"state established", "-t state listening", "-tn state connected", "-tn state synchronized", "-tn state bucket",
	"-tn state big", "-tun exclude established", "-ua state unconnected", "-tn state time-wait state syn-sent",
	"-x state listening", "-tn state all exclude listening exclude time-wait",
	"-tan sport = :22", "-tan sport != :22", "-tan 'sport < :40000'", "-tan 'sport >= :40000'",
	"-tan 'dport <= :40000'",
	"-tan 'dport > :40000'", "-tan dport = :0", "-tan dport != 0", "-uan dport geq 1", "-tan src 127.0.0.1",
	"-tan src 127.0.0.0/8", "-tan dst 127/8", "-tan dst [::1]", "-tan dst [fe80::/10]", "-tan not dst [fe80::/10]",
	"-tan dst 0.0.0.0", "-tan dst [::]", "-uan dst 0.0.0.0/0", "-tan src [::ffff:127.0.0.1]", "-tan dst any",
	"-tan src *", "-tn4 dst 127.0.0.1", "-tan4 src localhost", "-tan dev = lab0", "-tan dev != lab0", "-tan dev lo",
	"-tan fwmark = 0x2a", "-tan fwmark = 0x2/0x3", "-tan not fwmark = 0",
	"-tan '( sport = :22 or sport = :23 ) and dst 127.0.0.1'", "-tan 'src 127.0.0.1 or dst [::1] and dport < :40000'",
	"-tan '! ( src 127.0.0.1 || src [::1] ) & dport > :1'", "-xa 'src /*'", "-xa 'src @abs*'", "-xa 'src *'",
	"-a 'src unix:/*'", "-0a 'src *'", "-0an", "-0am", "-0ae", "-0aeO", "-f netlink -m", "-ta", "-tlr", "-tlrn", "-xeO",
	"-tan -- sport gt 1", "--numeric --tcp --all", "-4 state listening", "-6 -l", "-u -a -4 -H",
}

// TestLikeSS: netql ss prints what ss prints, line by line, in any order of lines, which is the kernel's.
func TestLikeSS(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "ss")
		// Of the ports that the kernel gives, /etc/services names a few, as 60179; ss does not.
		const path = "/proc/sys/net/ipv4/ip_local_port_range"
		if err := os.WriteFile(path, []byte("32768 56999"), 0); err != nil {
			t.Fatal(err)
		}
		netstatWorld(t)
		for _, line := range ssLines {
			compareSS(t, line)
		}
	})
}

// TestSSEvents: -E shows sockets as they are destroyed, each as soon as that happens.
func TestSSEvents(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		cmd := exec.CommandContext(ctx, "netql", "ss", "-Etn")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := make(chan string)
		go func() {
			defer close(lines)
			for in := bufio.NewScanner(out); in.Scan(); {
				lines <- in.Text()
			}
		}()
		if heading := <-lines; !strings.HasPrefix(heading, "State ") {
			t.Errorf("the heading is %q", heading)
		}
		told := regexp.MustCompile(`^UNCONN +0 +0 +127\.0\.0\.1:\d+ +0\.0\.0\.0:\*$`)
		for line := ""; !told.MatchString(line); {
			lab.Listen(t, lab.TCP, "127.0.0.1:0").Close()
			select {
			case line = <-lines:
			case <-time.After(100 * time.Millisecond): // it may not listen yet
			case <-ctx.Done():
				t.Fatal("no socket was told of")
			}
		}
		_ = cmd.Process.Signal(os.Interrupt)
		for range lines {
		}
		_ = cmd.Wait() // with the status of Ctrl-C
	})
}

// compareSS runs both; sockets and their counters may move between the two, so it tries several times.
func compareSS(t *testing.T, line string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	words := splitWords(line)
	var got, want []string
	for range 20 {
		real, err := exec.CommandContext(ctx, "ss", words...).Output()
		if err != nil {
			t.Errorf("ss %s: %v", line, err)
			return
		}
		ours, err := exec.CommandContext(ctx, "netql", append([]string{"ss"}, words...)...).Output()
		if err != nil {
			t.Errorf("netql ss %s: %v", line, err)
			return
		}
		if got, want = ssSqueezed(string(ours)), ssSqueezed(string(real)); slices.Equal(got, want) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("ss %s:\nnot in ss's answer:\n\t%s\nnot in ours:\n\t%s", line, strings.Join(without(got, want), "\n\t"),
		strings.Join(without(want, got), "\n\t"))
}

// whoAsks is the socket over which ss, or netql, asks, and the kernel's other end.
var whoAsks = regexp.MustCompile(` (tcpdiag|4):(kernel|0|[\w/]*\d+) \*( skmem:.*)?$`)

// ssElapsing is what goes on by itself: times, and what is sent again.
var ssElapsing = regexp.MustCompile(`(timer:\(\w+),[^)]*|((?:lastsnd|lastrcv|lastack|busy|rwnd_limited|segs_out):)\d+`)

// ssMore are details that ss shows and netql does not read: of MPTCP, the connections that wait at a unix listener, the
// class of a socket, and the type of service of IPv4 beside that of IPv6. The device of a unix socket's file is another
// in ss 6.1, which takes the kernel's number for one of the C library's. A connection that is not made yet has times
// in ss that mean nothing, and a listener the window that its connections begin with.
var ssMore = regexp.MustCompile(` flags:\w+ token:.* maplen:\w+| subflows_max:.* rcv_nxt:\w+| peers:[ \d]+|` +
	` class_id:\w+| tos:\w+( tclass:)| cpy_thresh:\d+| dev:\d+/\d+| last(?:snd|rcv|ack):T`)

// ssListener is what ss shows of the window of a listener, and how many connections wait, which is in Recv-Q as well.
var ssListener = regexp.MustCompile(`(LISTEN .*) cwnd:\d+(?: unacked:\d+)?`)

// ssAllocated are the sockets of TCP in ss -s, of which the kernel allocated and closed ones are those of all network
// namespaces (proto_sockets_allocated_sum_positive in net/ipv4/proc.c). Others' come and go.
var ssAllocated = regexp.MustCompile(`^TCP: (\d+) \(estab (\d+), closed (\d+),`)

// ssOwn writes the number of all sockets of TCP without those that are closed, which are this namespace's.
func ssOwn(line string) string {
	parts := ssAllocated.FindStringSubmatch(line)
	if parts == nil {
		return line
	}
	all, _ := strconv.Atoi(parts[1])
	closed, _ := strconv.Atoi(parts[3])
	return fmt.Sprintf("TCP: %d more than closed (estab %s,", all-closed, parts[2]) + line[len(parts[0]):]
}

// ssProcess is the name of a process. ss has names as they are, but to the first ), so that some break its lines;
// netql escapes what a terminal would take for a command.
var ssProcess = regexp.MustCompile(`(?s)\("(.*?)",pid=`)

// plainName is a name of a process that both show alike.
var plainName = regexp.MustCompile(`^\w[\w:]*$`)

// ssSqueezed are the lines without what is only layout, each socket's on one line, and without what goes on.
func ssSqueezed(text string) (lines []string) {
	text = strings.ReplaceAll(text, "\n\t", " ")
	text = ssProcess.ReplaceAllStringFunc(text, func(found string) string {
		name, _, _ := strings.Cut(ssProcess.FindStringSubmatch(found)[1], ")")
		if !plainName.MatchString(name) {
			name = "some name"
		}
		return `("` + name + `",pid=`
	})
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(blanks.ReplaceAllString(line, " "))
		line = strings.Replace(line, "PortProcess", "Port Process", 1)
		line = ssMore.ReplaceAllString(ssElapsing.ReplaceAllString(line, "${1}${2}T"), "$1")
		line = ssOwn(ssListener.ReplaceAllString(line, "$1"))
		if !whoAsks.MatchString(line) {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return lines
}
