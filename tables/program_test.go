package tables_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// TestProgram: the first argument, without directories only where it begins with one, and whole where it is a title.
func TestProgram(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		for first, want := range map[string]any{
			"/usr/sbin/nginx": "nginx", "nginx: worker process of a/b": "nginx: worker process of a/b",
			"./bin/server": "./bin/server", "/": "/",
			"\x1b[2Jx y": "\x1b[2Jx y",
		} {
			s := lab.Listen(t, lab.TCP, "127.0.0.1:0")
			p := lab.Start(t, lab.Helper{Comm: "any", Args: []string{first, "-D"}}, s)
			s.Close()
			rows := live(t, "sockets pid == "+strconv.Itoa(p.Pid)+" | select program, cmdline")
			if len(rows) != 1 || rows[0]["program"] != want || rows[0]["cmdline"] != first+" -D" {
				t.Errorf("%q: %v, want %v", first, rows, want)
			}
		}
	})
}

// TestUnixRefs compares the references with /proc/net/unix.
func TestUnixRefs(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.UnixPair(t, unix.SOCK_STREAM)
		lab.Unix(t, unix.SOCK_DGRAM, "@refs")
		text, err := os.ReadFile("/proc/net/unix")
		if err != nil {
			t.Fatal(err)
		}
		want := map[any]any{}
		for line := range strings.Lines(string(text)) {
			fields := strings.Fields(line)
			refs, _ := strconv.ParseInt(fields[1], 16, 0)
			inode, _ := strconv.Atoi(fields[6])
			want[inode] = int(refs)
		}
		rows := live(t, "unix_sockets | select inode, refs")
		if len(rows) < 3 {
			t.Errorf("%d sockets", len(rows))
		}
		for _, r := range rows {
			if r["refs"] != want[r["inode"]] {
				t.Errorf("%v: %v references, want %v", r["inode"], r["refs"], want[r["inode"]])
			}
		}
	})
}
