package containers_test

import (
	"io"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"netql/sources/containers"
	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

// testID is the id of the container in the fixtures.
const testID = "5f0c0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"

// fixture is a file with the text of one in testdata.
func fixture(t testing.TB, name string) vfstest.File {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return vfstest.File{Text: string(text)}
}

// Directories and control groups of the tests.
const (
	dockerFile = "/var/lib/docker/containers/" + testID + "/config.v2.json"
	taskFile   = "/run/containerd/io.containerd.runtime.v2.task/k8s.io/" + testID + "/config.json"
	runFile    = "/run/containers/storage/overlay-containers/" + testID + "/userdata/config.json"
	storeFile  = "/var/lib/containers/storage/overlay-containers/containers.json"

	dockerGroup = "/system.slice/docker-" + testID + ".scope"
	criGroup    = "/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + testID + ".scope"
	crioGroup   = "/kubepods.slice/kubepods-pod1.slice/crio-" + testID + ".scope"
	podmanGroup = "/machine.slice/libpod-" + testID + ".scope/container"
	userGroup   = "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + testID + ".scope"
)

// march is when most of the fixtures' containers were made.
var march = time.Date(2026, 3, 1, 12, 0, 0, 5, time.UTC)

type findCase struct {
	file, path, group string
	want              containers.Container
}

// findCases are what each file of a runtime says.
func findCases() []findCase {
	type c = containers.Container
	return []findCase{
		{"docker-28.json", dockerFile, dockerGroup,
			c{ID: testID, Name: "web", Image: "nginx:1.27", Runtime: "docker", State: "running", Created: march}},
		{"docker-1.13.json", "/var/snap/docker/common/var-lib-docker/containers/" + testID + "/config.v2.json",
			"/docker/" + testID, c{ID: testID, Name: "job", Image: "busybox", Runtime: "docker", State: "exited",
				Created: time.Date(2017, 2, 1, 10, 0, 0, 0, time.UTC)}},
		{"docker-kubernetes.json", dockerFile, dockerGroup,
			c{ID: testID, Name: "api", Image: "sha256:0c3b", Pod: "api-6d5f", PodNamespace: "shop", Runtime: "docker",
				State: "paused", Created: time.Date(2024, 2, 1, 10, 0, 0, 0, time.UTC)}},
		{"docker-28.json", "/home/alice/.local/share/docker/containers/" + testID + "/config.v2.json",
			"/user.slice/user-1000.slice/user@1000.service/user.slice/docker-" + testID + ".scope",
			c{ID: testID, Name: "web", Image: "nginx:1.27", Runtime: "docker", State: "running", Created: march}},
		{"docker-task.json", strings.Replace(taskFile, "k8s.io", "moby", 1), dockerGroup,
			c{ID: testID, Runtime: "docker"}},
		{"containerd-1.5.json", strings.Replace(taskFile, "v2.task", "v1.linux", 1), criGroup,
			c{ID: testID, Name: "api", Image: "docker.io/library/api:1", Pod: "api-0", PodNamespace: "shop",
				Runtime: "containerd"}},
		{"containerd-2.3-sandbox.json", strings.Replace(taskFile, "/run/", "/run/k3s/", 1), criGroup,
			c{ID: testID, Name: "POD", Image: "registry.k8s.io/pause:3.10", Pod: "api-0", PodNamespace: "shop",
				Runtime: "containerd"}},
		{"nerdctl-2.json", strings.Replace(taskFile, "k8s.io", "default", 1),
			"/system.slice/nerdctl-" + testID + ".scope", c{ID: testID, Name: "web", Runtime: "containerd"}},
		{"crio-1.30.json", runFile, crioGroup,
			c{ID: testID, Name: "api", Image: "quay.io/shop/api:1", Pod: "api-0", PodNamespace: "shop",
				Runtime: "cri-o", Created: march}},
		{"crio-1.15-sandbox.json", runFile, crioGroup,
			c{ID: testID, Name: "POD", Image: "k8s.gcr.io/pause:3.1", Pod: "api-0", PodNamespace: "shop",
				Runtime: "cri-o", Created: time.Date(2019, 3, 1, 12, 0, 0, 0, time.UTC)}},
		{"podman-5.json", storeFile, podmanGroup,
			c{ID: testID, Name: "web", Image: "docker.io/library/nginx:1.27", Runtime: "podman", Created: march}},
		{"podman-5.json", "/run/containers/storage/overlay-containers/volatile-containers.json", podmanGroup,
			c{ID: testID, Name: "web", Image: "docker.io/library/nginx:1.27", Runtime: "podman", Created: march}},
		{"podman-5.json", "/home/alice/.local/share/containers/storage/vfs-containers/containers.json", userGroup,
			c{ID: testID, Name: "web", Image: "docker.io/library/nginx:1.27", Runtime: "podman", Created: march}},
		{"crio-storage.json", storeFile, crioGroup,
			c{ID: testID, Name: "api", Image: "quay.io/shop/api:1", Runtime: "cri-o", Created: march}},
		{"machine-257", "/run/systemd/machines/build", "/machine.slice/machine-build.scope/payload/init.scope",
			c{ID: "build", Name: "build", Runtime: "nspawn", Created: time.Unix(1772366400, 0)}},
		{"machine-259", "/run/systemd/machines/build", "/machine.slice/systemd-nspawn@build.service/payload/init.scope",
			c{ID: "build", Name: "build", Runtime: "nspawn", Created: time.Unix(1772366400, 0)}},
		{"containerd-2.3-sandbox.json", strings.Replace(taskFile, "/run/", "/var/lib/k0s/run/", 1), criGroup,
			c{ID: testID, Name: "POD", Image: "registry.k8s.io/pause:3.10", Pod: "api-0", PodNamespace: "shop",
				Runtime: "containerd"}},
	}
}

// machineFiles are files with one more, and the users.
func machineFiles(path string, file vfstest.File) containers.Files {
	return containers.Files{Files: vfstest.Files{
		path: file, "/etc/passwd": {Text: "alice:x:1000:1000::/home/alice:/bin/sh\n"},
	}}
}

// TestFind: what each runtime's file says, also of what is read of it, which a capture has.
func TestFind(t *testing.T) {
	for _, test := range findCases() {
		files := machineFiles(test.path, fixture(t, test.file))
		reduced, err := vfs.ReadFile(files, test.path)
		if err != nil || strings.Contains(string(reduced), "hunter2") {
			t.Errorf("%s: reduced to %s, %v", test.file, reduced, err)
		}
		for name, f := range map[string]vfs.Files{
			"live": files, "whole": files.Files,
			"captured": machineFiles(test.path, vfstest.File{Text: string(reduced)}),
		} {
			got, err := containers.NewFinder(f).Find(test.group)
			if err != nil || got == nil {
				t.Errorf("%s, %s: %v, %v", test.file, name, got, err)
				continue
			}
			found := *got
			found.Addresses = nil
			if !reflect.DeepEqual(found, test.want) {
				t.Errorf("%s, %s: %+v, want %+v", test.file, name, found, test.want)
			}
		}
	}
}

// TestFindNothing: what is no container's, or another's, is none.
func TestFindNothing(t *testing.T) {
	for path, file := range map[string]string{
		dockerFile:                 "containerd-1.5.json", // without an id
		runFile:                    "podman-spec.json",
		"/run/none":                "docker-28.json",
		"/run/systemd/machines/vm": "machine-vm",
	} {
		files := machineFiles(path, fixture(t, file))
		for _, group := range []string{dockerGroup, "", "/", "/system.slice/ssh.service",
			`/machine.slice/machine-qemu\x2d1\x2dvm.scope/libvirt`} {
			if got, err := containers.NewFinder(files).Find(group); got != nil || err != nil {
				t.Errorf("%s in %s: %+v, %v", group, path, got, err)
			}
		}
	}
}

// TestList: all containers of which there are files, and where root has told runtimes to keep them.
func TestList(t *testing.T) {
	files := machineFiles("/srv/docker/containers/"+testID+"/config.v2.json", fixture(t, "docker-28.json"))
	all := files.Files.(vfstest.Files)
	all["/etc/docker/daemon.json"] = vfstest.File{Text: `{"data-root": "/srv/docker/", "secret": "hunter2"}`}
	all["/etc/containers/storage.conf"] = vfstest.File{Text: "[storage]\n# graphroot = \"/x\"\n" +
		"graphroot = \"/srv/store\"\nrunroot=\"$HOME/x\"\n"}
	all["/srv/store/overlay-containers/containers.json"] = fixture(t, "podman-5.json")
	all["/run/systemd/machines/build"] = fixture(t, "machine-257")
	all["/run/systemd/machines/unit:machine-build.scope"] = vfstest.File{Link: "build"}
	all["/run/systemd/machines/vm"] = fixture(t, "machine-vm")
	f := containers.NewFinder(files)
	got, err := f.List([]string{"1000", "7"})
	want := []containers.Ref{{ID: testID}, {ID: strings.Repeat("a", 64)}, {ID: "build"}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("%v, %v, want %v", got, err, want)
	}
	for i, name := range []string{"web", "other", "build"} {
		if c, err := f.Get(got[i]); err != nil || c == nil || c.Name != name {
			t.Errorf("%v: %+v, %v", got[i], c, err)
		}
	}
}

// TestHostile: files as whoever may write a runtime's could make them are errors, or say nothing, and cost little.
func TestHostile(t *testing.T) {
	long := strings.Repeat("x", 2<<20)
	for name, text := range map[string]string{
		"cut": `{"ID":"` + testID, "deep": strings.Repeat("[", 500_000), "empty": "",
		"large": `{"Name":"` + long + `"}`,
		"types": `{"ID":1}`, "bytes": "\x00\xff",
	} {
		for _, path := range []string{dockerFile, taskFile, runFile, storeFile} {
			if path == storeFile && name == "large" {
				continue // which may have that size
			}
			files := machineFiles(path, vfstest.File{Text: text})
			got, err := containers.NewFinder(files).Find(dockerGroup)
			if refused := got == nil && err != nil; !refused && !(name == "types" && path != dockerFile) {
				t.Errorf("%s in %s: %+v, %v", name, path, got, err)
			}
			if err != nil && !strings.Contains(err.Error(), path) {
				t.Errorf("%s in %s: %v", name, path, err)
			}
		}
	}
	files := machineFiles(dockerFile, vfstest.File{Text: `{"ID":"` + testID + `","Name":"/a\u001b[31m` + "\xff" + `"}`})
	if c, err := containers.NewFinder(files).Find(dockerGroup); err != nil || c.Name != "a\x1b[31m\uFFFD" {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestOtherFiles: files that are no runtime's are as they were.
func TestOtherFiles(t *testing.T) {
	for _, path := range []string{"/etc/x/config.json", "/containers.json", "/etc/daemon.json", "/proc/1/stat"} {
		file, err := machineFiles(path, vfstest.File{Text: "text"}).Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(file); string(text) != "text" || err != nil || containers.IsFile(path) {
			t.Errorf("%s: %q, %v", path, text, err)
		}
	}
}
