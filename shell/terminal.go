package shell

import (
	"cmp"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// The size of a terminal that does not say: serial lines and some containers.
const usualWidth, usualHeight = 80, 24

// terminalSize is how many columns and lines the terminal has that a stream is connected to; false if it is no terminal.
func terminalSize(stream any) (width, height int, ok bool) {
	conn, ok := stream.(syscall.Conn)
	if !ok {
		return 0, 0, false
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, 0, false
	}
	var size *unix.Winsize
	if controlErr := raw.Control(func(fd uintptr) {
		size, err = unix.IoctlGetWinsize(int(fd), unix.TIOCGWINSZ)
	}); controlErr != nil || err != nil {
		return 0, 0, false
	}
	return cmp.Or(int(size.Col), usualWidth), cmp.Or(int(size.Row), usualHeight), true
}

// terminalWidth is the width of terminalSize.
func terminalWidth(stream any) (int, bool) {
	width, _, ok := terminalSize(stream)
	return width, ok
}

func isTerminal(stream any) bool {
	_, ok := terminalWidth(stream)
	return ok
}

// movesCursor says whether a line of the terminal can be written anew.
func movesCursor(stream any) bool { return isTerminal(stream) && os.Getenv("TERM") != "dumb" }
