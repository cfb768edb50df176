package shell

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/shell/render"
	"netql/sources"
	"netql/sources/inetdiag"
	"netql/sources/netlink"
	"netql/sources/vfs/vfstest"
	"netql/tables"
)

// sockets answers a dump of TCP sockets with this many, in the datagrams' buffer of a kernel.
type sockets int

// Dump makes one message again and again, with ports, queues and a cookie of its own each time.
func (n sockets) Dump(_ context.Context, r netlink.Request) iter.Seq2[netlink.Message, error] {
	return func(yield func(netlink.Message, error) bool) {
		message := socketMessage(r)
		for i := range int(n) {
			binary.BigEndian.PutUint16(message[4:], uint16(20_000+i%50))
			binary.BigEndian.PutUint16(message[6:], uint16(1+i))
			binary.BigEndian.PutUint16(message[26:], uint16(i>>8))
			binary.NativeEndian.PutUint32(message[44:], uint32(i+1)) // the cookie
			binary.NativeEndian.PutUint32(message[56:], uint32(i%7))
			if !yield(netlink.Message{Type: unix.SOCK_DIAG_BY_FAMILY, Data: message}, nil) {
				return
			}
		}
	}
}

// socketMessage is struct inet_diag_msg of an established connection over IPv4, with what the kernel sends unasked, and
// struct tcp_info where the request asks for it.
func socketMessage(r netlink.Request) []byte {
	b := make([]byte, 72)
	b[0], b[1] = unix.AF_INET, byte(inetdiag.Established)
	copy(b[8:], []byte{127, 1, 0, 1})
	copy(b[24:], []byte{127, 2, 0, 1})
	b[68] = 77 // the inode
	for kind, size := range map[inetdiag.Attribute]int{
		inetdiag.AttrV6Only: 1, inetdiag.AttrCgroupID: 8, inetdiag.AttrMark: 4,
	} {
		b = netlink.AppendAttribute(b, uint16(kind), make([]byte, size))
	}
	const legacyExtensions = 3 // idiag_ext of struct inet_diag_req
	if inetdiag.Extensions(r.Payload[legacyExtensions])&inetdiag.WantInfo != 0 {
		info := make([]byte, 280)
		for i := range info {
			info[i] = byte(i) & 15
		}
		b = netlink.AppendAttribute(b, uint16(inetdiag.AttrInfo), info)
	}
	return b
}

// BenchmarkRows reads, decodes and writes sockets. The time of a row is the same for few and for many.
func BenchmarkRows(b *testing.B) {
	const seven = "select state, recv_queue, send_queue, laddr, lport, raddr, rport"
	for name, c := range map[string]struct{ stages, format string }{
		"csv": {seven, "csv"}, "json": {seven, "json"}, "plain": {seven, "plain"},
		"tcp_info": {"select state, local, remote, rtt, rttvar, cwnd, mss, bytes_sent, total_retrans", "csv"},
		"filter":   {"where rport % 1000 == 7 | select local, remote", "csv"},
		"count":    {"count by state", "csv"},
		"sort":     {"sort rport, laddr desc | " + seven, "csv"},
		"samples":  {"select local, delta(recv_queue) | limit 1", "csv"},
	} {
		for _, n := range []int{10_000, 100_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				before := cpuTime(b)
				for b.Loop() {
					writeRows(b, n, "sockets proto == tcp | "+c.stages, c.format)
				}
				b.ReportMetric(float64((cpuTime(b)-before).Nanoseconds())/float64(b.N*n), "cpu-ns/row")
			})
		}
	}
}

// cpuTime is the time of processors that the process has used, which tells more than the clock does where others work.
func cpuTime(b *testing.B) time.Duration {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func writeRows(b *testing.B, n int, text, format string) {
	b.Helper()
	state := tables.Ask(&sources.System{Netlink: sockets(n), Files: vfstest.Files{}})
	plan, err := query.Compile(text, tables.Catalog(), state)
	if err != nil {
		b.Fatal(err)
	}
	options := render.Options{Format: format}
	rows := rowsFor(b.Context(), plan, options)
	_, err = render.Write(b.Context(), io.Discard, plan.Schema().Visible(), rows, options)
	if err != nil {
		b.Fatal(err)
	}
}
