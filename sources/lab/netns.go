package lab

import (
	"errors"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// NameNamespaces gives names to network namespaces under /run/netns, as ip-netns(8) does: the first to that of the
// process, each other one to a new namespace in which nothing runs. The test must run under Isolate, in a mount namespace of
// its own with an empty /run.
func NameNamespaces(t testing.TB, own string, others ...string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("lab: name a network namespace: %v", err)
		}
	}
	must(os.Mkdir("/run/netns", 0o755))
	must(nameNamespace("/proc/self/ns/net", own))
	for _, name := range others {
		done := make(chan error)
		go func() {
			runtime.LockOSThread() // never unlocked: the thread ends, and leaves its namespace to the name
			err := unix.Unshare(unix.CLONE_NEWNET)
			done <- errors.Join(err, nameNamespace("/proc/thread-self/ns/net", name))
		}()
		must(<-done)
	}
}

func nameNamespace(namespace, name string) error {
	path := "/run/netns/" + name
	if err := os.WriteFile(path, nil, 0); err != nil {
		return err
	}
	return unix.Mount(namespace, path, "", unix.MS_BIND, "")
}
