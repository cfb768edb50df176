package tty

import (
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Guard gives a terminal back as it is now, if a signal ends the program before release is called. Who then changes
// its modes, for keys that come at once and unseen, is safe to be killed. A stream that is no terminal needs no guard.
func Guard(stream any) (release func()) {
	saved, err := modes(stream)
	if err != nil {
		return func() {}
	}
	signals := make(chan os.Signal, 1)
	for _, ending := range []os.Signal{unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT} {
		if !signal.Ignored(ending) { // as nohup(1) does
			signal.Notify(signals, ending)
		}
	}
	over := make(chan struct{})
	go func() {
		select {
		case s := <-signals:
			_ = setModes(stream, saved) // there is nobody left to tell
			Die(s.(unix.Signal))
		case <-over:
		}
	}()
	return func() {
		signal.Stop(signals)
		close(over)
	}
}

// Die ends the program by a signal that it has caught, so that who started it sees what it ended of.
func Die(s unix.Signal) {
	signal.Reset(s)
	_ = unix.Kill(os.Getpid(), s)
	time.Sleep(time.Second) // the signal ends us
}

// modes are those of the terminal that a stream is connected to (termios(3)).
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

// control does something with the file descriptor of a stream.
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
