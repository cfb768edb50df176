package lab

import (
	"net"
	"os"
)

// tearDown empties the namespace at the end of a test. It would live on while the kernel works at closed connections
// in it, which may take minutes, and the number of neighbours is limited for all namespaces together (gc_thresh3 of
// arp(7)). What cannot be done is left to time.
func tearDown() {
	links, _ := net.Interfaces()
	for _, link := range links {
		_ = setUp(link.Name, false) // its neighbours go with it
	}
	// Connections without a process are given up at their next timer (ip-sysctl in the kernel's documentation).
	_ = os.WriteFile("/proc/sys/net/ipv4/tcp_orphan_retries", []byte("1"), 0)
}
