// Package containers reads what container runtimes keep about their containers in files: names, images, pods. Nothing
// is asked of a daemon. Such files hold secrets, too (environments, command lines): of each only what this package
// needs leaves Files, so that nothing else is in a capture.
package containers

import (
	"net/netip"
	"time"
)

// A Container is what a runtime's file says of a container. Texts are of any characters, and empty where the file has
// none.
type Container struct {
	ID           string // 64 hexadecimal digits; the name, for what has no such id (nspawn, LXC)
	Name         string
	Image        string // as it was asked for, such as "docker.io/library/nginx:1.27"
	Pod          string // of Kubernetes
	PodNamespace string
	Runtime      string       // one of the Runtime constants
	State        string       // one of the State constants; "" where the file does not say
	Created      time.Time    // zero where the file does not say
	Addresses    []netip.Addr // in the networks of the runtime; Docker's file alone has them
}

// Runtimes, by the name of the program whose files they are.
const (
	RuntimeDocker     = "docker"
	RuntimeContainerd = "containerd"
	RuntimeCRIO       = "cri-o"
	RuntimePodman     = "podman"
	RuntimeNspawn     = "nspawn"
	RuntimeLXC        = "lxc"
)

// States, in Docker's words.
const (
	StateCreated    = "created"
	StateRunning    = "running"
	StatePaused     = "paused"
	StateRestarting = "restarting"
	StateExited     = "exited"
	StateDead       = "dead"
)
