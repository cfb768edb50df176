package containers

import (
	"cmp"
	"encoding/json"
	"time"
)

// storedContainer is what is read of one container in containers.json: Container in containers.go of
// github.com/containers/storage.
type storedContainer struct {
	ID       string         `json:"id"`
	Names    []string       `json:"names,omitempty"`
	Metadata storedMetadata `json:"metadata"`
	Created  time.Time      `json:"created"`
}

// storedMetadata is what Podman puts into metadata, as JSON in a text: RuntimeContainerMetadata in libpod/storage.go.
// CRI-O's has these fields, too, and those behind them (internal/storage/runtime.go).
type storedMetadata struct {
	Image string `json:"image-name,omitempty"`
	Name  string `json:"name,omitempty"`

	CRI       string `json:"metadata-name,omitempty"` // the name of the container in its pod, or of the pod
	Namespace string `json:"namespace,omitempty"`     // of the pod
	Sandbox   bool   `json:"pod,omitempty"`           // whether it is what keeps a pod
}

// UnmarshalJSON reads the JSON in a text. One that is none, as other programs may have it, is empty.
func (m *storedMetadata) UnmarshalJSON(data []byte) error {
	type plain storedMetadata
	var text string
	if json.Unmarshal(data, &text) != nil {
		return nil
	}
	var p plain
	if json.Unmarshal([]byte(text), &p) == nil {
		*m = storedMetadata(p)
	}
	return nil
}

// MarshalJSON writes it as a text again.
func (m storedMetadata) MarshalJSON() ([]byte, error) {
	type plain storedMetadata
	text, err := json.Marshal(plain(m))
	if err != nil {
		return nil, err
	}
	return json.Marshal(string(text))
}

// parseStorage reads a containers.json.
func parseStorage(data []byte) ([]Container, error) {
	var stored []storedContainer
	if err := json.Unmarshal(data, &stored); err != nil {
		return nil, err
	}
	var list []Container
	for _, s := range stored {
		c := Container{
			ID: s.ID, Name: s.Metadata.Name, Image: s.Metadata.Image, Runtime: RuntimePodman, Created: s.Created,
		}
		if len(s.Names) > 0 {
			c.Name = cmp.Or(s.Names[0], c.Name)
		}
		s.Metadata.describe(&c)
		list = append(list, c)
	}
	return list, nil
}

// describe says what a container of CRI-O is; others stay as they are.
func (m *storedMetadata) describe(c *Container) {
	switch {
	case m.CRI == "":
		return
	case m.Sandbox:
		c.Name, c.Pod, c.PodNamespace = sandboxName, m.CRI, m.Namespace
	default:
		c.Name = m.CRI
	}
	c.Runtime = RuntimeCRIO
}
