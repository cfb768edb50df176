package cgroup

import (
	"strings"
	"testing"

	"netql/sources/decodetest"
)

var (
	id1 = strings.Repeat("0123456789abcdef", 4)
	id2 = strings.Repeat("fedcba9876543210", 4)
)

func TestNames(t *testing.T) {
	for _, test := range []struct{ path, unit, container string }{
		{"", "", ""},
		{"/", "", ""},
		{"/init.scope", "init.scope", ""},
		{"/system.slice/ssh.service", "ssh.service", ""},
		{"/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service", ""},
		{"/system.slice/foo.service/payload/worker", "foo.service", ""},
		{"/system.slice/_cpu.service", "cpu.service", ""},
		{"/system.slice/dbus.socket", "dbus.socket", ""},
		{"/system.slice/.service", "", ""},
		{"/user.slice/user-1000.slice/session-3.scope", "session-3.scope", ""},
		{"/user.slice/user-1000.slice/user@1000.service/init.scope", "user@1000.service", ""},
		{"/user.slice/user-1000.slice/user@1000.service/app.slice/firefox.service", "firefox.service", ""},
		{"/docker/" + id1, "", id1},
		{"/docker/" + id1 + "/docker/" + id2, "", id2},
		{"/docker/buildkit/abcdef", "", ""},
		{"/system.slice/docker-" + id1 + ".scope", "docker-" + id1 + ".scope", id1},
		{"/system.slice/docker-" + id1 + ".scope/init.scope", "docker-" + id1 + ".scope", id1},
		{"/kubepods/besteffort/pod1b2c/" + id1, "", id1},
		{"/kubepods/burstable/pod1b2c/crio-" + id1, "", id1},
		{"/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + id1 + ".scope", "cri-containerd-" + id1 + ".scope",
			id1},
		{"/kubepods.slice/kubepods-pod1.slice/crio-" + id1 + ".scope/container", "crio-" + id1 + ".scope", id1},
		{"/kubepods.slice/kubepods-pod1.slice/crio-conmon-" + id1 + ".scope", "crio-conmon-" + id1 + ".scope", ""},
		{"/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:" + id1, "containerd.service", id1},
		{"/machine.slice/libpod-" + id1 + ".scope/container", "libpod-" + id1 + ".scope", id1},
		{"/machine.slice/libpod-conmon-" + id1 + ".scope", "libpod-conmon-" + id1 + ".scope", ""},
		{"/libpod_parent/libpod-" + id1, "", id1},
		{"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + id1 + ".scope",
			"libpod-" + id1 + ".scope", id1},
		{"/system.slice/nerdctl-" + id1 + ".scope", "nerdctl-" + id1 + ".scope", id1},
		{"/default/" + id1, "", id1},
		{"/system.slice/web.service/libpod-payload-" + id1, "web.service", id1},
		{"/system.slice/web.service/runtime", "web.service", ""},
		{"/user.slice/user-1000.slice/user@1000.service/app.slice/web.service/libpod-payload-" + id1 + "/init.scope",
			"web.service", id1},
		{"/user.slice/user-1000.slice/user@1000.service/user.slice/docker-" + id1 + ".scope",
			"docker-" + id1 + ".scope", id1},
		{"/user.slice/user-1000.slice/user@1000.service/user.slice/user-libpod_pod_" + id2 + ".slice/libpod-" + id1 +
			".scope/container", "libpod-" + id1 + ".scope", id1},
		{"/user.slice/user-1000.slice/user@1000.service/user.slice/podman-1234.scope", "podman-1234.scope", ""},
		{"/machine.slice/machine-libpod_pod_" + id2 + ".slice", "", ""},
		{"/machine.slice/machine-libpod_pod_" + id2 + ".slice/libpod-" + id1 +
			".scope/container/system.slice/nginx.service", "nginx.service", id1},
		{"/libpod_parent/conmon", "", ""},
		{"/libpod_parent/" + id2 + "/libpod-" + id1, "", id1},
		{"/kubepods/pod1b2c/crio-conmon-" + id1, "", ""},
		{"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1_2.slice/docker-" + id1 + ".scope",
			"docker-" + id1 + ".scope", id1},
		{"/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod1.slice/cri-containerd-" + id1 + ".scope",
			"cri-containerd-" + id1 + ".scope", id1},
		{"/docker/" + id2 + "/kubelet.slice/kubelet-kubepods.slice/cri-containerd-" + id1 + ".scope",
			"cri-containerd-" + id1 + ".scope", id1},
		{"/../docker-" + id1 + ".scope", "docker-" + id1 + ".scope", id1}, // from inside another cgroup namespace
		{"/system.slice/docker-" + id1 + ".scope/system.slice/nginx.service", "nginx.service", id1},
		{"/custom.slice/docker-" + id1 + ".scope", "docker-" + id1 + ".scope", id1},
		{"/docker/" + id1[1:], "", ""},
		{"/docker/" + strings.ToUpper(id1), "", ""},
		{"/docker/" + id1 + "0", "", ""},
	} {
		if got := Unit(test.path); got != test.unit {
			t.Errorf("unit of %s: %q, want %q", test.path, got, test.unit)
		}
		if got := Container(test.path); got != test.container {
			t.Errorf("container of %s: %q, want %q", test.path, got, test.container)
		}
	}
}

func FuzzDecoders(f *testing.F) {
	decodetest.Fuzz(f, map[string]decodetest.Decoder{
		"unit":      func(b []byte) any { return Unit(string(b)) },
		"container": func(b []byte) any { return Container(string(b)) },
	}, []byte("/system.slice/docker-"+id1+".scope/init.scope"), []byte("/a:"+id1+"/b.service"))
}
