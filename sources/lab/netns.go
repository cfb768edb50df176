package lab

import (
	"errors"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// NameNamespaces gives names to network namespaces under /run/netns, as ip-netns(8) does: the first to that of the
// process, each other one to a new namespace in which nothing runs. The test must run under Isolate, in a mount
// namespace of its own with an empty /run.
func NameNamespaces(t testing.TB, own string, others ...string) {
	t.Helper()
	err := os.MkdirAll("/run/netns", 0o755)
	if err := errors.Join(err, nameNamespace("/proc/self/ns/net", own)); err != nil {
		t.Fatalf("lab: name a network namespace: %v", err)
	}
	addNamespaces(t, others...)
}

// addNamespaces makes namespaces in which nothing runs.
func addNamespaces(t testing.TB, names ...string) {
	t.Helper()
	if err := os.MkdirAll("/run/netns", 0o755); err != nil {
		t.Fatalf("lab: %v", err)
	}
	for _, name := range names {
		done := make(chan error)
		go func() {
			runtime.LockOSThread() // never unlocked: the thread ends, and leaves its namespace to the name
			err := unix.Unshare(unix.CLONE_NEWNET)
			done <- errors.Join(err, nameNamespace("/proc/thread-self/ns/net", name))
		}()
		if err := <-done; err != nil {
			t.Fatalf("lab: make a network namespace: %v", err)
		}
	}
}

func nameNamespace(namespace, name string) error {
	path := "/run/netns/" + name
	if err := os.WriteFile(path, nil, 0); err != nil {
		return err
	}
	return unix.Mount(namespace, path, "", unix.MS_BIND, "")
}

// In does something in a network namespace with a name: sockets that it makes and programs that it runs belong there.
// A failure there ends the test here.
func In(t testing.TB, namespace string, what func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		file, err := os.Open("/run/netns/" + namespace)
		if err == nil {
			defer file.Close()
			err = unix.Setns(int(file.Fd()), unix.CLONE_NEWNET)
		}
		if err != nil {
			t.Errorf("lab: enter the namespace %s: %v", namespace, err)
			return
		}
		what()
	}()
	if <-done; t.Failed() {
		t.FailNow()
	}
}
