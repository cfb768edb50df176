package tty

import (
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Endings are the signals that end a program from outside: to leave a terminal or a file as it should be, it catches
// them. SIGQUIT is one, because Ctrl-\ sends it, and the Go runtime's own answer to it is a stack dump. A signal that
// is ignored, as nohup(1) does it, stays so.
func Endings() []os.Signal {
	return slices.DeleteFunc([]os.Signal{unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT}, signal.Ignored)
}

// NotifyEnding has the channel get these signals.
func NotifyEnding(signals chan<- os.Signal) {
	for _, ending := range Endings() {
		signal.Notify(signals, ending)
	}
}

// Guard restores the modes that the terminal has now if a signal ends the program (Endings) before release is called:
// between the two calls the modes may be changed. A stream that is no terminal is left alone.
func Guard(stream any) (release func()) {
	saved, err := modes(stream)
	if err != nil {
		return func() {}
	}
	signals := make(chan os.Signal, 1)
	NotifyEnding(signals)
	over := make(chan struct{})
	go func() {
		select {
		case s := <-signals:
			_ = setModes(stream, saved) // the program ends whether this works or not
			Die(s.(unix.Signal))
		case <-over:
		}
	}()
	return func() {
		signal.Stop(signals)
		close(over)
	}
}

// Die ends the program by a signal that it has caught, so that its parent sees that the signal ended it; by SIGTERM in
// place of SIGQUIT, to which the Go runtime would answer.
func Die(s unix.Signal) {
	if s == unix.SIGQUIT {
		s = unix.SIGTERM
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
