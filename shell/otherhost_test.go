package shell

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// deprivations are what hosts of a test lack, by the names of the hosts. Each is put on a thread that then becomes
// netql, as no program takes it off again.
var deprivations = map[string]func() error{
	"whole":       func() error { return nil },
	"rightless":   dropCapabilities,
	"nodiag":      withoutNetlink(unix.NETLINK_SOCK_DIAG),
	"nogeneric":   withoutNetlink(unix.NETLINK_GENERIC),
	"nonetfilter": withoutNetlink(unix.NETLINK_NETFILTER),
	"noroute":     withoutNetlink(unix.NETLINK_ROUTE),
	"onestack":    withoutFiles("snmp6", "sockstat6", "dev_snmp6", "if_inet6", "tcp6", "udp6", "raw6"),
	"nostats":     withoutFiles("snmp", "snmp6", "netstat", "sockstat", "softnet_stat"),
	"nofiles":     func() error { return unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 12, Max: 12}) },
}

// otherHost runs a command as a host of which something is missing: otherhost NAME COMMAND ...
func otherHost(args []string) int {
	runtime.LockOSThread()
	path, err := exec.LookPath(args[2])
	if err == nil {
		for name := range strings.SplitSeq(args[1], ".") {
			if i := slices.IndexFunc([]byte(name), func(b byte) bool { return b < 'a' }); i >= 0 {
				name = name[:i] // web1 and web2 are of one kind
			}
			if err == nil {
				err = deprivations[name]()
			}
		}
	}
	if err == nil {
		err = unix.Exec(path, args[2:], os.Environ())
	}
	fmt.Fprintln(os.Stderr, "otherhost:", err)
	return 1
}

// dropCapabilities gives up all capabilities of root, for good: what exec gives is cut by the bounding set
// (capabilities(7)).
func dropCapabilities() error {
	for c := 0; ; c++ {
		switch err := unix.Prctl(unix.PR_CAPBSET_DROP, uintptr(c), 0, 0, 0); err {
		case nil:
		case unix.EINVAL: // the last one was the one before
			return nil
		default:
			return err
		}
	}
}

// withoutNetlink has sockets of a netlink family refused, as by a kernel that has no such module. Offsets are those of
// struct seccomp_data (linux/seccomp.h); numbers of netlink families are in the lower half of an argument.
func withoutNetlink(family uint32) func() error {
	return func() error {
		const number, domain, protocol = 0, 16, 32
		load := func(offset uint32) unix.SockFilter {
			return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
		}
		unless := func(value uint32, skip uint8) unix.SockFilter {
			return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: skip, K: value}
		}
		give := func(value uint32) unix.SockFilter {
			return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: value}
		}
		const allow, refuse = 0x7fff0000, 0x00050000 // SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO
		filter := []unix.SockFilter{
			load(number), unless(unix.SYS_SOCKET, 5),
			load(domain), unless(unix.AF_NETLINK, 3),
			load(protocol), unless(family, 1),
			give(refuse | uint32(unix.EPROTONOSUPPORT)),
			give(allow),
		}
		program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
		if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
			return err
		}
		return unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
	}
}

// withoutFiles hides files of /proc/net, as by a kernel that does not have what they tell of: in place of the directory
// there is one with the other files.
func withoutFiles(names ...string) func() error {
	return func() error {
		if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
			return err
		}
		if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
			return err
		}
		directory, all := fmt.Sprintf("/proc/%d/net/", os.Getpid()), "/proc/thread-self/net/"
		if err := unix.Mount("tmpfs", directory, "tmpfs", 0, ""); err != nil {
			return err
		}
		entries, err := os.ReadDir(all)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if slices.Contains(names, entry.Name()) {
				continue
			}
			if entry.IsDir() {
				err = os.Mkdir(directory+entry.Name(), 0o755)
			} else {
				err = os.WriteFile(directory+entry.Name(), nil, 0o644)
			}
			if err == nil {
				err = unix.Mount(all+entry.Name(), directory+entry.Name(), "", unix.MS_BIND, "")
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}
