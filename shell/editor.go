package shell

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/chzyer/readline"

	"netql/query/schema"
	"netql/shell/complete"
	"netql/shell/render"
	"netql/shell/tty"
)

// newEditor gives readline, or plainEditor where the terminal cannot move its cursor, and a function that closes it.
// The prompt is written to the output if that is a terminal, else with the messages.
func (s *session) newEditor() (editor, func(), error) {
	out := s.out
	if !tty.Is(out) {
		out = s.err
	}
	width, ok := tty.Width(out)
	if !ok || os.Getenv("TERM") == "dumb" {
		return plainEditor{s, bufio.NewReader(s.in), out}, func() {}, nil
	}
	completer := &tabCompleter{candidates: s.candidates, screen: out}
	color := s.renderOptions().Color
	pressed := &keyFilter{atEnd: true, suggests: color, pasted: s.pasted}
	var raw readline.RawMode
	paint := &painter{parts: s.parts, keys: pressed, promptWidth: len(firstPrompt)}
	keys := &keyReader{in: s.in, filter: pressed}
	in := readline.NewCancelableStdin(keys)
	config := &readline.Config{
		Prompt:                 firstPrompt,
		HistoryLimit:           historyLimit + 2, // readline counts the line that is typed as well
		DisableAutoSaveHistory: true,             // one query may be several lines
		Stdin:                  in,
		Stdout:                 out,
		Stderr:                 s.err,
		AutoComplete:           completer,
		Listener:               pressed,
		FuncFilterInputRune:    pressed.filter,
		FuncMakeRaw: func() error {
			err := raw.Enter()
			pressed.begin()
			return err
		},
		FuncExitRaw: func() error {
			s.forgetInterrupts() // of before the line: from here on Ctrl-C means the query
			if keys.interrupted() {
				select {
				case s.interrupts <- os.Interrupt:
				default: // one that kill(1) has sent
				}
			}
			return raw.Exit()
		},
		FuncOnWidthChanged: func(measure func()) { pressed.measure = measure },
		FuncGetWidth: func() int {
			if now, ok := tty.Width(out); ok {
				width = now
			}
			// In a window of one column, or as wide as the prompt, readline's search for the end of a line never ends.
			return max(width, paint.promptWidth+1)
		},
	}
	paint.width = config.FuncGetWidth
	if color {
		config.Painter = paint
	}
	rl, err := readline.NewEx(config)
	if err != nil {
		return nil, nil, err
	}
	completer.list = rl.Stdout()
	s.typedAhead = keys.waiting
	pressed.set = rl.Operation.SetBuffer
	return lineEditor{rl, s.in, out, pressed, paint}, func() {
		in.Close() // or Close waits for the next key
		rl.Close()
	}, nil
}

// lineEditor is readline.
type lineEditor struct {
	rl    *readline.Instance
	in    io.Reader
	out   io.Writer
	keys  *keyFilter
	paint *painter
}

func (e lineEditor) Line(prompt, text string) (string, error) {
	pasting := func(sequence string) { io.WriteString(e.out, sequence) }
	defer tty.Guard(e.in, func() { pasting(pasteOff) })() // the editor takes the terminal while a line is typed
	pasting(pasteOn)
	defer pasting(pasteOff)
	e.paint.promptWidth = render.Width(prompt)
	e.rl.SetPrompt(prompt)
	e.keys.initial = text
	line, err := e.rl.Readline()
	edit := e.keys.edits.Swap(false)
	switch {
	case errors.Is(err, readline.ErrInterrupt):
		return "", errInterrupted
	case err == nil && edit:
		return line, errEdit
	}
	return line, err
}

func (e lineEditor) Remember(entries []string) {
	e.keys.recall = recall{entries: entries, at: len(entries)}
	e.rl.ResetHistory()
	if len(entries) == 0 {
		e.rl.SaveHistory("") // readline's search dereferences nil where it finds no entry to go back to
	}
	for _, entry := range entries {
		e.rl.SaveHistory(entry) // cannot fail: readline has no file of its own
	}
}

// tabCompleter completes what is typed, for readline. It gives readline one candidate at most and lists several itself,
// because readline's own list divides by zero where a candidate is wider than the terminal.
type tabCompleter struct {
	candidates func(line string) complete.Completion
	screen     io.Writer
	list       io.Writer // writes text above the line that is typed
	listed     string    // the line whose candidates were listed last
	next       int       // the candidate with which their next page begins
}

// Do implements readline.AutoCompleter: the rest of the word at the cursor. It runs in readline's goroutine, where a
// panic would end the program and leave the terminal without echo, so that a panic becomes a message.
func (t *tabCompleter) Do(line []rune, at int) (rest [][]rune, shared int) {
	defer func() {
		if fault := recover(); fault != nil {
			rest, shared = nil, 0
			fmt.Fprintf(t.list, "error: completion failed: %s\n", schema.Visible(fmt.Sprint(fault)))
		}
	}()
	return t.complete(line, at), 0
}

// complete gives the rest of the word as far as it is certain, and lists the candidates where nothing is.
func (t *tabCompleter) complete(line []rune, at int) [][]rune {
	found := t.candidates(string(line[:at]))
	rest := found.Insert()
	if rest != "" {
		return [][]rune{[]rune(rest)}
	}
	var lines []string
	if len(found.Candidates) > 1 {
		lines = t.page(string(line), found.Candidates)
	}
	if found.Note != "" {
		lines = append(lines, found.Note)
	}
	if len(lines) > 0 {
		io.WriteString(t.list, strings.Join(lines, "\n")+"\n")
	}
	return nil
}

// page is a page of the list of candidates: the first one, and behind another Tab in the same line the next.
func (t *tabCompleter) page(line string, candidates []complete.Candidate) (lines []string) {
	if line != t.listed || t.next >= len(candidates) {
		t.listed, t.next = line, 0
	}
	width, height, _ := tty.Size(t.screen)
	lines, t.next = render.ChoicesPage(choices(candidates), t.next, width, max(1, height-3))
	return lines
}

func choices(candidates []complete.Candidate) []render.Choice {
	list := make([]render.Choice, len(candidates))
	for i, c := range candidates {
		list[i] = render.Choice{Text: c.Shown(), Doc: schema.Visible(c.Doc)}
	}
	return list
}

// plainEditor writes the prompt and reads lines, which the terminal itself edits.
type plainEditor struct {
	session *session
	in      *bufio.Reader
	out     io.Writer
}

func (e plainEditor) Line(prompt, text string) (string, error) {
	if text != "" {
		text += "\n"
	}
	if _, err := io.WriteString(e.out, prompt+text); err != nil {
		return "", err
	}
	if text != "" { // the terminal has no line that could be changed
		return strings.TrimSuffix(text, "\n"), nil
	}
	line, err := readLine(e.in)
	e.session.forgetInterrupts() // of before the line: from here on Ctrl-C means the query
	return line, err
}

func (plainEditor) Remember([]string) {}
