package sources

import (
	"context"
	"errors"
	"io/fs"

	"golang.org/x/sys/unix"

	"netql/sources/access"
	"netql/sources/procfs"
	"netql/sources/rtnetlink"
)

// NumberedNamespaces are the other network namespaces by the numbers that this one has for them, by which its links
// tell where their other end is. The kernel gives no list: every namespace with a process or a name that we may see
// is asked for its number. An error says that some may be missing.
func (s *System) NumberedNamespaces(ctx context.Context) (map[int32]Namespace, error) {
	found := map[int32]Namespace{}
	err := errors.Join(s.numberedByName(ctx, found), s.numberedByProcess(ctx, found))
	return found, err
}

// numberedByProcess asks for one process of each namespace.
func (s *System) numberedByProcess(ctx context.Context, found map[int32]Namespace) error {
	pids, unlisted := procfs.Processes(s.Files)
	seen, refused := map[uint64]bool{}, access.Refused{}
	for _, pid := range pids {
		inode, err := procfs.ReadNamespaceOf(s.Files, pid, "net")
		if errors.Is(err, fs.ErrPermission) {
			refused.Consider(s.Files, pid)
		}
		if err != nil || seen[inode] {
			continue // without permission, or gone
		}
		if seen[inode], err = s.numberedByPID(ctx, pid, inode, found); err != nil {
			return err
		}
	}
	if refused.Count > 0 {
		return errors.Join(unlisted, errors.New(refused.Explain(s.Advice)))
	}
	return unlisted
}

// numberedByPID asks for the namespace of one process, which answers if it is still there.
func (s *System) numberedByPID(
	ctx context.Context, pid int, inode uint64, found map[int32]Namespace,
) (answered bool, err error) {
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

// numberedByName asks for the namespaces that have a name, and perhaps no process.
func (s *System) numberedByName(ctx context.Context, found map[int32]Namespace) error {
	for path, named := range s.namedNamespaces() {
		id, ok, err := rtnetlink.NamespaceOfFile(ctx, s.Netlink, path, named.Inode)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) || errors.Is(err, unix.EINVAL) {
			continue // gone, not for us, or no namespace
		}
		if err != nil {
			return err
		}
		if ok {
			found[id] = named
		}
	}
	return nil
}
