// Package config reads what a user has written for the program: settings, and files with named queries. It refuses
// what another user could have put there.
package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Directory is a directory with configuration. Base must exist; Below is a path in it.
type Directory struct{ Base, Below string }

// System has the named queries for all users of the machine.
func System() Directory { return Directory{"/etc", "netql"} }

// User is the directory of the user by the XDG base directory specification, which says that a relative path in
// $XDG_CONFIG_HOME is ignored.
func User() (Directory, error) {
	if config := os.Getenv("XDG_CONFIG_HOME"); filepath.IsAbs(config) {
		return Directory{config, "netql"}, nil
	}
	home, err := os.UserHomeDir()
	return Directory{home, ".config/netql"}, err
}

// Path is the path of a file in the directory, or of the directory itself for "".
func (d Directory) Path(name string) string { return filepath.Join(d.Base, d.Below, name) }

// has says whether there is anything of a name in the directory that this user can find, in one system call. What it
// is, and whose, is for who opens it.
func (d Directory) has(name string) bool {
	_, err := os.Lstat(d.Path(name))
	return err == nil || !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) &&
		!errors.Is(err, syscall.ENOTDIR)
}
