// Package tty asks how large a terminal is, and restores its modes when a signal ends the program.
package tty

import (
	"cmp"
	"os"

	"golang.org/x/sys/unix"
)

// The size of a terminal that says 0, such as serial lines and some containers, in columns and lines.
const UsualWidth, UsualHeight = 80, 24

// Size is how many columns and lines the terminal has that a stream is connected to; false if that is no terminal.
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

// Pending is how many bytes can be read from the terminal that a stream is connected to without waiting; 0 if it is
// none.
func Pending(stream any) (n int) {
	_ = control(stream, func(fd int) (err error) {
		n, err = unix.IoctlGetInt(fd, unix.TIOCINQ)
		return err
	})
	return n
}

// Discard forgets what was typed at the terminal that a stream is connected to and was not read yet.
func Discard(stream any) {
	_ = control(stream, func(fd int) error { return unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIFLUSH) })
}

// Is says whether a stream is connected to a terminal.
func Is(stream any) bool {
	_, _, ok := Size(stream)
	return ok
}

// MovesCursor says whether a stream is connected to a terminal that can move its cursor, so that a line can be written
// anew.
func MovesCursor(stream any) bool { return Is(stream) && os.Getenv("TERM") != "dumb" }
