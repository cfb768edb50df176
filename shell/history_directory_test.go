package shell

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"netql/shell/ownfile"
)

// TestHistoryElsewhere: nothing is read, made, appended or waited for that is no file of ours.
func TestHistoryElsewhere(t *testing.T) {
	t.Parallel()
	own := func(path string) error { return os.MkdirAll(path, 0o700) }
	for name, test := range map[string]struct {
		prepare func(home, directory, file, victim string) error
		want    error
	}{
		"a link of our own": {func(_, directory, file, victim string) error {
			return errors.Join(own(directory), os.Symlink(victim, file))
		}, ownfile.ErrLink},
		"a FIFO": {func(_, directory, file, _ string) error {
			return errors.Join(own(directory), syscall.Mkfifo(file, 0o600))
		}, ownfile.ErrIrregular},
		"a directory": {func(_, _, file, _ string) error { return own(file) }, ownfile.ErrIrregular},
		"no home":     {func(home, _, _, _ string) error { return os.Remove(home) }, fs.ErrNotExist},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			home, victim := filepath.Join(dir, "home"), filepath.Join(dir, "victim", "file")
			const below = ".local/state/netql"
			directory := filepath.Join(home, below)
			if err := errors.Join(own(home), own(filepath.Dir(victim)), os.WriteFile(victim, []byte("kept\n"), 0o644),
				test.prepare(home, directory, filepath.Join(directory, "history"), victim)); err != nil {
				t.Fatal(err)
			}
			before := listing(t, dir)
			h := &history{base: home, below: below}
			if err := h.load(); !errors.Is(err, test.want) {
				t.Errorf("load: %v, want %v", err, test.want)
			}
			if err := h.add("numbers"); !errors.Is(err, test.want) && !errors.Is(err, syscall.ENXIO) &&
				!errors.Is(err, syscall.EISDIR) {
				t.Errorf("add: %v, want %v", err, test.want)
			}
			checkMode(t, victim, 0o644)
			if text, err := os.ReadFile(victim); err != nil || string(text) != "kept\n" {
				t.Errorf("the victim has %q, %v", text, err)
			}
			if after := listing(t, dir); after != before {
				t.Errorf("there is now\n%s, and was\n%s", after, before)
			}
		})
	}
}

// listing is all that there is below a directory.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	if err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		b.WriteString(path + " " + entry.Type().String() + "\n")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestHistoryBelowLink: a person's own link may stand for a directory on the way.
func TestHistoryBelowLink(t *testing.T) {
	t.Parallel()
	home, elsewhere := t.TempDir(), t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(home, ".local")); err != nil {
		t.Fatal(err)
	}
	h := &history{base: home, below: ".local/state/netql"}
	if err := errors.Join(h.load(), h.add("numbers")); err != nil {
		t.Fatal(err)
	}
	checkMode(t, filepath.Join(elsewhere, "state/netql/history"), 0o600)
}

// TestPromptBesideFIFO: a history that nobody would ever answer does not stop the prompt.
func TestPromptBesideFIFO(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	directory := filepath.Join(home, ".local/state/netql")
	if err := errors.Join(os.MkdirAll(directory, 0o700),
		syscall.Mkfifo(filepath.Join(directory, "history"), 0o600)); err != nil {
		t.Fatal(err)
	}
	term := onTerminal(t, home, nil, "fakeql")
	for word := range strings.FieldsSeq("no history is kept: open " + directory + "/history: it is no regular file") {
		term.expect(word) // where lines break depends on the length of the directory's name
	}
	term.expect(firstPrompt)
	term.typed("numbers n == 3" + enter)
	term.expect("3 MiB")
	term.leaves()
}
