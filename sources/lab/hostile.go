package lab

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// HostileUnits are cgroups that break parsers and terminals, with the systemd units that they stand for. The kernel
// lets anybody who may make cgroups call them so; it refuses a line end only.
func HostileUnits() map[string]string {
	long := strings.Repeat("l", 255-len(".service")) + ".service"
	return map[string]string{
		"\x1b[31mred\r.service":         "\x1b[31mred\r.service",
		"\xff\xfe\xc3(\x80.scope":       "\xff\xfe\xc3(\x80.scope",
		"\u202eevil\tq\"u'o,te\\.mount": "\u202eevil\tq\"u'o,te\\.mount",
		"-an:0::x.slice/" + long:        long,
	}
}

// hostileNamespaces are names of network namespaces: any file's.
func hostileNamespaces() []string {
	return []string{"\x1b[31mred\nand \xff\xfe", "\u202eevil\t|,\"", strings.Repeat("n", 255)}
}

// Hostile makes a namespace for each hostile name and, where the tests have a cgroup of their own, a listener in each
// hostile cgroup, with a process there. The listeners are given by their cgroups, as paths below the tests' own.
func Hostile(t testing.TB) map[string]*Socket {
	t.Helper()
	addNamespaces(t, hostileNamespaces()...)
	listeners := map[string]*Socket{}
	if !HasCgroup() {
		t.Log("lab: this user may make no cgroups, and so none with hostile names")
		return listeners
	}
	for path := range HostileUnits() {
		InCgroup(t, path, func() {
			listener := Listen(t, TCP, "127.0.0.1:0")
			Start(t, Helper{Comm: "in a cgroup"}, listener)
			listener.Close()
			listeners["/"+path] = listener
		})
	}
	return listeners
}

// InCgroup makes a cgroup and does something in it, for what is made belongs to the cgroup of who makes it.
func InCgroup(t testing.TB, path string, what func()) {
	t.Helper()
	mount := unifiedMount()
	enter := func(path string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(mount, path, "cgroup.procs"), []byte("0"), 0); err != nil {
			t.Fatalf("lab: enter a cgroup: %v", err)
		}
	}
	if err := os.MkdirAll(filepath.Join(mount, path), 0o755); err != nil {
		t.Fatalf("lab: make a cgroup: %v", err)
	}
	enter(path)
	defer enter("")
	what()
}
