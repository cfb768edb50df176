package netns

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"netql/sources/vfs"
)

// sysfs is a detached mount of sysfs, which shows the interfaces of the namespace in which it was made. It is at no
// path of the mount namespace, and ends when its file is closed.
type sysfs struct {
	vfs.Dir
	file *os.File // what Dir leads through
}

// mountSysfs makes a mount for the calling thread's namespace (fsopen(2), Linux 5.2). The right to enter a namespace is
// not always the right to mount.
func mountSysfs() (*sysfs, error) {
	context, err := unix.Fsopen("sysfs", unix.FSOPEN_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("open sysfs: %w", err)
	}
	defer unix.Close(context)
	if err := unix.FsconfigCreate(context); err != nil {
		return nil, fmt.Errorf("make sysfs: %w", err)
	}
	fd, err := unix.Fsmount(context, unix.FSMOUNT_CLOEXEC,
		unix.MOUNT_ATTR_RDONLY|unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV|unix.MOUNT_ATTR_NOEXEC)
	if err != nil {
		return nil, fmt.Errorf("mount sysfs: %w", err)
	}
	return &sysfs{vfs.Dir(fmt.Sprintf("/proc/self/fd/%d", fd)), os.NewFile(uintptr(fd), "sysfs")}, nil
}

// sysfs makes the mount for the namespace.
func (n *Namespace) sysfs() (mount *sysfs, err error) {
	err = n.Do(func() (err error) { mount, err = mountSysfs(); return err })
	n.mount.Store(mount)
	return mount, err
}

// sysfsPath is the path, below /sys, of a file about the interfaces of a namespace: in /sys/class/net, and where its
// links lead to. All else in /sys is the machine's.
func sysfsPath(name string) (path string, ok bool) {
	path, ok = strings.CutPrefix(name, "/sys")
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	class := len(parts) > 1 && parts[0] == "class" && parts[1] == "net"
	device := parts[0] == "devices" && slices.Contains(parts, "net")
	return path, ok && (class || device)
}
