package shell

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// systemCalls are those by which netql reads. The injector of the tables is faster, and does not reach what
// is below it: sockets, and the walk over /proc.
var systemCalls = []string{
	"openat", "readlinkat", "getdents64", "read", "newfstatat", "socket", "bind", "sendto", "recvmsg", "kcmp",
}

// systemErrors are what they fail with. What has gone (ENOENT, ESRCH) is left out: it is no failure.
var systemErrors = []string{"EIO", "EMFILE", "EACCES", "ENOMEM", "ENOBUFS", "EINTR"}

// TestSystemCalls lets the n-th of a kind of system call of each thread fail, in the running program: its answer is the
// same, or there is something on standard error, or in the column that is for it.
func TestSystemCalls(t *testing.T) {
	if !long() {
		t.Skip("starts the program thousands of times, with NETQL_LONG alone")
	}
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "strace")
		for _, address := range []string{"127.0.0.1:0", "[::1]:0"} { // what does not change for minutes
			lab.Datagram(t, lab.UDP, address, "")
			threads := lab.Datagram(t, lab.UDP, address, "")
			lab.Start(t, lab.Helper{Comm: "of a thread", Holder: lab.OtherThread}, threads)
			threads.Close()
			listener := lab.Listen(t, lab.TCP, address)
			lab.Start(t, lab.Helper{Comm: "a holder"}, listener)
			lab.Dial(t, lab.TCP, listener.Local)
			lab.Unix(t, unix.SOCK_DGRAM, "@"+address)
		}
		whole, said := 0, 0
		for _, question := range []string{
			"sockets | select proto, local, remote, inode, pid, process, cmdline, owner_status",
			"unix_sockets | select inode, path, pid, owner_status",
			"processes name == 'a holder' | select pid, name, uid, netns, sockets, executable",
			"interfaces | select index, name, mtu, driver",
		} {
			want, warnings := traced(t, question, "none")
			if len(want) == 0 || warnings != "" {
				t.Fatalf("%s: %q, %s", question, want, warnings)
			}
			for _, call := range systemCalls {
				for _, errno := range systemErrors {
					for when := 1; when <= 12; when++ {
						fault := fmt.Sprintf("%s:error=%s:when=%d", call, errno, when)
						got, warnings := traced(t, question, fault)
						switch {
						case warnings != "" || bytes.Contains(got, []byte(",partial\n")): // which owner_status says
							said++
						case bytes.Equal(got, want):
							whole++
						default:
							t.Errorf("%s: %s: silent difference:\n%s\nwant\n%s", question, fault, got, want)
						}
					}
				}
			}
		}
		if said == 0 {
			t.Error("no fault came with a warning: strace does not inject any")
		}
		t.Logf("%d faults: %d answers were whole, %d came with a warning or an error", whole+said, whole, said)
	})
}

// traced runs a query with a fault, and gives its output and what was said, its status included.
func traced(t *testing.T, question, fault string) (out []byte, said string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	args := []string{"-f", "-qq", "-o", "/dev/null"}
	if call, _, found := strings.Cut(fault, ":"); found {
		args = append(args, "-e", "trace="+call, "-e", "inject="+fault)
	}
	cmd := exec.CommandContext(ctx, "strace", append(args, "netql", "--format", "csv", question)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Errorf("%s: %s: it hangs", question, fault)
	}
	if err != nil {
		return stdout.Bytes(), err.Error() + stderr.String()
	}
	return stdout.Bytes(), stderr.String()
}
