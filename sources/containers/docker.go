package containers

import (
	"encoding/json"
	"net/netip"
	"strings"
	"time"
)

// dockerConfig is what is read of Docker's CONTAINERS/ID/config.v2.json: moby's daemon/container.Container, with
// State of daemon/container.State and NetworkSettings of daemon/network.Settings. Up to now no version has renamed a
// field of these.
type dockerConfig struct {
	ID      string
	Name    string // with a slash before it
	Created time.Time
	State   struct {
		Running, Paused, Restarting, Dead bool

		StartedAt time.Time
	}
	Config struct {
		Image  string
		Labels kubernetesLabels
	}
	NetworkSettings struct {
		Networks map[string]dockerEndpoint
	}
}

// kubernetesLabels are the labels by which the kubelet tells what a container is (kubelet/pkg/types/labels.go), which
// cri-dockerd, and dockershim before it, gave to Docker, and CRI-O makes annotations.
type kubernetesLabels struct {
	Container string `json:"io.kubernetes.container.name,omitempty"`
	Pod       string `json:"io.kubernetes.pod.name,omitempty"`
	Namespace string `json:"io.kubernetes.pod.namespace,omitempty"`
}

// dockerEndpoint is a container in a network (network.EndpointSettings); an address is "" where it has none, or is not
// running.
type dockerEndpoint struct {
	IPAddress, GlobalIPv6Address string
}

// parseDocker reads a config.v2.json.
func parseDocker(data []byte) (Container, error) {
	var config dockerConfig
	if err := json.Unmarshal(data, &config); err != nil {
		return Container{}, err
	}
	c := Container{
		ID: config.ID, Name: strings.TrimPrefix(config.Name, "/"), Image: config.Config.Image,
		Pod: config.Config.Labels.Pod, PodNamespace: config.Config.Labels.Namespace,
		Runtime: RuntimeDocker, State: config.state(), Created: config.Created,
	}
	if name := config.Config.Labels.Container; name != "" {
		c.Name = name // instead of k8s_NAME_POD_NAMESPACE_UID_ATTEMPT
	}
	for _, endpoint := range config.NetworkSettings.Networks {
		for _, text := range []string{endpoint.IPAddress, endpoint.GlobalIPv6Address} {
			if address, err := netip.ParseAddr(text); err == nil {
				c.Addresses = append(c.Addresses, address)
			}
		}
	}
	return c, nil
}

// state is the state as "docker ps" has it (daemon/container.State.State).
func (c *dockerConfig) state() string {
	switch state := &c.State; {
	case state.Running && state.Paused:
		return StatePaused
	case state.Running && state.Restarting:
		return StateRestarting
	case state.Running:
		return StateRunning
	case state.Dead:
		return StateDead
	case state.StartedAt.IsZero():
		return StateCreated
	}
	return StateExited
}
