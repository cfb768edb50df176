package shell

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"netql/sources/lab"
)

// TestCompletionInShells: inside the quotes of a query, bash, zsh and fish complete what the prompt does.
func TestCompletionInShells(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ shell, start, setup, closing string }{
		{"bash", "bash --norc --noprofile", `PS1='$ '; netql() { fakeql "$@"; }; . D/script`, "'"},
		{"zsh", "PS1='$ ' zsh -f", "netql() { fakeql \"$@\" }; fpath=(D $fpath); autoload -U compinit; " +
			"compinit -u -D; compdef _netql netql", "'"},
		{"fish", "fish --no-config", "function fish_prompt; echo '$ '; end; function netql; fakeql $argv; end; " +
			"source D/script", "'"},
	} {
		t.Run(test.shell, func(t *testing.T) {
			t.Parallel()
			lab.Need(t, test.shell)
			script, err := exec.Command("fakeql", "completion", test.shell).Output()
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			for _, name := range []string{"script", "_netql"} {
				if err := os.WriteFile(filepath.Join(dir, name), script, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			w := inWindow(t, 100, 30)
			ssh := filepath.Join(w.home, ".ssh")
			if err := errors.Join(os.Mkdir(ssh, 0o700), os.WriteFile(filepath.Join(ssh, "config"),
				[]byte("Host lab-server *.lan\n"), 0o600)); err != nil {
				t.Fatal(err)
			}
			w.types(test.start, "Enter")
			w.types(strings.ReplaceAll(test.setup, "D", dir), "Enter")
			w.types("clear; echo ready", "Enter")
			w.await("an empty screen", func(s string) bool { return strings.HasPrefix(s, "ready") })
			w.types("netql --hosts=root@lab-s", "Tab")
			w.expect("netql --hosts=root@lab-server")
			w.types(" --netns al", "Tab")
			w.expect(" --netns all")
			w.types("C-c")
			w.await("the shell", lastLine("$"))
			w.types("clear; echo again", "Enter")
			w.await("an empty screen", func(s string) bool { return strings.HasPrefix(s, "again") })
			w.types("netql 'numbers | wh", "Tab", "n == 2 | sel", "Tab", "te", "Tab", ", si", "Tab")
			w.expect("netql 'numbers | where n == 2 | select text, size")
			w.types("'", "Enter")
			w.expect("-     2 MiB")
			w.types("netql \"numbers n == 1 | lim", "Tab", "1 | select n, text\"", "Enter")
			w.expect("n  text\n1  -")
		})
	}
}
