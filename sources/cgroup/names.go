// Package cgroup says what a control group stands for: a systemd unit, a container. And it finds groups by number.
package cgroup

import "strings"

// unitSuffixes are the kinds of systemd units that have processes (systemd.unit(5)).
var unitSuffixes = []string{".service", ".scope", ".socket", ".mount", ".swap"}

// Unit is the systemd unit of a cgroup path, empty if there is none. Units nest where a user has a service manager;
// the innermost is the answer. Groups a service makes for itself below its own belong to it, and so does init.scope,
// which holds a manager's own process.
func Unit(path string) string {
	unit := ""
	for name := range strings.SplitSeq(path, "/") {
		name = strings.TrimPrefix(name, "_") // systemd's escape of names the kernel keeps for itself
		if isUnit(name) && (name != "init.scope" || unit == "") {
			unit = name
		}
	}
	return unit
}

func isUnit(name string) bool {
	for _, suffix := range unitSuffixes {
		if len(name) > len(suffix) && strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// containerPrefixes are what runtimes put before the id: docker, containerd and its CRI plugin, nerdctl, podman (with
// payload, where it splits the group of a service, as for quadlets), CRI-O. The bare id is in use too.
var containerPrefixes = []string{"", "docker-", "cri-containerd-", "containerd-", "nerdctl-", "libpod-",
	"libpod-payload-", "crio-"}

// Container is the id of the container a cgroup path belongs to, 64 hexadecimal digits; empty if there is none. Of
// containers in containers it is the innermost.
//
// Paths look like /system.slice/docker-ID.scope, /docker/ID, /machine.slice/libpod-ID.scope/container,
// /kubepods.slice/kubepods-pod123.slice/cri-containerd-ID.scope, /system.slice/web.service/libpod-payload-ID,
// /kubepods/besteffort/pod123/ID and
// /system.slice/containerd.service/kubepods-pod123.slice:cri-containerd:ID. Monitors (crio-conmon-ID.scope) are
// outside.
func Container(path string) string {
	container := ""
	for name := range strings.SplitSeq(path, "/") {
		name = strings.TrimSuffix(name, ".scope")
		if i := strings.LastIndexByte(name, ':'); i >= 0 {
			name = name[i+1:]
		}
		if id := containerID(name); id != "" {
			container = id
		}
	}
	return container
}

func containerID(name string) string {
	for _, prefix := range containerPrefixes {
		if id, found := strings.CutPrefix(name, prefix); found && isContainerID(id) {
			return id
		}
	}
	return ""
}

func isContainerID(id string) bool {
	return len(id) == 64 && strings.Trim(id, "0123456789abcdef") == ""
}
