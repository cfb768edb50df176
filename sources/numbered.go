package sources

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"golang.org/x/sys/unix"

	"netql/sources/access"
	"netql/sources/multierror"
	"netql/sources/procfs"
	"netql/sources/rtnetlink"
)

// NumberedNamespaces are the other network namespaces by their nsid, the number by which this one knows them, and by
// which a link tells where its other end is (IFLA_LINK_NETNSID). The kernel has no list of all: we ask for the nsid of
// every namespace of which we can see a process or a name. An error says that some may be missing; if it is an
// *Unnamed, others may lack their name.
func (s *System) NumberedNamespaces(ctx context.Context) (map[int32]Namespace, error) {
	found := map[int32]Namespace{}
	err := multierror.Join(s.numberByName(ctx, found), s.numberByProcess(ctx, found))
	return found, err
}

// numberByProcess asks for the nsid of each namespace by a process in it.
func (s *System) numberByProcess(ctx context.Context, found map[int32]Namespace) error {
	pids, unlisted := procfs.Processes(s.Files)
	seen, refused := map[uint64]bool{}, access.Refused{}
	for _, pid := range pids {
		inode, err := procfs.ReadNamespaceOf(s.Files, pid, "net")
		var errno syscall.Errno
		switch {
		case errors.Is(err, fs.ErrPermission):
			refused.Consider(s.Files, pid)
		case errors.As(err, &errno) && !procfs.Gone(err) && unlisted == nil:
			unlisted = err
		}
		if err != nil || seen[inode] {
			continue
		}
		if seen[inode], err = s.numberByPID(ctx, pid, inode, found); err != nil {
			return err
		}
	}
	if refused.Count > 0 {
		return multierror.Join(unlisted, errors.New(refused.Explain(s.Advice)))
	}
	return unlisted
}

// numberByPID asks for the nsid of a process's namespace. It is false if the process has exited.
func (s *System) numberByPID(
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
		found[id] = s.namespaceByInode(inode)
	}
	return true, nil
}

// numberByName asks for the nsid of each namespace that has a name; it need not have a process.
func (s *System) numberByName(ctx context.Context, found map[int32]Namespace) error {
	var unread error
	for path, named := range s.namedNamespaces(&unread) {
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
	return unnamed(unread)
}
