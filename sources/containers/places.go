package containers

import (
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"strings"

	"netql/sources/vfs"
)

// Where runtimes keep their files, unless they are told otherwise.
var (
	// dockerRoots are Docker's data-root (daemon/config/config_linux.go) and that of its snap.
	dockerRoots = []string{"/var/lib/docker", "/var/snap/docker/common/var-lib-docker"}
	// containerdStates are the state directories of containerd (defaults/defaults_unix.go), of that which Docker
	// starts, of k3s and RKE2, of k0s (docs/runtime.md) and of its first versions, and of MicroK8s
	// (microk8s-resources/default-args/containerd).
	containerdStates = []string{
		"/run/containerd", "/run/docker/containerd/daemon", "/run/k3s/containerd", "/run/k0s/containerd",
		"/var/lib/k0s/run/containerd", "/var/snap/microk8s/common/run/containerd",
	}
	// taskDirs are where a state directory has the tasks: the plugin's name (plugins/types.go), "task" since 1.2, and
	// "linux" up to 1.7. Below it is NAMESPACE/ID/config.json (core/runtime/v2/bundle.go).
	taskDirs = []string{"io.containerd.runtime.v2.task", "io.containerd.runtime.v1.linux"}
	// storageConfigs are the configurations of containers/storage, of which the first that is there counts
	// (containers-storage.conf(5)).
	storageConfigs = []string{"/etc/containers/storage.conf", "/usr/share/containers/storage.conf"}
	// storageDrivers are the drivers of containers/storage: containers are in DRIVER-containers (store.go).
	storageDrivers = []string{"overlay", "vfs", "btrfs", "zfs"}
	// storageKeys are the settings that are read.
	storageKeys = []string{"graphroot", "runroot"}
)

// The files of containers/storage that root has (containers-storage.conf(5)), and Docker's settings.
const (
	defaultGraph = "/var/lib/containers/storage"
	defaultRun   = "/run/containers/storage"
	daemonFile   = "/etc/docker/daemon.json"
)

// dockerNamespace is the namespace of Docker's containers in containerd (daemon/config/config.go), whose annotations
// have no names.
const dockerNamespace = "moby"

// daemonConfig is what is read of Docker's daemon.json (daemon/config/config.go). "graph" is the older
// name of data-root.
type daemonConfig struct {
	Root  string `json:"data-root,omitempty"`
	Graph string `json:"graph,omitempty"`
}

// places are the directories of one user's runtimes.
type places struct {
	docker []string // that have containers/ID
	graph  string   // of containers/storage: what lasts
	run    string   // what ends with the machine
}

// systemPlaces are the directories of the runtimes that root runs. The error is why a configuration could not be read.
func systemPlaces(files vfs.Files) (places, error) {
	p := places{docker: dockerRoots, graph: defaultGraph, run: defaultRun}
	var daemon daemonConfig
	data, err := readThere(files, daemonFile)
	if err == nil && data != nil {
		err = json.Unmarshal(data, &daemon)
	}
	for _, root := range []string{daemon.Graph, daemon.Root} {
		if path.IsAbs(root) {
			p.docker = append([]string{path.Clean(root)}, p.docker...)
		}
	}
	for _, name := range storageConfigs {
		data, failed := readThere(files, name)
		err = cmp.Or(err, failed)
		if data != nil {
			p.configure(data)
			break
		}
	}
	return p, err
}

// configure takes the directories of a storage.conf: lines such as graphroot = "/var/lib/containers/storage".
func (p *places) configure(data []byte) {
	for line := range lines(data) {
		switch key, value, _ := directorySetting(line); key {
		case "graphroot":
			p.graph = value
		case "runroot":
			p.run = value
		}
	}
}

// directorySetting takes a line of a storage.conf apart, if its value is the path of a directory. One with a variable
// is of rootless users.
func directorySetting(line string) (key, directory string, ok bool) {
	key, value, _ := strings.Cut(line, "=")
	value = strings.Trim(strings.TrimSpace(value), `"`)
	if !path.IsAbs(value) || strings.ContainsAny(value, `$"`) {
		return "", "", false
	}
	return strings.TrimSpace(key), path.Clean(value), true
}

// userPlaces are the directories of the runtimes that a user runs, as they are where the user has not told otherwise:
// those of rootless Docker (docs.docker.com, "Rootless mode") and of rootless Podman (containers-storage.conf(5)).
func userPlaces(home, uid string) places {
	return places{
		docker: []string{home + "/.local/share/docker"}, graph: home + "/.local/share/containers/storage",
		run: "/run/user/" + uid + "/containers",
	}
}

// stores are the files in which containers/storage keeps its containers: those that last, and those that Podman has
// been told to remove when they end (podman run --rm), by storage driver.
func (p *places) stores() (paths []string) {
	for _, driver := range storageDrivers {
		paths = append(paths, p.graph+"/"+driver+"-containers/containers.json",
			p.run+"/"+driver+"-containers/volatile-containers.json")
	}
	return paths
}

// readThere reads a file; nil where it does not exist.
func readThere(files vfs.Files, name string) ([]byte, error) {
	data, err := vfs.ReadFile(files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}
