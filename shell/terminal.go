package shell

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// usualWidth is what a terminal has that does not say: serial lines and some containers.
const usualWidth = 80

// terminalWidth is how many columns the terminal has that a stream is connected to; false if it is no terminal.
func terminalWidth(stream any) (int, bool) {
	conn, ok := stream.(syscall.Conn)
	if !ok {
		return 0, false
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, false
	}
	var size *unix.Winsize
	if controlErr := raw.Control(func(fd uintptr) {
		size, err = unix.IoctlGetWinsize(int(fd), unix.TIOCGWINSZ)
	}); controlErr != nil || err != nil {
		return 0, false
	}
	if size.Col == 0 {
		return usualWidth, true
	}
	return int(size.Col), true
}

func isTerminal(stream any) bool {
	_, ok := terminalWidth(stream)
	return ok
}
