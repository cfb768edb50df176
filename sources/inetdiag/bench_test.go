package inetdiag

import (
	"net"
	"testing"

	"netql/sources/lab"
	"netql/sources/netlink"
)

// BenchmarkParse decodes one socket: without attributes asked for, and with all of them.
func BenchmarkParse(b *testing.B) {
	full := recorded(b, "marked")
	for name, message := range map[string][]byte{
		"bare":  full[:socketMessage.Header],
		"plain": full[:socketMessage.Header+8+8+8+8+12+8], // what the kernel adds unasked
		"full":  full,
	} {
		b.Run(name, func(b *testing.B) {
			d := newDecoder(TCP)
			b.ReportAllocs()
			b.SetBytes(int64(len(message)))
			for b.Loop() {
				if _, err := d.socket(message); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDump lists the sockets of a namespace that has some of UDP and none of TCP.
func BenchmarkDump(b *testing.B) {
	for name, query := range map[string]Query{
		"udp":           {Protocol: UDP, States: AllStates},
		"udp memory":    {Protocol: UDP, States: AllStates, Extensions: WantMemory},
		"tcp listeners": {Protocol: TCP, States: States(Listen)},
		"tcp":           {Protocol: TCP, States: AllStates},
	} {
		b.Run(name, func(b *testing.B) {
			lab.Namespace(b)
			for range 1000 {
				c, err := net.ListenPacket("udp4", "127.0.0.1:0")
				if err != nil {
					b.Fatal(err)
				}
				defer c.Close()
			}
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				for _, err := range Dump(b.Context(), netlink.Kernel{}, query) {
					if err != nil {
						b.Fatal(err)
					}
					n++
				}
			}
			b.ReportMetric(float64(n)/float64(b.N), "sockets/op")
		})
	}
}
