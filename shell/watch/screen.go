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

// Control sequences (ECMA-48, and xterm's for the second screen).
const (
	enterScreen = "\x1b[?1049h\x1b[?25l" // the second screen, without a cursor
	leaveScreen = "\x1b[?25h\x1b[?1049l"
	beginUpdate = "\x1b[?2026h" // terminals that know this show nothing until the end
	endUpdate   = "\x1b[?2026l"
	home        = "\x1b[H"
	clearLine   = "\x1b[K"
	clearBelow  = "\x1b[J"
)

// screen is the terminal while it is ours: keys come at once and unseen, and what was shown before comes back when we
// leave.
type screen struct {
	out   io.Writer
	in    *os.File // nil where there is no keyboard
	saved unix.Termios

	keys    chan string // a key, or the sequence of one
	stop    atomic.Bool
	reading sync.WaitGroup
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

// enter takes the terminal.
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

// leave gives the terminal back as it was.
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

// read hands on keys until it is told to stop, or there will be no more.
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
					unix.Poll(nil, 5) // the watch is busy drawing
				}
			}
		}
	}
}

// split takes apart what was typed: letters, and the sequences that arrows and the like send.
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

// show replaces what the screen shows by these lines, in one piece, so that nothing flickers. A line is cleared before
// it is written: behind its last place, a terminal would clear that.
func (s *screen) show(lines []string) error {
	text := home + clearLine + strings.Join(lines, "\r\n"+clearLine)
	if height, _ := s.size(); len(lines) < height {
		text += "\r\n" + clearBelow
	}
	_, err := io.WriteString(s.out, beginUpdate+text+endUpdate)
	return err
}

// size is how many lines and columns the terminal has.
func (s *screen) size() (height, width int) {
	width, height, ok := tty.Size(s.out)
	if !ok {
		return tty.UsualHeight, tty.UsualWidth
	}
	return height, width
}
