package shell

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestHistoryFile: it is the user's alone, also where it was not before, and grows to no more than twice what is kept.
func TestHistoryFile(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	path := filepath.Join(base, "netql", "history")
	h := &history{base: base, below: "netql"}
	if err := h.load(); err != nil {
		t.Fatal(err)
	}
	for i := range 2*historyLimit + 10 {
		if err := h.add(fmt.Sprintf("query %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	checkMode(t, filepath.Dir(path), 0o700)
	checkMode(t, path, 0o600)
	os.Chmod(path, 0o644)

	again := &history{base: base, below: "netql"}
	if err := again.load(); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(again.entries, h.entries) || len(h.entries) != historyLimit || h.entries[0] != "query 1010" {
		t.Errorf("%d entries, from %q; again %d", len(h.entries), h.entries[0], len(again.entries))
	}
	text, err := os.ReadFile(path)
	if lines := strings.Count(string(text), "\n"); err != nil || lines != historyLimit {
		t.Errorf("the file has %d lines, %v", lines, err)
	}
	if err := again.add("last"); err != nil {
		t.Fatal(err)
	}
	checkMode(t, path, 0o600)
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("files left: %v, %v", left, err)
	}
}

func checkMode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != want {
		t.Errorf("%s has mode %v, %v; want %v", path, info.Mode(), err, want)
	}
}

// TestHistoryEntries: entries are visible lines, and the same one is kept once in a row.
func TestHistoryEntries(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	path := filepath.Join(base, "netql", "history")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("good\n\nbad \x1b[2J\nbad \u202e\nlast, without its newline"),
		0o600); err != nil {
		t.Fatal(err)
	}
	h := &history{base: base, below: "netql"}
	if err := h.load(); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"one", "one", "", "two // with a comment", "# comment\nsockets // another\n  lport==22 | limit 1\n",
		"open (\n'string", "one",
	} {
		if err := h.add(text); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"good", "last, without its newline", "one", "two // with a comment",
		"sockets lport==22 | limit 1", "open ( 'string", "one"}
	if !slices.Equal(h.entries, want) {
		t.Errorf("got %q, want %q", h.entries, want)
	}
}

// TestHistoryPlace follows the XDG specification.
func TestHistoryPlace(t *testing.T) {
	t.Setenv("HOME", "/home/someone")
	there := t.TempDir()
	for state, want := range map[string][2]string{
		"":             {"/home/someone", ".local/state/netql"},
		"relative":     {"/home/someone", ".local/state/netql"},
		there:          {there, "netql"},
		there + "/new": {there, "new/netql"},
	} {
		t.Setenv("XDG_STATE_HOME", state)
		if base, below, err := historyDirectory(); [2]string{base, below} != want || err != nil {
			t.Errorf("XDG_STATE_HOME=%q: %q, %q, %v; want %q", state, base, below, err, want)
		}
	}
	t.Setenv("XDG_STATE_HOME", "")
	t.Setenv("HOME", "")
	if base, below, err := historyDirectory(); err == nil {
		t.Errorf("without a home: %q, %q", base, below)
	}
}
