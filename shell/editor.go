package shell

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/chzyer/readline"

	"netql/query/schema"
	"netql/shell/complete"
	"netql/shell/render"
	"netql/shell/tty"
)

// newEditor picks a line editor for the terminal, and a plain one where the terminal cannot move its cursor. The
// prompt belongs to the person: if the output goes elsewhere, it is shown with the messages.
func (s *session) newEditor() (editor, func(), error) {
	out := s.out
	if !tty.Is(out) {
		out = s.err
	}
	width, ok := tty.Width(out)
	if !ok || os.Getenv("TERM") == "dumb" {
		return plainEditor{bufio.NewReader(s.in), out}, func() {}, nil
	}
	completer := &tabCompleter{candidates: s.candidates, screen: out}
	in := readline.NewCancelableStdin(withoutNUL{s.in})
	rl, err := readline.NewEx(&readline.Config{
		Prompt:                 firstPrompt,
		HistoryLimit:           historyLimit,
		DisableAutoSaveHistory: true, // one query may be several lines
		Stdin:                  in,
		Stdout:                 out,
		Stderr:                 s.err,
		AutoComplete:           completer,
		FuncFilterInputRune:    func(r rune) (rune, bool) { return harmless(r), true },
		FuncGetWidth: func() int {
			if now, ok := tty.Width(out); ok {
				width = now
			}
			return width
		},
	})
	if err != nil {
		return nil, nil, err
	}
	completer.list = rl.Stdout()
	return lineEditor{rl}, func() {
		in.Close() // or Close waits for the next key
		rl.Close()
	}, nil
}

// lineEditor is readline: keys move the cursor and bring back earlier queries.
type lineEditor struct{ rl *readline.Instance }

func (e lineEditor) Line(prompt string) (string, error) {
	e.rl.SetPrompt(prompt)
	line, err := e.rl.Readline()
	if errors.Is(err, readline.ErrInterrupt) {
		return "", errInterrupted
	}
	return line, err
}

func (e lineEditor) Remember(entries []string) {
	e.rl.ResetHistory()
	for _, entry := range entries {
		e.rl.SaveHistory(entry) // cannot fail: readline has no file of its own
	}
}

// tabCompleter completes what is typed. readline's own list of candidates divides by zero where one is wider than the
// terminal, so that it never gets more than one: the list is ours.
type tabCompleter struct {
	candidates func(line string) complete.Completion
	screen     io.Writer
	list       io.Writer // shows text above the line that is typed
}

// Do implements readline.AutoCompleter.
func (t *tabCompleter) Do(line []rune, at int) ([][]rune, int) {
	found := t.candidates(string(line[:at]))
	rest := found.Insert()
	if rest != "" {
		return [][]rune{[]rune(rest)}, 0
	}
	if len(found.Candidates) > 1 {
		width, height, _ := tty.Size(t.screen)
		lines := render.Choices(choices(found.Candidates), width, max(1, height-3))
		io.WriteString(t.list, strings.Join(lines, "\n")+"\n")
	}
	return nil, 0
}

func choices(candidates []complete.Candidate) []render.Choice {
	list := make([]render.Choice, len(candidates))
	for i, c := range candidates {
		list[i] = render.Choice{Text: c.Shown(), Doc: schema.Visible(c.Doc)}
	}
	return list
}

// editingKeys are the control keys that readline obeys, but for Ctrl-Z, which would stop our parent as well. It would
// put any other into the line, and so onto the terminal.
const editingKeys = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x10\x12\x13\x14\x15\x17\x19\x1b\x7f"

// harmless replaces the keys that readline shall not see by BEL, which it takes for "leave the search". Its own way to
// ignore a key makes it read on while a query runs. Negative runes are its own, for arrows and the like; 0 is the end
// of the input.
func harmless(r rune) rune {
	if r < 0 || strings.ContainsRune(editingKeys, r) || strconv.IsPrint(r) {
		return r
	}
	return readline.CharBell
}

// withoutNUL leaves out NUL (Ctrl-Space), which readline takes for the end of the input.
type withoutNUL struct{ io.Reader }

func (w withoutNUL) Read(b []byte) (int, error) {
	for {
		n, err := w.Reader.Read(b)
		if kept := bytes.ReplaceAll(b[:n], []byte{0}, nil); len(kept) > 0 || n == 0 || err != nil {
			return copy(b, kept), err
		}
	}
}

// plainEditor reads lines as they come; the terminal itself edits them.
type plainEditor struct {
	in  *bufio.Reader
	out io.Writer
}

func (e plainEditor) Line(prompt string) (string, error) {
	if _, err := io.WriteString(e.out, prompt); err != nil {
		return "", err
	}
	return readLine(e.in)
}

func (plainEditor) Remember([]string) {}
