package shell

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"netql/query/syntax"
	"netql/shell/tty"
	"netql/sources/multierror"
)

// errEdit is the error of a line that its reader wants to edit in an editor.
var errEdit = errors.New("edit this line")

// editEnding is what psql has people type alone or behind a query that they want to edit.
const editEnding = `\e`

// editSequence are the keys for that in bash: Ctrl-X Ctrl-E.
const editSequence = "\x18\x05"

// cutEdit is an entry without editEnding, alone the last query; false where it has none.
func (s *session) cutEdit(text string) (entry string, found bool) {
	text, found = strings.CutSuffix(strings.TrimSpace(text), editEnding)
	if text = strings.TrimSpace(text); text == "" {
		text = s.last
	}
	return text, found
}

// edited has the user's editor change an entry, and gives it back as one line. An editor that fails changes nothing.
func (s *session) edited(text string) string {
	changed, err := s.runEditor(text + "\n")
	s.forgetInterrupts() // they were the editor's
	if err != nil {
		s.message("error", "the entry is left as it was: %v", err)
		changed = text
	}
	return s.pasted("", changed, "")
}

// runEditor runs $VISUAL, else $EDITOR, else vi, on a file with the text, and gives what is in the file then. Of a
// longer text than a query may be it gives one byte more, so that Compile reports that the query is too long.
func (s *session) runEditor(text string) (changed string, err error) {
	file, err := os.CreateTemp("", "netql-*.nq")
	if err != nil {
		return "", err
	}
	defer os.Remove(file.Name())
	_, err = file.WriteString(text)
	if err = multierror.Join(err, file.Close()); err != nil {
		return "", err
	}
	command := cmp.Or(os.Getenv("VISUAL"), os.Getenv("EDITOR"), "vi")
	if err := s.runOnTerminal("sh", "-c", command+` "$@"`, command, file.Name()); err != nil {
		return "", fmt.Errorf("%s: %w", command, err)
	}
	file, err = os.Open(file.Name()) // anew: editors replace files
	if err != nil {
		return "", err
	}
	defer file.Close()
	all, err := io.ReadAll(io.LimitReader(file, syntax.MaxLength+1))
	return string(all), err
}

// runOnTerminal runs a program that has the terminal until it ends.
func (s *session) runOnTerminal(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.in, s.out, s.err
	if out, ok := s.out.(*outlet); ok {
		cmd.Stdout = out.Writer // the terminal itself
	}
	defer tty.Guard(s.in, func() {})()
	return cmd.Run()
}
