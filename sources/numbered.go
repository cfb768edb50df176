package sources

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"netql/sources/procfs"
	"netql/sources/rtnetlink"
)

// NumberedNamespaces are the other network namespaces by the numbers that this one has for them, by which its links tell where
// their other end is. The kernel gives no list: every namespace with a process or a name that we may see is asked for its
// number. An error says that some may be missing.
func (s *System) NumberedNamespaces(ctx context.Context) (map[int32]Namespace, error) {
	found := map[int32]Namespace{}
	err := errors.Join(s.numberedByName(ctx, found), s.numberedByProcess(ctx, found))
	return found, err
}

// numberedByProcess asks for one process of each namespace.
func (s *System) numberedByProcess(ctx context.Context, found map[int32]Namespace) error {
	entries, err := fs.ReadDir(s.Files, "proc")
	if err != nil {
		return err
	}
	seen, hidden := map[uint64]bool{}, 0
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		text, err := fs.ReadLink(s.Files, "proc/"+entry.Name()+"/ns/net")
		if errors.Is(err, fs.ErrPermission) {
			hidden++
		}
		inode, parseErr := procfs.ParseNamespace(text)
		if err != nil || parseErr != nil || seen[inode] {
			continue // without permission, or gone
		}
		if seen[inode], err = s.numberedByPID(ctx, pid, inode, found); err != nil {
			return err
		}
	}
	if hidden > 0 {
		return fmt.Errorf("the namespaces of %d processes may not be seen", hidden)
	}
	return nil
}

// numberedByPID asks for the namespace of one process, which answers if it is still there.
func (s *System) numberedByPID(ctx context.Context, pid int, inode uint64, found map[int32]Namespace) (answered bool, err error) {
	id, ok, err := rtnetlink.NamespaceOfProcess(ctx, s.Netlink, pid)
	if errors.Is(err, unix.ESRCH) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, known := found[id]; ok && !known {
		found[id] = s.named(inode)
	}
	return true, nil
}

// numberedByName asks for the namespaces that have a name, and perhaps no process. Only a live file stands for its namespace.
func (s *System) numberedByName(ctx context.Context, found map[int32]Namespace) error {
	for _, dir := range namespaceNames {
		entries, _ := fs.ReadDir(s.Files, dir)
		for _, entry := range entries {
			file, err := s.Files.Open(dir + "/" + entry.Name())
			if err != nil {
				continue
			}
			err = s.numberedByFile(ctx, entry.Name(), file, found)
			file.Close()
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *System) numberedByFile(ctx context.Context, name string, file fs.File, found map[int32]Namespace) error {
	live, ok := file.(interface{ Fd() uintptr })
	info, err := file.Stat()
	if !ok || err != nil {
		return nil
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	id, ok, err := rtnetlink.NamespaceOfFile(ctx, s.Netlink, live.Fd())
	if errors.Is(err, unix.EINVAL) { // a file that is no namespace
		return nil
	}
	if ok {
		found[id] = Namespace{name, stat.Ino}
	}
	return err
}
