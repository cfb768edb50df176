package shell

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"testing"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/shell/render"
	"netql/sources"
	"netql/sources/netlink"
	"netql/sources/vfs/vfstest"
	"netql/tables"
)

// BenchmarkRows answers queries over 10,000 to 1,000,000 TCP sockets, as CSV: all that netql does but for the kernel's
// part. The cost of a row should be that of any other number of rows.
func BenchmarkRows(b *testing.B) {
	queries := []struct{ name, text string }{
		{"csv", "sockets proto == tcp | select state, recv_queue, send_queue, laddr, lport, raddr, rport"},
		{"filter", "sockets proto == tcp and rport % 1000 == 7 | select local, remote"},
		{"count", "sockets proto == tcp | count by state"},
		{"sort", "sockets proto == tcp | select state, laddr, lport, raddr, rport | sort raddr, rport"},
	}
	for _, q := range queries {
		for _, sockets := range []int{10_000, 100_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/%d", q.name, sockets), func(b *testing.B) {
				system := &sources.System{Netlink: manySockets(sockets), Files: vfstest.Files{}}
				b.ReportAllocs()
				before := cpuTime(b)
				for b.Loop() {
					answerCSV(b, system, q.text)
				}
				rows := float64(b.N) * float64(sockets)
				b.ReportMetric(float64(b.Elapsed())/rows, "ns/row")
				b.ReportMetric(float64(cpuTime(b)-before)/rows, "cpu-ns/row")
			})
		}
	}
}

// cpuTime is the user and system time of this process in nanoseconds, which other processes do not add to.
func cpuTime(b *testing.B) int64 {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// answerCSV runs a query and throws its answer away.
func answerCSV(b *testing.B, system *sources.System, text string) {
	plan, err := query.Compile(text, tables.Catalog(), tables.Ask(system))
	if err != nil {
		b.Fatal(err)
	}
	rows, err := render.Write(b.Context(), io.Discard, plan.Schema().Visible(), plan.Rows(b.Context()),
		render.Options{Format: "csv"})
	if err != nil || rows == 0 {
		b.Fatalf("%d rows, %v", rows, err)
	}
}

// manySockets is a kernel with so many TCP sockets. It makes them as they are read, so that they take no memory.
type manySockets int

// Dump implements netlink.Transport. A message is struct inet_diag_msg; it is valid until the next one.
func (n manySockets) Dump(context.Context, netlink.Request) iter.Seq2[netlink.Message, error] {
	return func(yield func(netlink.Message, error) bool) {
		message := make([]byte, 72)
		message[0], message[1] = unix.AF_INET, unix.BPF_TCP_ESTABLISHED
		local, remote := message[8:12], message[24:28]
		for i := range int(n) {
			binary.BigEndian.PutUint16(message[4:], uint16(20_000+i%50))
			binary.BigEndian.PutUint16(message[6:], uint16(i))
			binary.BigEndian.PutUint32(local, 0x7f010101)
			binary.BigEndian.PutUint32(remote, 0x0a000000+uint32(i)*2654435761>>8) // in no order
			binary.NativeEndian.PutUint64(message[44:], uint64(i+1))               // the cookie
			binary.NativeEndian.PutUint32(message[68:], uint32(i+1))               // the inode
			if !yield(netlink.Message{Type: unix.SOCK_DIAG_BY_FAMILY, Data: message}, nil) {
				return
			}
		}
	}
}
