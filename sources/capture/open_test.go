package capture

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// TestOpenWaitsForNobody: what is neither a plain file nor a pipe of this process is no capture, and is not read.
func TestOpenWaitsForNobody(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{fifo, "/dev/zero", t.TempDir()} {
		if _, err := Open(path); !errors.Is(err, errNotFile) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestOpenPipe: a capture may come from another program, as a shell gives it: <(zstd -dc capture.zst).
func TestOpenPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	go func() {
		w.Write(small(t))
		w.Close()
	}()
	c, err := Open(fmt.Sprintf("/dev/fd/%d", r.Fd()))
	if err != nil || c.Manifest.Host != "box" {
		t.Error(err)
	}
}
