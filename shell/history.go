package shell

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"netql/query/schema"
	"netql/query/syntax"
	"netql/sources/atomicfile"
)

const (
	historyLimit = 1000    // entries that are kept
	historyBytes = 4 << 20 // of a longer file only the end is read
)

// history is what was typed at the prompt, one entry a line, the oldest first. The file is the user's alone, and
// several prompts may add to it at the same time.
type history struct {
	path    string // "" if there is nowhere to keep it
	entries []string
}

// openHistory reads what earlier prompts kept. Trouble with the file costs the history, never the prompt.
func (p *printer) openHistory() *history {
	path, err := historyPath()
	if err != nil {
		p.complain("warning", "no history is kept: %v", err)
		return &history{}
	}
	h := &history{path: path}
	if err := h.load(); err != nil {
		p.complain("warning", "no history is kept: %v", err)
		return &history{}
	}
	return h
}

// remember adds what was typed. After the first failure nothing is kept any more, so there is one warning.
func (p *printer) remember(h *history, text string) {
	if err := h.add(text); err != nil {
		p.complain("warning", "no history is kept any more: %v", err)
		h.path = ""
	}
}

// historyPath follows the XDG base directory specification, which wants relative paths ignored.
func historyPath() (string, error) {
	if state := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "netql", "history"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, ".local", "state", "netql", "history"), nil
}

// load reads the entries, and cuts the file when it has grown to twice what is kept.
func (h *history) load() error {
	unlock, err := h.lock()
	if err != nil {
		return err
	}
	defer unlock()
	lines, err := tail(h.path)
	if err != nil {
		return err
	}
	h.entries = slices.DeleteFunc(lines, func(line string) bool { return line == "" || schema.Visible(line) != line })
	if len(h.entries) <= historyLimit {
		return nil
	}
	long := len(h.entries) >= 2*historyLimit
	h.entries = slices.Clone(h.entries[len(h.entries)-historyLimit:])
	if !long {
		return nil
	}
	return h.rewrite()
}

// rewrite replaces the file by one that has only the kept entries.
func (h *history) rewrite() error {
	return atomicfile.WritePrivate(h.path, func(file *os.File) error {
		_, err := file.WriteString(strings.Join(h.entries, "\n") + "\n")
		return err
	})
}

// add appends an entry, unless it is the same as the last.
func (h *history) add(text string) error {
	entry := oneLine(text)
	if entry == "" || len(entry) > syntax.MaxLength || len(h.entries) > 0 && h.entries[len(h.entries)-1] == entry {
		return nil
	}
	h.entries = append(h.entries, entry)
	if len(h.entries) > historyLimit {
		h.entries = h.entries[1:]
	}
	if h.path == "" {
		return nil
	}
	unlock, err := h.lock()
	if err != nil {
		return err
	}
	defer unlock()
	f, err := os.OpenFile(h.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(entry + "\n")
	return errors.Join(err, f.Chmod(0o600), f.Close())
}

// lock makes the directory and locks it: the file itself may be replaced.
func (h *history) lock() (unlock func(), err error) {
	directory := filepath.Dir(h.path)
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return nil, err
	}
	f, err := os.Open(directory)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", directory, err)
	}
	return func() { f.Close() }, nil
}

// tail reads the lines of the end of a file; a file that does not exist has none.
func tail(path string) ([]string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if skip := info.Size() - historyBytes; skip > 0 {
		if _, err := f.Seek(skip, io.SeekStart); err != nil {
			return nil, err
		}
	}
	text, err := io.ReadAll(io.LimitReader(f, historyBytes))
	return strings.Split(string(text), "\n"), err
}

// oneLine joins the lines of a query, so that an entry is a line of the file and of the editor. Comments between them
// are left out, since they would swallow what follows.
func oneLine(text string) string {
	text = strings.TrimSpace(text)
	tokens, err := syntax.Scan(text)
	if len(tokens) > 0 && err == nil && strings.Contains(text, "\n") {
		var b strings.Builder
		for i, token := range tokens {
			if i > 0 && token.Range.Start > tokens[i-1].Range.End {
				b.WriteByte(' ')
			}
			b.WriteString(token.Text)
		}
		text = b.String()
	}
	return strings.ReplaceAll(text, "\n", " ")
}
