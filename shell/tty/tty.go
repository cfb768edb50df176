// Package tty asks a terminal for what shows on it, and gives it back as it was.
package tty

import (
	"cmp"
	"os"

	"golang.org/x/sys/unix"
)

// The size of a terminal that does not say: serial lines and some containers.
const UsualWidth, UsualHeight = 80, 24

// Size is how many columns and lines the terminal has that a stream is connected to; false if it is no terminal.
func Size(stream any) (width, height int, ok bool) {
	var size *unix.Winsize
	if err := control(stream, func(fd int) (err error) {
		size, err = unix.IoctlGetWinsize(fd, unix.TIOCGWINSZ)
		return err
	}); err != nil {
		return 0, 0, false
	}
	return cmp.Or(int(size.Col), UsualWidth), cmp.Or(int(size.Row), UsualHeight), true
}

// Width is the width of Size.
func Width(stream any) (int, bool) {
	width, _, ok := Size(stream)
	return width, ok
}

// Is says whether a stream is connected to a terminal.
func Is(stream any) bool {
	_, _, ok := Size(stream)
	return ok
}

// MovesCursor says whether a line of the terminal can be written anew.
func MovesCursor(stream any) bool { return Is(stream) && os.Getenv("TERM") != "dumb" }
