package sources

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"netql/sources/containers"
	"netql/sources/netns"
)

// AmbiguousError says that a name means containers in several network namespaces.
type AmbiguousError struct {
	Name       string
	Containers []containers.Running
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%d containers in different network namespaces are called %s", len(e.Containers), e.Name)
}

// find finds the namespace that a target means: by netns.Find, else of the running container that is called so.
func (s *System) find(target string) (netns.Info, error) {
	found, err := netns.Find(target)
	if !errors.Is(err, netns.ErrUnknown) || strings.Contains(target, "/") {
		return found, err
	}
	running, failed := containers.ListRunning(s.Files)
	called := containers.Called(running, target)
	if len(called) == 0 {
		if _, wrong := strconv.Atoi(target); wrong != nil {
			err = fmt.Errorf("%s: %w, and no container of that name runs", target, netns.ErrUnknown)
		}
		if failed != nil { // it may have that name
			err = fmt.Errorf("%w, and the names of some containers are unknown: %w", err, failed)
		}
		return netns.Info{}, err
	}
	for i, c := range called {
		info, err := netns.Find(strconv.Itoa(c.PID))
		switch {
		case err != nil:
			return netns.Info{}, fmt.Errorf("container %s: %w", target, err)
		case i == 0:
			found = info
		case info.Inode != found.Inode:
			return netns.Info{}, &AmbiguousError{target, called}
		}
	}
	return found, nil
}

// ContainerNames are the names by which the namespaces of running containers can be given: those of containers and
// pods, and ids of what has no name, in the order of the containers. One that is ambiguous is left out.
func (s *System) ContainerNames() (names []string) {
	running, _ := containers.ListRunning(s.Files) // of those that can be read
	where := map[string]string{}
	for _, c := range running {
		link, err := s.Files.ReadLink(fmt.Sprintf("/proc/%d/ns/net", c.PID))
		if err != nil {
			link = strconv.Itoa(c.PID) // containers of a pod are not known to share it
		}
		all := []string{c.Name, c.Pod}
		if c.Name == "" {
			all = []string{c.ID}
		}
		for _, name := range all {
			known, seen := where[name]
			switch {
			case name == "" || seen && known == "":
			case !seen:
				where[name] = link
				names = append(names, name)
			case known != link:
				where[name] = ""
			}
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return where[name] == "" })
}
