package netns

import "fmt"

// unread counts what could not be read, and keeps the first reason.
type unread struct {
	count int
	first error
}

// add counts an error; nil is none.
func (u *unread) add(err error) {
	if err == nil {
		return
	}
	if u.count++; u.count == 1 {
		u.first = err
	}
}

// err is nil if nothing was added.
func (u *unread) err() error {
	switch u.count {
	case 0, 1:
		return u.first
	case 2:
		return fmt.Errorf("%w (and another failure like it)", u.first)
	}
	return fmt.Errorf("%w (and %d other failures like it)", u.first, u.count-1)
}
