package procfs

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"netql/sources/vfs"
)

// Unlisted is ErrHidden where /proc, in which the first process has this pid, leaves some out: it does so where process
// 1 is missing, which every pid namespace has, or where the mount's options hide processes from us.
func Unlisted(files vfs.Files, first int) error {
	if first != 1 {
		return ErrHidden
	}
	hides, err := hidesProcesses(files)
	switch {
	case err != nil:
		return fmt.Errorf("whether /proc shows all processes is unknown: %w", err)
	case hides:
		return ErrHidden
	}
	return nil
}

// hidesProcesses says whether the mount options of /proc hide processes from this one: they do so from all who may not
// inspect them, but for the members of a group. Files that do not exist hide nothing.
func hidesProcesses(files vfs.Files) (bool, error) {
	mounts, err := Mounts(files, "self")
	options := ""
	for _, m := range mounts {
		if m.Point == "/proc" && m.Type == "proc" {
			options = m.Options // the last one covers those before
		}
	}
	hides, group := parseHidePID(options)
	if !hides || err != nil {
		return false, unlessAbsent(err)
	}
	own, err := ReadCredentials(files, "self")
	return !own.Has(unix.CAP_SYS_PTRACE) && (group < 0 || !slices.Contains(own.Groups, group)), unlessAbsent(err)
}

func unlessAbsent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// parseHidePID says whether the options of /proc hide processes, and the group whose members see all; -1 if none does.
// Option hidepid is 2 or "invisible" for the former, and 4 or "ptraceable" for the latter (has_pid_permissions in
// fs/proc/base.c). Without option gid the group is 0.
func parseHidePID(options string) (hides bool, group int) {
	for option := range strings.SplitSeq(options, ",") {
		name, value, _ := strings.Cut(option, "=")
		switch {
		case name == "hidepid" && (value == "4" || value == "ptraceable"):
			return true, -1
		case name == "hidepid":
			hides = value == "2" || value == "invisible"
		case name == "gid":
			group, _ = strconv.Atoi(value)
		}
	}
	return hides, group
}
