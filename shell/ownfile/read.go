package ownfile

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// trusted are the files of the effective user and of root, who could change the program itself. They are read, not
// written.
func trusted(uid uint32) bool { return uid == 0 || own(uid) }

// Existing opens a directory below a base directory for reading what is in it, and makes none. All of the directories
// must belong to the effective user or to root, and so must links on the way. The error of one that does not exist is
// fs.ErrNotExist.
func Existing(base, below string) (*os.File, error) {
	dir, err := os.OpenFile(".", unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	dir, err = directoryOf(trusted, dir, base)
	for name := range strings.SplitSeq(below, "/") {
		if err != nil {
			return nil, err
		}
		dir, err = directoryOf(trusted, dir, name)
	}
	return dir, err
}

// OpenForReading opens a regular file of the effective user or of root in a directory that Existing has opened. Like
// Open it follows no link, and never blocks.
func OpenForReading(dir *os.File, name string) (*os.File, error) {
	return openOf(trusted, dir, name, os.O_RDONLY, 0)
}
