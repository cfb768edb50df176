package procfs_test

import (
	"strings"
	"testing"

	"netql/sources/cgroup"
	"netql/sources/procfs"
)

// TestContainers has whole files as the runtimes leave them, in both versions of cgroups and with both drivers.
func TestContainers(t *testing.T) {
	id := strings.Repeat("0123456789abcdef", 4)
	for name, test := range map[string]struct{ file, unit string }{
		"docker, v1, cgroupfs, beside v2": {
			"12:devices:/docker/ID\n8:memory:/docker/ID\n1:name=systemd:/docker/ID\n" +
				"0::/system.slice/containerd.service\n", ""},
		"docker, v1, systemd": {
			"9:memory:/system.slice/docker-ID.scope\n1:name=systemd:/system.slice/docker-ID.scope\n" +
				"0::/system.slice/docker-ID.scope\n", "docker-ID.scope"},
		"docker, v1, no systemd": {"9:cpuset:/docker/ID\n8:memory:/docker/ID\n1:name=openrc:/docker\n0::/docker\n", ""},
		"docker, v2, systemd":    {"0::/system.slice/docker-ID.scope\n", "docker-ID.scope"},
		"kubelet, v1, cgroupfs": {
			"11:cpuset:/kubepods/burstable/pod1/ID\n1:name=systemd:/kubepods/burstable/pod1/ID\n", ""},
		"kubelet, v2, systemd": {"0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-ID.scope\n",
			"cri-containerd-ID.scope"},
		"crio, v1, systemd": {
			"11:cpuset:/kubepods.slice/crio-ID.scope\n1:name=systemd:/kubepods.slice/crio-ID.scope\n", "crio-ID.scope"},
		"podman, rootless, v2": {
			"0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope/container\n",
			"libpod-ID.scope"},
		"podman, quadlet, v2": {"0::/system.slice/web.service/libpod-payload-ID\n", "web.service"},
		"podman, v1": {
			"9:memory:/machine.slice/libpod-ID.scope\n4:cpuset:/\n1:name=systemd:/machine.slice/libpod-ID.scope\n",
			"libpod-ID.scope"},
	} {
		list, err := procfs.ParseCgroups(strings.NewReader(strings.ReplaceAll(test.file, "ID", id)))
		path := procfs.CgroupPath(list)
		if got := cgroup.Container(path); err != nil || got != id {
			t.Errorf("%s: container %q of %s, %v", name, got, path, err)
		}
		if got, want := cgroup.Unit(path), strings.ReplaceAll(test.unit, "ID", id); got != want {
			t.Errorf("%s: unit %q of %s, want %q", name, got, path, want)
		}
	}
}
