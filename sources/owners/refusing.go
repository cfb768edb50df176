package owners

import (
	"context"
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"netql/sources/access"
)

// refusing lists the processes of /proc that refuse inspection by whoever has the capability for it. Whatever forbids
// it then, such as a security module, may have kept the process out of the kernel's list of open files as well: a
// socket without an owner may be its. To those without that capability all others' processes refuse, which says
// nothing of that list.
func refusing(ctx context.Context) (refused []process, err error) {
	if !access.Capable(unix.CAP_SYS_PTRACE) {
		return nil, nil
	}
	proc, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer proc.Close()
	processes, err := list(proc)
	if err != nil {
		return nil, err
	}
	w := walker{proc: int(proc.Fd()), kcmp: procOfOwnNamespace()}
	for _, p := range processes {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		// The link has the permission that those of open files have (proc_fd_access_allowed in fs/proc/base.c).
		_, err := unix.Readlinkat(w.proc, strconv.Itoa(p.pid)+"/root", w.link[:])
		if !denied(err) {
			continue
		}
		if err := w.process(ctx, 0, &p); err != nil {
			return nil, err
		}
		if p.refused {
			refused = append(refused, p)
		}
	}
	return refused, nil
}
