package hub

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// changes tells of files that come and go in a hub's directories, by inotify(7).
type changes struct {
	file  *os.File
	kinds map[int32]string // directories by watch descriptor
}

// change is a file in one of the directories; lost says that some were missed, and all must be read again.
type change struct {
	kind, name string
	lost       bool
}

func watchChanges(d *directories) (*changes, error) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("inotify_init1: %w", err)
	}
	c := &changes{os.NewFile(uintptr(fd), "inotify"), map[int32]string{}}
	for kind, dir := range d.of {
		// Files are renamed when they are whole, and never written in place.
		wd, err := unix.InotifyAddWatch(fd, dir.Name(), unix.IN_MOVED_TO|unix.IN_DELETE|unix.IN_ONLYDIR)
		if err != nil {
			c.file.Close()
			return nil, fmt.Errorf("inotify_add_watch %s: %w", dir.Name(), err)
		}
		c.kinds[int32(wd)] = kind
	}
	return c, nil
}

// each tells of changes, those together that have come together, until the file is closed, which is no error.
func (c *changes) each(tell func([]change)) error {
	buffer := make([]byte, 16<<10) // of struct inotify_event and names of 255 bytes at most
	for {
		n, err := c.file.Read(buffer)
		if errors.Is(err, os.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		var all []change
		for event := range eventsIn(buffer[:n]) {
			if event.mask&unix.IN_Q_OVERFLOW != 0 {
				all = append(all, change{lost: true})
			} else if kind := c.kinds[event.watch]; kind != "" {
				all = append(all, change{kind: kind, name: event.name})
			}
		}
		tell(all)
	}
}

// event is a struct inotify_event of include/uapi/linux/inotify.h.
type event struct {
	watch int32
	mask  uint32
	name  string
}

func eventsIn(data []byte) func(yield func(event) bool) {
	return func(yield func(event) bool) {
		for len(data) >= unix.SizeofInotifyEvent {
			length := int(binary.NativeEndian.Uint32(data[12:]))
			end := min(unix.SizeofInotifyEvent+length, len(data))
			name, _, _ := bytes.Cut(data[unix.SizeofInotifyEvent:end], []byte{0})
			e := event{int32(binary.NativeEndian.Uint32(data)), binary.NativeEndian.Uint32(data[4:]), string(name)}
			if !yield(e) {
				return
			}
			data = data[end:]
		}
	}
}
