package watch

import (
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"

	"netql/shell/tty"
)

// Control sequences: ECMA-48, xterm's for the alternate screen, and the synchronised update of several terminals.
const (
	enterScreen = "\x1b[?1049h\x1b[?25l" // the alternate screen, without a cursor
	leaveScreen = "\x1b[?25h\x1b[?1049l"
	beginUpdate = "\x1b[?2026h" // terminals that know this show nothing until endUpdate
	endUpdate   = "\x1b[?2026l"
	home        = "\x1b[H"
	clearLine   = "\x1b[K"
	clearBelow  = "\x1b[J"
)

// screen is the terminal's alternate screen. While it is entered, keys come at once and without echo; when it is left,
// the terminal shows again what it showed before.
type screen struct {
	out   io.Writer
	in    *os.File     // the keyboard; nil where there is none
	saved unix.Termios // the keyboard's modes before enter

	keys    chan string    // one letter, or the sequence of one key
	stop    atomic.Bool    // read must end
	reading sync.WaitGroup // the goroutine of read
}

func newScreen(in io.Reader, out io.Writer) *screen {
	s := &screen{out: out, keys: make(chan string)}
	if file, ok := in.(*os.File); ok {
		if saved, err := unix.IoctlGetTermios(int(file.Fd()), unix.TCGETS); err == nil {
			s.in, s.saved = file, *saved
		}
	}
	return s
}

// enter switches to the alternate screen and starts to read keys.
func (s *screen) enter() error {
	if s.in != nil {
		raw := s.saved
		raw.Lflag &^= unix.ICANON | unix.ECHO        // Ctrl-C and Ctrl-Z stay signals
		raw.Cc[unix.VMIN], raw.Cc[unix.VTIME] = 0, 1 // a read ends after a tenth of a second, so that reading can end
		if err := unix.IoctlSetTermios(int(s.in.Fd()), unix.TCSETS, &raw); err != nil {
			return err
		}
		s.stop.Store(false)
		s.reading.Go(s.read)
	}
	_, err := io.WriteString(s.out, enterScreen)
	return err
}

// leave switches back, ends the reading of keys and restores the modes. Keys that were not read are dropped.
func (s *screen) leave() error {
	_, err := io.WriteString(s.out, leaveScreen)
	if s.in != nil {
		s.stop.Store(true)
		s.reading.Wait()
		if failure := unix.IoctlSetTermios(int(s.in.Fd()), unix.TCSETSF, &s.saved); err == nil {
			err = failure
		}
	}
	return err
}

// read sends keys to the channel until stop is set, or the keyboard is closed.
func (s *screen) read() {
	block := make([]byte, 64)
	for !s.stop.Load() {
		n, err := unix.Read(int(s.in.Fd()), block)
		if err != nil && err != syscall.EINTR && err != syscall.EAGAIN {
			return
		}
		for _, key := range split(string(block[:max(0, n)])) {
			for sent := false; !sent && !s.stop.Load(); {
				select {
				case s.keys <- key:
					sent = true
				default:
					unix.Poll(nil, 5) // wait 5 ms: the watch is busy drawing
				}
			}
		}
	}
}

// split splits what was typed into letters, and the sequences that arrows and the like send.
func split(typed string) (keys []string) {
	for typed != "" {
		n := 1
		if strings.HasPrefix(typed, "\x1b[") || strings.HasPrefix(typed, "\x1bO") {
			for n = 2; n < len(typed) && (typed[n] < '@' || typed[n] > '~'); n++ {
			}
			n = min(n+1, len(typed))
		}
		keys, typed = append(keys, typed[:n]), typed[n:]
	}
	return keys
}

// show writes these lines in place of what the screen shows, in one write, so that nothing flickers. A line is cleared
// before it is written: with the cursor behind its last column, a terminal would clear that column.
func (s *screen) show(lines []string) error {
	text := home + clearLine + strings.Join(lines, "\r\n"+clearLine)
	if height, _ := s.size(); len(lines) < height {
		text += "\r\n" + clearBelow
	}
	_, err := io.WriteString(s.out, beginUpdate+text+endUpdate)
	return err
}

// size is how many lines and columns the screen has.
func (s *screen) size() (height, width int) {
	width, height, ok := tty.Size(s.out)
	if !ok {
		return tty.UsualHeight, tty.UsualWidth
	}
	return height, width
}
