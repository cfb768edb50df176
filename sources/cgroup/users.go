package cgroup

import "strings"

// User is the number of the user below whose slice a control group is, user-UID.slice (systemd-logind.service(8)), as
// that of a rootless container is; "" if it is below none.
func User(path string) string {
	for name := range strings.SplitSeq(path, "/") {
		uid, ok := strings.CutPrefix(name, "user-")
		uid, isSlice := strings.CutSuffix(uid, ".slice")
		if ok && isSlice && strings.Trim(uid, "0123456789") == "" {
			return uid
		}
	}
	return ""
}

// lxcPrefix begins the name of the group of a container since LXC 4.0 (src/lxc/cgroups/cgroup.h).
const lxcPrefix = "lxc.payload."

// LXC is the name of the container of LXC, LXD or Incus that a cgroup path belongs to, the innermost; empty if there is
// none, or a container with an id is inside it. The group was lxc/NAME before LXC 3.1, and lxc.payload/NAME before 4.0
// (lxc/lxc issue 2782 and pull request 2606). LXD and Incus put PROJECT_ before the name in projects other than the
// default one.
func LXC(path string) string {
	found, before := "", ""
	for name := range strings.SplitSeq(path, "/") {
		if rest, ok := strings.CutPrefix(name, lxcPrefix); ok {
			found = rest
		} else if name != "" && (before == "lxc" || before == "lxc.payload") {
			found = name
		} else if Container(name) != "" {
			found = ""
		}
		before = name
	}
	return found
}
