package owners

import (
	"errors"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestUnknownThreads: where it is unknown whether a process has other threads, their sockets may be missing, which is
// an error; a process that has gone has none.
func TestUnknownThreads(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(task string) error
		want    error
	}{
		"gone":   {func(string) error { return nil }, nil},
		"a loop": {func(task string) error { return os.Symlink("task", task) }, unix.ELOOP},
		"too long": {func(task string) error { return os.Symlink(strings.Repeat("x", 300), task) },
			unix.ENAMETOOLONG},
	} {
		path := t.TempDir()
		if err := test.prepare(path + "/task"); err != nil {
			t.Fatal(err)
		}
		dir, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer dir.Close()
		w, p := &walker{}, &process{pid: 1}
		if err := w.threads(t.Context(), int(dir.Fd()), 0, p); !errors.Is(err, test.want) || p.refused {
			t.Errorf("%s: %v, want %v; refused %v", name, err, test.want, p.refused)
		}
	}
}
