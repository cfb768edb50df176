package shell

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"
	"time"
)

// keys are what a keyboard, a mouse or a bad line can send: control keys, escape sequences, Meta keys, half a
// character, wide and combining ones, and words that complete to something.
var keys = func() (all []string) {
	for c := range 32 {
		if c != '\x04' && c != '\x1c' { // Ctrl-D leaves, and so does Ctrl-\ while a query runs
			all = append(all, string(rune(c)), string(rune(c)))
		}
	}
	for c := ' '; c <= '\x7f'; c += 3 {
		all = append(all, "\x1b"+string(c), "\x1bO"+string(c), "\x1b["+string(c), string(c))
	}
	return append(all,
		"\x1b\x14", "\x1b\x7f", "\x1b\x1b", "x\x1b[D\x1b[3~", "\x1b[3~", "\x1b[200~", "\x1b[1;5C", "\x1b[24;80R",
		"\x1b[201~", "\x1b[200~numbers\r| limit 1\x1b[201~", editSequence,
		"\x1b[M ##", "\x1b[;;;", "\x1b[99999999",
		"\xc3", "\xe4\xb8", "\xff", "\x9b", "\u202e", "世界", "e\u0301", "\u200b", "\U0001f468\u200d\U0001f469",
		"numb\t", "numbers n\t", "| \t", "a", "b", "numbers", " ", "\x12n", "\x13n",
		"\x12\x12", "\x12zz\x07", "\x12\x03", "\x12\x7f",
		"\x7f", "\x7f", "\x14", "\x14", arrowUp, arrowUp, "\x1b[B", "\x1b[D", "\x1b[C", "\r", "numbers n == 3\r",
	)
}()

// leavesFrom gets out of whatever keys have led into: a search, a line, a query.
func (term *terminal) leavesFrom(doing string) {
	term.t.Helper()
	ended := term.wait()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if term.typed("\x07" + ctrlC); term.raw() {
			term.typed(ctrlD)
		}
		select {
		case status := <-ended:
			if status != done && !term.killedBy(syscall.SIGINT) { // a Ctrl-C too many may end what ends already
				term.shows("panic: ", patience)
				shown, _ := term.shows("[signal", 100*time.Millisecond)
				term.t.Errorf("status %d after %s: panic: %s", status, doing, shown)
			}
			term.asBefore()
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
	term.t.Errorf("the prompt hangs after %s", doing)
}

// TestAnyKeys: whatever is pressed, in a window of any width, the prompt lives on.
func TestAnyKeys(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("types thousands of keys")
	}
	sessions := uint64(40)
	if long() {
		sessions = 500
	}
	t.Logf("%d sessions of 250 keys", sessions)
	for seed := range sessions {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 0))
			term := onTerminal(t, t.TempDir(), nil, "fakeql")
			term.expect(firstPrompt)
			var pressed []string
			for range 250 {
				key := keys[r.IntN(len(keys))]
				if r.IntN(60) == 0 {
					term.resizes(1+r.IntN(30)*r.IntN(4), 1+r.IntN(30))
				}
				pressed = append(pressed, key)
				term.typed(key)
			}
			term.leavesFrom(fmt.Sprintf("%q", strings.Join(pressed, "")))
		})
	}
}

// killedBy says whether a signal has ended the program.
func (term *terminal) killedBy(signal syscall.Signal) bool {
	status, ok := term.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == signal
}

// TestHarmfulKeys: keys that readline panics at, waits for ever or puts into the line are left out.
func TestHarmfulKeys(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		columns     int
		keys, shown string
	}{
		"one character transposed":     {80, "a\x14b\x15numbers n == 3" + enter, "3 MiB"},
		"two transposed":               {80, "unmbers n == 3\x01\x06\x14" + enter, "3 MiB"},
		"words transposed":             {80, "numbers\x1b\x14 n == 3" + enter, "3 MiB"},
		"a search of nothing left":     {80, "\x12" + ctrlC + "numbers n == 3" + enter, "3 MiB"},
		"a search of nothing answered": {80, "\x12\x07numbers n == 3" + enter, "3 MiB"},
		"Delete in an empty line":      {80, "\x1b[3~\x1b[3~numbers n == 3" + enter, "3 MiB"},
		"Delete at the start":          {80, "xnumbers n == 3\x01\x1b[3~" + enter, "3 MiB"},
		"Delete at the end":            {80, "numbers n == 3\x1b[3~" + enter, "3 MiB"},
		"Delete of the last character": {80, "x\x01\x1b[3~\x1b[3~numbers n == 3" + enter, "3 MiB"},
		"a window like the prompt":     {7, "3\x1b[Dnumbers n == " + enter, "3 MiB"},
		"a window of one column":       {1, "3\x1b[Dnumbers n == " + enter, "3 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := onTerminal(t, t.TempDir(), nil, "fakeql", "--width", "80")
			term.resizes(test.columns, 24)
			term.expect(firstPrompt)
			term.typed(test.keys)
			term.expect(test.shown)
			term.leaves()
			term.asBefore()
		})
	}
}

// TestKeyReader: whatever arrives at once, NUL is dropped, and a read ends with Delete, which the filter is told.
func TestKeyReader(t *testing.T) {
	const typed = "a\x1b[3~\x00b\x1b\x1b[3~\x1b[3;\x1b[3\x00~c"
	want := []string{"a\x1b[3~ Delete", "b\x1b\x1b[3~ Delete", "\x1b[3;\x1b[3~ Delete", "c"}
	for name, in := range map[string]io.Reader{
		"at once": strings.NewReader(typed), "byte by byte": iotest.OneByteReader(strings.NewReader(typed)),
	} {
		keys := &keyReader{in: in, filter: &keyFilter{}}
		var got []string
		read := ""
		for b := make([]byte, 64); ; {
			n, err := keys.Read(b)
			if err != nil {
				got = append(got, read)
				break
			}
			if read += string(b[:n]); keys.filter.deletes.Load() {
				got, read = append(got, read+" Delete"), ""
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestOldestEntry: of a full history, the oldest entry is found and the next one is below it.
func TestOldestEntry(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	var entries strings.Builder
	for n := range historyLimit {
		fmt.Fprintf(&entries, "numbers n == 3 or n == %d\n", 10_000+n)
	}
	directory := filepath.Join(home, ".local/state/netql")
	if err := errors.Join(os.MkdirAll(directory, 0o700),
		os.WriteFile(filepath.Join(directory, "history"), []byte(entries.String()), 0o600)); err != nil {
		t.Fatal(err)
	}
	term := onTerminal(t, home, nil, "fakeql")
	term.expect(firstPrompt)
	term.typed("\x1210000\x01")
	term.expect(firstPrompt + "numbers n == 3 or n == 10000")
	term.typed("\x1b[B" + enter)
	term.expect("numbers n == 3 or n == 10001")
	term.expect("3 MiB")
	term.leaves()
}

// TestLineBegins: readline tells of the beginning of a line in another goroutine, while its own may still be about the
// key that ended the line before. The race detector finds what they share.
func TestLineBegins(t *testing.T) {
	t.Parallel()
	filter := &keyFilter{}
	var last sync.WaitGroup
	last.Go(func() { filter.OnChange([]rune("numbers"), len("numbers"), '\r') })
	filter.OnChange(nil, 0, 0)
	last.Wait()
	if filter.length != len("numbers") || !filter.atEnd {
		t.Errorf("%d, %v", filter.length, filter.atEnd)
	}
}
