package shell

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"netql/query/schema"
	"netql/query/syntax"
	"netql/shell/ownfile"
	"netql/sources/atomicfile"
	"netql/sources/multierror"
)

const (
	historyName  = "history" // the name of the file
	historyLimit = 1000      // how many entries are kept
	historyBytes = 4 << 20   // how much of the end of a longer file is read
)

// history is what was typed at the prompt, the oldest entry first, and the file that keeps it, one entry a line. The
// file is the user's alone; several prompts may add to it at the same time.
type history struct {
	base, below string // the directory of the file: base must exist, below it is made; base "" keeps nothing
	entries     []string
}

// openHistory reads the history of earlier prompts. Where the file cannot be used, a warning says why, and the history
// is kept in memory only.
func (p *printer) openHistory() *history {
	base, below, err := historyDirectory()
	if err == nil {
		h := &history{base: base, below: below}
		if err = h.load(); err == nil {
			return h
		}
	}
	p.message("warning", "no history is kept: %v", err)
	return &history{}
}

// remember adds what was typed. After the first failure, for which there is a warning, the file is left alone.
func (p *printer) remember(h *history, text string) {
	if err := h.add(text); err != nil {
		p.message("warning", "no history is kept any more: %v", err)
		h.base = ""
	}
}

// historyDirectory is the directory of the file by the XDG base directory specification, which says that a relative
// path in $XDG_STATE_HOME is ignored and that its directory is made. The user's home is never made.
func historyDirectory() (base, below string, err error) {
	if state := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		if _, err := os.Stat(state); errors.Is(err, fs.ErrNotExist) {
			return filepath.Dir(state), filepath.Base(state) + "/netql", nil
		}
		return state, "netql", nil
	}
	home, err := os.UserHomeDir()
	return home, ".local/state/netql", err
}

// load reads the newest entries, and rewrites the file with them when it has twice as many.
func (h *history) load() error {
	dir, err := h.lock()
	if err != nil {
		return err
	}
	defer dir.Close()
	lines, err := tail(dir)
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
	return h.rewrite(dir)
}

// rewrite replaces the file by one with the entries in memory.
func (h *history) rewrite(dir *os.File) error {
	return atomicfile.WritePrivateIn(dir, historyName, func(file *os.File) error {
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
	if h.base == "" {
		return nil
	}
	dir, err := h.lock()
	if err != nil {
		return err
	}
	defer dir.Close()
	f, err := ownfile.Open(dir, historyName, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return multierror.Join(appendLine(f, entry), f.Chmod(0o600), f.Close())
}

// appendLine writes a line behind a file's others, all of it or nothing: the next would go on where a part of it ends.
func appendLine(f *os.File, line string) error {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err = f.WriteString(line + "\n"); err != nil {
		err = multierror.Join(err, f.Truncate(size))
	}
	return err
}

// lock makes the directory where it is missing, and locks it until it is closed. The file itself cannot be the lock,
// because it may be replaced.
func (h *history) lock() (dir *os.File, err error) {
	return ownfile.Locked(h.base, h.below, ownfile.LockPatience)
}

// tail reads the last lines of the file; none where it does not exist. Of a file longer than historyBytes the first
// line may lack its beginning.
func tail(dir *os.File) ([]string, error) {
	f, err := ownfile.Open(dir, historyName, os.O_RDONLY, 0)
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

// oneLine is a query of several lines in one, for an entry is one line of the file and of the editor. Comments are left
// out, since they would hide what follows in the same line.
func oneLine(text string) string {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "\n") {
		return text
	}
	text = cutComments(text, "")
	tokens, err := syntax.Scan(text)
	if len(tokens) > 0 && err == nil {
		var b strings.Builder
		for i, token := range tokens {
			if i > 0 && token.Range.Start > tokens[i-1].Range.End {
				b.WriteByte(' ')
			}
			b.WriteString(token.Text)
		}
		text = b.String()
	}
	return joinLines(text)
}

// joinLines is the lines of a text that are not blank in one, without the blanks around them.
func joinLines(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, " ")
}
