package containers

import (
	"encoding/json"
	"net/netip"
	"path"
	"slices"
	"strings"
)

// Pseudonyms are what takes the place of what files of runtimes say, in a redacted capture.
type Pseudonyms struct {
	ID      func(id string) string         // of a container
	Name    func(kind, name string) string // "" of "". The kind is short, and begins the pseudonym
	Path    func(path string) string       // of a file or a control group
	Address func(netip.Addr) netip.Addr
}

// IsFile says that the file at a path is a runtime's.
func IsFile(name string) bool { return kindOf(name) != nil }

// Redacted is the content of a runtime's file with pseudonyms. One that cannot be read is empty.
func Redacted(name string, data []byte, p Pseudonyms) []byte {
	redacted, err := kindOf(name).redacted(data, p)
	if err != nil {
		return nil
	}
	return redacted
}

// PathWords are the components of the paths of runtimes' files that are the same on every machine.
func PathWords() []string {
	words := []string{
		"config.v2.json", "config.json", "containers.json", "volatile-containers.json", "userdata", dockerNamespace,
		"k8s.io", "default", "lxc", "lxc.payload",
	}
	p := userPlaces("", "")
	paths := slices.Concat(dockerRoots, containerdStates, taskDirs, storageConfigs, p.docker, p.stores(),
		[]string{defaultGraph, defaultRun, machinesDir, daemonFile})
	for _, name := range paths {
		words = append(words, strings.Split(name, "/")...)
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// redactable is what is read of a file, whose texts can be replaced.
type redactable interface{ redact(p Pseudonyms) }

// redactedJSON reads JSON into a T, replaces its texts and writes it.
func redactedJSON[T any, R interface {
	*T
	redactable
}](data []byte, p Pseudonyms) ([]byte, error) {
	value := R(new(T))
	if err := json.Unmarshal(data, value); err != nil {
		return nil, err
	}
	value.redact(p)
	return json.Marshal(value)
}

func (c *dockerConfig) redact(p Pseudonyms) {
	c.ID, c.Name = p.ID(c.ID), p.Name("container", c.Name)
	c.Config.Image = p.Name("image", c.Config.Image)
	c.Config.Labels.redact(p)
	networks := map[string]dockerEndpoint{}
	for name, endpoint := range c.NetworkSettings.Networks {
		for _, text := range []*string{&endpoint.IPAddress, &endpoint.GlobalIPv6Address} {
			address, err := netip.ParseAddr(*text)
			if *text = ""; err == nil {
				*text = p.Address(address).String()
			}
		}
		networks[p.Name("network", name)] = endpoint
	}
	c.NetworkSettings.Networks = networks
}

func (l *kubernetesLabels) redact(p Pseudonyms) {
	l.Container = p.Name("container", l.Container)
	l.Pod, l.Namespace = p.Name("pod", l.Pod), p.Name("ns", l.Namespace)
}

// redact keeps what says of which kind a container is.
func (c *specConfig) redact(p Pseudonyms) {
	a := &c.Annotations
	a.kubernetesLabels.redact(p)
	a.Container, a.Nerdctl = p.Name("container", a.Container), p.Name("container", a.Nerdctl)
	a.Pod, a.Namespace = p.Name("pod", a.Pod), p.Name("ns", a.Namespace)
	for _, image := range []*string{&a.Image, &a.SandboxImage, &a.ImageName, &a.UserImage} {
		*image = p.Name("image", *image)
	}
	a.Type, a.CRIOType = oneOf(a.Type, "sandbox", "container"), oneOf(a.CRIOType, "sandbox", "container")
	a.Manager = oneOf(a.Manager, RuntimeCRIO, "libpod")
}

// oneOf is a text if it is one of some; else "".
func oneOf(text string, all ...string) string {
	if slices.Contains(all, text) {
		return text
	}
	return ""
}

// storedContainers are those of a containers.json.
type storedContainers []storedContainer

func (s *storedContainers) redact(p Pseudonyms) {
	for i := range *s {
		c := &(*s)[i]
		c.ID = p.ID(c.ID)
		for j, name := range c.Names {
			c.Names[j] = p.Name("container", name)
		}
		m := &c.Metadata
		m.Image, m.Name = p.Name("image", m.Image), p.Name("container", m.Name)
		if m.Namespace = p.Name("ns", m.Namespace); m.Sandbox {
			m.CRI = p.Name("pod", m.CRI)
		} else {
			m.CRI = p.Name("container", m.CRI)
		}
	}
}

func (d *daemonConfig) redact(p Pseudonyms) {
	for _, root := range []*string{&d.Root, &d.Graph} {
		if *root != "" {
			*root = p.Path(path.Clean(*root))
		}
	}
}

// redactedSettings is a storage.conf with other directories.
func redactedSettings(data []byte, p Pseudonyms) ([]byte, error) {
	var b strings.Builder
	for line := range lines(data) {
		if key, value, ok := directorySetting(line); ok {
			b.WriteString(key + ` = "` + p.Path(value) + "\"\n")
		}
	}
	return []byte(b.String()), nil
}

// redactedMachine is a file of systemd-machined with other names. What is no name is kept if it is as it should be.
func redactedMachine(data []byte, p Pseudonyms) ([]byte, error) {
	m := parseMachine(data)
	var b strings.Builder
	for key, value := range map[string]string{
		"NAME": p.Path(m.Name), "SCOPE": p.Path(m.unit), "SUBGROUP": p.Path(m.subgroup),
		"CLASS": oneOf(m.class, "container", "vm", "host"),
	} {
		b.WriteString(key + "=" + value + "\n")
	}
	return []byte(b.String()), nil
}
