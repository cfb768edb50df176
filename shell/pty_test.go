package shell

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// terminal is a person at a terminal, 80 columns wide, in front of the program.
type terminal struct {
	t      *testing.T
	master *os.File
	home   string
	cmd    *exec.Cmd

	mutex sync.Mutex
	seen  []byte // what was shown and has not been expected yet
}

// onTerminal starts the program on a new pseudo-terminal, in a home directory of its own.
func onTerminal(t *testing.T, home string, environment []string, args ...string) *terminal {
	t.Helper()
	master, slave := openPTY(t)
	defer slave.Close()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.Env = append(os.Environ(), "TERM=xterm", "HOME="+home, "XDG_STATE_HOME=", "XDG_CONFIG_HOME=", "NO_COLOR=1",
		"VISUAL=true", "NETQL_PAGER=")
	cmd.Env = append(cmd.Env, environment...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	term := &terminal{t: t, master: master, home: home, cmd: cmd}
	t.Cleanup(func() {
		cmd.Process.Kill()
		master.Close()
	})
	go term.watch()
	return term
}

// openPTY makes a pseudo-terminal (pty(7)).
func openPTY(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80}); err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile(filepath.Join("/dev/pts", strconv.Itoa(n)), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return master, slave
}

func (term *terminal) watch() {
	block := make([]byte, 4096)
	for {
		n, err := term.master.Read(block)
		term.mutex.Lock()
		term.seen = append(term.seen, block[:n]...)
		term.mutex.Unlock()
		if err != nil {
			return
		}
	}
}

// patience bounds every wait for the program.
const patience = lab.Patience

// expect waits until the text is shown, and gives what was shown up to its end.
func (term *terminal) expect(text string) string {
	term.t.Helper()
	shown, ok := term.shows(text, patience)
	if !ok {
		term.t.Fatalf("%q was not shown, but %q", text, shown[max(0, len(shown)-2000):])
	}
	return shown
}

// shows says whether the text is shown in time, and gives what was shown up to its end, or all that was.
func (term *terminal) shows(text string, within time.Duration) (string, bool) {
	for deadline := time.Now().Add(within); ; time.Sleep(2 * time.Millisecond) {
		term.mutex.Lock()
		shown, i := string(term.seen), bytes.Index(term.seen, []byte(text))
		if i >= 0 {
			shown = shown[:i+len(text)]
			term.seen = term.seen[len(shown):]
		}
		term.mutex.Unlock()
		if i >= 0 || time.Now().After(deadline) {
			return shown, i >= 0
		}
	}
}

// typed presses keys.
func (term *terminal) typed(keys string) {
	term.t.Helper()
	if _, err := term.master.WriteString(keys); err != nil {
		term.t.Fatal(err)
	}
}

// asks types an entry, and waits until its answer is shown and the next one can be typed.
func (term *terminal) asks(entry, answer string) {
	term.t.Helper()
	term.typed(entry + enter)
	term.expect(answer)
	term.expect(firstPrompt)
}

// interrupts presses Ctrl-C once, as soon as it is a signal and no key, and waits until the prompt reads keys again.
func (term *terminal) interrupts() {
	term.t.Helper()
	term.awaitRaw(false)
	term.typed(ctrlC)
	term.awaitRaw(true)
}

// awaitRaw waits until the program reads keys, or until it does not.
func (term *terminal) awaitRaw(want bool) {
	term.t.Helper()
	for deadline := time.Now().Add(patience); term.raw() != want; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			term.t.Fatalf("the program reads keys: %t, want %t", !want, want)
		}
	}
}

// leaves presses Ctrl-D until the program ends, but only while readline reads keys: otherwise it is lost.
func (term *terminal) leaves() {
	term.t.Helper()
	ended := term.wait()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if term.raw() {
			term.typed(ctrlD)
		}
		select {
		case status := <-ended:
			if status != done {
				shown, _ := term.shows("\x00", 0)
				term.t.Errorf("status %d, shown at last: %q", status, shown)
			}
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
	term.t.Fatal("Ctrl-D does not end the program")
}

// ends waits until the program has ended well.
func (term *terminal) ends() {
	term.t.Helper()
	select {
	case status := <-term.wait():
		if status != done {
			term.t.Errorf("status %d", status)
		}
	case <-time.After(patience):
		term.t.Fatal("the program does not end")
	}
}

func (term *terminal) wait() <-chan int {
	ended := make(chan int, 1)
	go func() {
		term.cmd.Wait()
		ended <- term.cmd.ProcessState.ExitCode()
	}()
	return ended
}

// resizes changes the size of the window.
func (term *terminal) resizes(columns, lines int) {
	term.t.Helper()
	if err := unix.IoctlSetWinsize(int(term.master.Fd()), unix.TIOCSWINSZ,
		&unix.Winsize{Row: uint16(lines), Col: uint16(columns)}); err != nil {
		term.t.Fatal(err)
	}
}

// asBefore checks that the terminal edits lines and shows what is typed, as shells want it.
func (term *terminal) asBefore() {
	term.t.Helper()
	const wanted = unix.ICANON | unix.ECHO | unix.ISIG
	mode, err := unix.IoctlGetTermios(int(term.master.Fd()), unix.TCGETS)
	if err != nil || mode.Lflag&wanted != wanted || mode.Cc[unix.VMIN] != 1 {
		term.t.Errorf("the terminal is left in mode %x, %v", mode.Lflag, err)
	}
}

// raw says whether readline has the terminal, so that Ctrl-C and Ctrl-D are keys like others.
func (term *terminal) raw() bool {
	mode, err := unix.IoctlGetTermios(int(term.master.Fd()), unix.TCGETS)
	return err == nil && mode.Lflag&unix.ISIG == 0
}

// awaitKeys waits until readline takes keys.
func (term *terminal) awaitKeys() {
	term.t.Helper()
	lab.Await(term.t, "readline takes keys", term.raw)
}

// history is what the prompt has kept.
func (term *terminal) history() []string {
	term.t.Helper()
	text, err := os.ReadFile(filepath.Join(term.home, ".local/state/netql/history"))
	if err != nil {
		term.t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

const (
	ctrlC   = "\x03"
	ctrlD   = "\x04"
	ctrlZ   = "\x1a"
	ctrlV   = "\x16"
	nul     = "\x00"
	arrowUp = "\x1b[A"
	enter   = "\r"
	tab     = "\t"

	frameEnd     = "\x1b[?2026l"
	secondScreen = "\x1b[?1049h"
	firstScreen  = "\x1b[?25h\x1b[?1049l"
)
