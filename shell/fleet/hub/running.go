package hub

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"netql/shell/ownfile"
)

// runningFile is locked by the hub that runs on a directory, and has the number of its process. It stays when the hub
// has ended, so that nobody locks one that another is about to remove.
const runningFile = "hub.pid"

// maxNumber is more than the digits of a process's number.
const maxNumber = 32

// run marks the directory as that of a hub that runs, until the file is closed. Two hubs on one directory would have
// half of the hosts each.
func (d *directories) run() (*os.File, error) {
	file, err := ownfile.Open(d.root, runningFile, unix.O_RDWR|unix.O_CREAT, 0o600)
	if err != nil {
		return nil, err
	}
	switch err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err {
	case nil:
		// On a disk that is full a hub can run: the number is for people.
		if file.Truncate(0) == nil {
			fmt.Fprintln(file, os.Getpid())
		}
		return file, nil
	case unix.EWOULDBLOCK:
		defer file.Close()
		return nil, fmt.Errorf("%s: a hub runs on it already%s", d.root.Name(), process(file))
	default:
		file.Close()
		return nil, fmt.Errorf("lock %s: %w", file.Name(), err)
	}
}

// process names the process whose number a file has; "" if it has none.
func process(file io.Reader) string {
	text, _ := io.ReadAll(io.LimitReader(file, maxNumber))
	if _, err := strconv.Atoi(strings.TrimSpace(string(text))); err != nil {
		return ""
	}
	return " (process " + strings.TrimSpace(string(text)) + ")"
}
