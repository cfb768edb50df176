package shell

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

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

// TestRecordUnreadable: a capture without sockets, because no more files may be open, does not replace a good one; and
// a query that can read none fails. With 4 descriptors there is room for a file of /proc, and none for a netlink socket
// beside what the program itself has open.
func TestRecordUnreadable(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "capture")
	if err := os.WriteFile(path, []byte("good"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"record " + path, "sockets"} {
		out, err := exec.Command("sh", "-c", "ulimit -n 4; exec netql "+command).CombinedOutput()
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok || exit.ExitCode() != failed || !strings.Contains(string(out), "no sockets could be read: ") {
			t.Errorf("%s: %v, %s", command, err, out)
		}
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "good" {
		t.Errorf("the capture is %q, %v", text, err)
	}
}
