package lab

import (
	"bytes"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// EveryByte makes things whose names have every byte that the kernel lets them have: processes with their arguments,
// unix sockets with and without a path, a network namespace, a link's alias and, where the tests have a cgroup of their
// own, a cgroup. It gives the names of the processes. The test must run under Isolate.
func EveryByte(t testing.TB) (processes []string) {
	t.Helper()
	var all []byte
	for b := 1; b < 256; b++ {
		all = append(all, byte(b))
	}
	component := bytes.ReplaceAll(all, []byte("/"), nil) // of a path
	for name := range slices.Chunk(all, commLength) {
		s := Listen(t, TCP, "127.0.0.1:0")
		Start(t, Helper{Comm: string(name), Args: []string{string(name), string(all)}}, s)
		processes = append(processes, string(name))
	}
	const longest = 100 // and less than sun_path, unix(7)
	for name := range slices.Chunk(component, longest) {
		Unix(t, unix.SOCK_DGRAM, "@"+string(name))
		Unix(t, unix.SOCK_DGRAM, "/run/"+string(name))
	}
	addNamespaces(t, string(component))
	Link(t, "bytes0")
	alias := append(make([]byte, unix.SizeofIfInfomsg), attribute(unix.IFLA_IFNAME, []byte("bytes0\x00"))...)
	alias = append(alias, attribute(unix.IFLA_IFALIAS, all)...)
	if err := rtnetlink(unix.RTM_SETLINK, alias); err != nil {
		t.Fatalf("lab: give a link an alias: %v", err)
	}
	if HasCgroup() {
		InCgroup(t, string(bytes.ReplaceAll(component, []byte("\n"), nil)), func() {
			Start(t, Helper{Comm: "in every byte"}, Listen(t, TCP, "127.0.0.1:0"))
		})
	}
	return processes
}
