package shell

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"netql/sources"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/vfs/vfstest"
	"netql/tables"
)

// TestUnreadableNow: what may be read at the next try is no capture, and what the user may not read is.
func TestUnreadableNow(t *testing.T) {
	t.Parallel()
	unreadable := func(err error) error { return fmt.Errorf("t: %w", &tables.Unreadable{What: "rows", Err: err}) }
	forbidden := unreadable(fmt.Errorf("open: %w", fs.ErrPermission))
	for _, failures := range [][]error{nil, {forbidden}, {errors.New("another")}} {
		if err := unreadableNow(failures); err != nil {
			t.Errorf("%v: %v", failures, err)
		}
	}
	if err := unreadableNow([]error{forbidden, unreadable(syscall.EMFILE)}); !errors.Is(err, syscall.EMFILE) {
		t.Error(err)
	}
}

// TestRecordUnreadable: where nothing of a table can be read, a query fails, and a capture does not replace a good one.
// What the user may not read is no reason to record nothing.
func TestRecordUnreadable(t *testing.T) {
	t.Parallel()
	for failure, want := range map[syscall.Errno]struct {
		recorded int
		good     bool // the capture that was there still is
	}{syscall.EMFILE: {failed, true}, syscall.EPERM: {done, false}} {
		path := filepath.Join(t.TempDir(), "capture")
		if err := os.WriteFile(path, []byte("good"), 0o600); err != nil {
			t.Fatal(err)
		}
		var both strings.Builder
		s := newSession(strings.NewReader(""), &both, &both)
		system := sources.Live()
		system.Files, system.Netlink = vfstest.Files{}, netlinktest.Func(
			func(netlink.Request) ([]netlink.Message, error) { return nil, failure },
		)
		s.use(system)
		if status := s.interruptible("sockets proto == tcp"); status != failed {
			t.Errorf("%v: a query ends with status %d", failure, status)
		}
		if status := s.record([]string{path}); status != want.recorded {
			t.Errorf("%v: record ends with status %d", failure, status)
		}
		for _, part := range []string{"error: no sockets could be read: ", ": sockets: no sockets could be read: "} {
			if !strings.Contains(both.String(), part) {
				t.Errorf("%v: %q is not told in %s", failure, part, both.String())
			}
		}
		if text, err := os.ReadFile(path); err != nil || (string(text) == "good") != want.good {
			t.Errorf("%v: the capture is %q, %v", failure, text, err)
		}
	}
}
