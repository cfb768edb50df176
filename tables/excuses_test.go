package tables_test

import (
	"regexp"
	"slices"

	"golang.org/x/sys/unix"
)

// An excuse is a difference that is right without a warning.
type excuse struct {
	call   string // an expression that finds the call in its text
	errnos []unix.Errno
	reason string
}

// excuses are all of them: what is not there is no failure. "everything" is every call of an operation at once.
var excuses = []excuse{
	{"^(open|readlink|stat) (/proc/[0-9]+/|everything)", []unix.Errno{unix.ENOENT, unix.ESRCH},
		"the process has ended meanwhile"},
	{"^dump 0/90 ", []unix.Errno{unix.ESRCH},
		"RTM_GETNSID: the process by which a namespace is asked for has ended meanwhile"},
	{"^(stat|readdir) (/sys/fs/cgroup|everything)", []unix.Errno{unix.ENOENT, unix.EACCES, unix.EPERM},
		"the value says it: unreachable:ID is a control group that has gone, or that we may not see"},
	{"^(open|stat|readdir) /proc/(net|sys)/", []unix.Errno{unix.ENOENT},
		"the kernel was built without it, or shows it in the first network namespace only"},
	{"^(open|readdir) /(var/lib/docker/containers|run/containerd/.*task)(/|$)", []unix.Errno{unix.ENOENT},
		"the container was removed meanwhile, or its runtime has none"},
	{"^open /etc/networks", []unix.Errno{unix.ENOENT}, "a file that most machines do without"},
}

// excused gives the number of the first excuse for a call that fails; -1 if there is none.
func excused(c call, f fault) int {
	return slices.IndexFunc(excuses, func(e excuse) bool {
		return regexp.MustCompile(e.call).MatchString(c.String()) && slices.Contains(e.errnos, f.errno)
	})
}
