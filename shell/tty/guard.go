package tty

import (
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Endings are the signals that end the program, unless they are ignored, as by nohup(1). SIGINT is not among them.
func Endings() []os.Signal {
	endings := []os.Signal{unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT, unix.SIGABRT}
	return slices.DeleteFunc(endings, signal.Ignored)
}

// NotifyEnding has a channel get the Endings. To signal.Notify no signals are all of them, so that it is told each.
func NotifyEnding(signals chan<- os.Signal) {
	for _, ending := range Endings() {
		signal.Notify(signals, ending)
	}
}

// Guard restores the modes that the terminal has now if one of the Endings ends the program before release is called:
// between the two calls the modes may be changed. before is called first. A stream that is no terminal is left alone.
func Guard(stream any, before func()) (release func()) {
	if _, err := modes(stream); err != nil {
		return func() {}
	}
	restore := Keep(stream)
	signals := make(chan os.Signal, 1)
	NotifyEnding(signals)
	over := make(chan struct{})
	go func() {
		select {
		case s := <-signals:
			before()
			restore()
			Die(s.(unix.Signal))
		case <-over:
		}
	}()
	return func() {
		signal.Stop(signals)
		close(over)
	}
}

// Keep gives what restores the modes that the terminal has now, if the stream is one and still there.
func Keep(stream any) (restore func()) {
	saved, err := modes(stream)
	if err != nil {
		return func() {}
	}
	return func() { _ = setModes(stream, saved) } // the terminal may be gone
}

// Die ends the program by a signal that it has caught, so that its parent sees that the signal ended it. Go's runtime
// would write the stacks of all goroutines for SIGQUIT and SIGABRT: there the status tells the signal, as a shell does.
func Die(s unix.Signal) {
	if s == unix.SIGQUIT || s == unix.SIGABRT {
		os.Exit(128 + int(s))
	}
	signal.Reset(s)
	_ = unix.Kill(os.Getpid(), s)
	time.Sleep(time.Second) // until the signal ends the program
}

// modes are the modes of the terminal that a stream is connected to (termios(3)); an error if it is no terminal.
func modes(stream any) (*unix.Termios, error) {
	var modes *unix.Termios
	err := control(stream, func(fd int) (err error) {
		modes, err = unix.IoctlGetTermios(fd, unix.TCGETS)
		return err
	})
	return modes, err
}

func setModes(stream any, modes *unix.Termios) error {
	return control(stream, func(fd int) error { return unix.IoctlSetTermios(fd, unix.TCSETS, modes) })
}

// control calls a function with the file descriptor of a stream; ENOTTY if it has none.
func control(stream any, do func(fd int) error) error {
	conn, ok := stream.(syscall.Conn)
	if !ok {
		return syscall.ENOTTY
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	if controlErr := raw.Control(func(fd uintptr) { err = do(int(fd)) }); controlErr != nil {
		return controlErr
	}
	return err
}
