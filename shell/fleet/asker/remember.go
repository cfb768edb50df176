package asker

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"

	"netql/shell/fleet/subject"
	"netql/shell/ownfile"
	"netql/sources/atomicfile"
)

// maxRemembered bounds a list of hosts in bytes.
const maxRemembered = 64 << 20

// rememberedDir is where lists of hosts are below the user's directory for state, a file for each server.
const rememberedDir = "netql/fleet"

// stateDir is the user's directory for what programs keep, and the directory of ours below it.
func stateDir() (base, below string, err error) {
	if base := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(base) {
		return base, rememberedDir, nil
	}
	home, err := os.UserHomeDir()
	return home, ".local/state/" + rememberedDir, err
}

// remembered are the hosts of a server that have answered before, and the file that lists them, a line each.
func remembered(server string) (names []string, path string, err error) {
	base, below, err := stateDir()
	if err != nil {
		return nil, "", err
	}
	dir, err := ownfile.Directory(base, below)
	if err != nil {
		return nil, "", err
	}
	defer dir.Close()
	names, err = listed(dir, server)
	return names, filepath.Join(dir.Name(), server), err
}

// listed are the names in a file of a directory; none where it is not there.
func listed(dir *os.File, name string) (names []string, err error) {
	file, err := ownfile.Open(dir, name, unix.O_RDONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(io.LimitReader(file, maxRemembered))
	for lines.Scan() {
		if err := subject.CheckName(lines.Text()); err != nil {
			return nil, fmt.Errorf("%s: %w", file.Name(), err)
		}
		names = append(names, lines.Text())
	}
	return names, lines.Err()
}

// remember adds to the list of a server's hosts. Others may do so at the same time.
func remember(server string, names []string) error {
	base, below, err := stateDir()
	if err != nil {
		return err
	}
	dir, err := ownfile.Locked(base, below, ownfile.LockPatience)
	if err != nil {
		return err
	}
	defer dir.Close()
	known, err := listed(dir, server)
	if err != nil {
		return err
	}
	all := slices.Concat(known, names)
	slices.Sort(all)
	return atomicfile.WritePrivateIn(dir, server, func(file *os.File) error {
		out := bufio.NewWriter(file)
		for _, name := range slices.Compact(all) {
			fmt.Fprintln(out, name)
		}
		return out.Flush()
	})
}
