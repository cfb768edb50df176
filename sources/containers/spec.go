package containers

import (
	"cmp"
	"encoding/json"
	"time"
)

// specConfig is what is read of a runtime-spec's config.json (opencontainers/runtime-spec, config.md): annotations.
type specConfig struct {
	Annotations annotations `json:"annotations"`
}

// annotations are those by which CRI implementations and nerdctl say what a container is.
type annotations struct {
	// containerd, internal/cri/annotations/annotations.go, which was pkg/cri/annotations in 1.x
	Container    string `json:"io.kubernetes.cri.container-name,omitempty"`
	Type         string `json:"io.kubernetes.cri.container-type,omitempty"`
	Pod          string `json:"io.kubernetes.cri.sandbox-name,omitempty"`
	Namespace    string `json:"io.kubernetes.cri.sandbox-namespace,omitempty"`
	Image        string `json:"io.kubernetes.cri.image-name,omitempty"`
	SandboxImage string `json:"io.kubernetes.cri.podsandbox.image-name,omitempty"`

	// CRI-O, internal/annotations/annotations.go, which was pkg/annotations before
	Manager   string    `json:"io.container.manager,omitempty"`
	CRIOType  string    `json:"io.kubernetes.cri-o.ContainerType,omitempty"`
	ImageName string    `json:"io.kubernetes.cri-o.ImageName,omitempty"` // a name that the image has; "" if it has none
	UserImage string    `json:"io.kubernetes.cri-o.Image,omitempty"`     // as it was asked for
	Created   time.Time `json:"io.kubernetes.cri-o.Created,omitzero"`

	kubernetesLabels

	// nerdctl, pkg/labels/labels.go; annotations since pkg/cmd/container/create.go copies its labels
	Nerdctl string `json:"nerdctl/name,omitempty"`
}

// sandboxName is how containers of Kubernetes' pods themselves are called, which keep a pod's namespaces: kubelet's
// label of them was "POD", and containerd has no name for them.
const sandboxName = "POD"

// parseSpec reads a config.json. It does not say which container it is: its directory does.
func parseSpec(data []byte) (annotations, error) {
	var config specConfig
	err := json.Unmarshal(data, &config)
	return config.Annotations, err
}

// containerd is the container that containerd's CRI plugin or nerdctl describes.
func (a *annotations) containerd(id string) Container {
	c := Container{
		ID: id, Name: cmp.Or(a.Container, a.Nerdctl), Image: cmp.Or(a.Image, a.SandboxImage),
		Pod: a.Pod, PodNamespace: a.Namespace, Runtime: RuntimeContainerd,
	}
	if c.Name == "" && a.Type == "sandbox" {
		c.Name = sandboxName
	}
	return c
}

// crio is the container that CRI-O describes; false where it is not CRI-O's. Podman's are in the same directory.
func (a *annotations) crio(id string) (Container, bool) {
	c := Container{
		ID: id, Name: a.kubernetesLabels.Container, Image: cmp.Or(a.ImageName, a.UserImage),
		Pod: a.kubernetesLabels.Pod, PodNamespace: a.kubernetesLabels.Namespace, Runtime: RuntimeCRIO,
		Created: a.Created,
	}
	if c.Name == "" && a.CRIOType == "sandbox" {
		c.Name = sandboxName
	}
	return c, a.Manager == RuntimeCRIO || a.Manager == "" && c.Pod != ""
}
