package lab

import (
	"os"
	"path/filepath"
	"testing"
)

// The containers of Containers: one of Docker, in whose control group DockerScope processes of a Troubled network run,
// one of a pod, and one that has ended.
const (
	dockerID = "4f9c0be1a7d3562e4f9c0be1a7d3562e4f9c0be1a7d3562e4f9c0be1a7d3562e"
	podID    = "9a3e0be1a7d3562e4f9c0be1a7d3562e4f9c0be1a7d3562e4f9c0be1a7d3562e"
	endedID  = "c77d0be1a7d3562e4f9c0be1a7d3562e4f9c0be1a7d3562e4f9c0be1a7d3562e"
)

// PodScope is the control group of the second of them, as the kubelet has containerd make it.
const PodScope = "kubepods.slice/kubepods-pod1.slice/cri-containerd-" + podID + ".scope"

// containerFiles are what runtimes would have written of them, by path. sources/containers/testdata has whole ones.
var containerFiles = map[string]string{
	"/var/lib/docker/containers/" + dockerID + "/config.v2.json": `{"ID":"` + dockerID + `","Name":"/web",` +
		`"Created":"2026-03-01T12:00:00Z","State":{"Running":true,"StartedAt":"2026-03-01T12:00:01Z"},` +
		`"Config":{"Image":"nginx:1.27","Env":["PASSWORD=hunter2"]},` +
		`"NetworkSettings":{"Networks":{"bridge":{"IPAddress":"172.17.0.2"}}}}`,
	"/var/lib/docker/containers/" + endedID + "/config.v2.json": `{"ID":"` + endedID + `","Name":"/migrate",` +
		`"Created":"2026-03-01T11:00:00Z","State":{"StartedAt":"2026-03-01T11:00:01Z"},` +
		`"Config":{"Image":"registry.example/migrate:3"}}`,
	"/run/containerd/io.containerd.runtime.v2.task/k8s.io/" + podID +
		"/config.json": `{"process":{"env":["TOKEN=x"]},` +
		`"annotations":{"io.kubernetes.cri.container-type":"container","io.kubernetes.cri.container-name":"db",` +
		`"io.kubernetes.cri.image-name":"docker.io/library/postgres:17","io.kubernetes.cri.sandbox-name":"db-0",` +
		`"io.kubernetes.cri.sandbox-namespace":"shop"}}`,
}

// Containers writes files as container runtimes do, where the test sees them alone. The test must run under Isolate.
func Containers(t testing.TB) {
	t.Helper()
	for name, text := range containerFiles {
		err := os.MkdirAll(filepath.Dir(name), 0o755)
		if err == nil {
			err = os.WriteFile(name, []byte(text), 0o600)
		}
		if err != nil {
			t.Fatalf("lab: %v", err)
		}
	}
}
