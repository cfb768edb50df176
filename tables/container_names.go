package tables

import (
	"netql/query"
	"netql/sources/containers"
)

// containerColumns are the columns of what a container is called, by the files of its runtime.
func containerColumns[T any](of func(*T) *containers.Container) []query.Column[T] {
	return query.Within(of,
		query.NonZero("container_name",
			"The name of the container, as its runtime's files have it; in Kubernetes that "+
				"within its pod. NULL where the files may not be read, which a warning tells.",
			func(c *containers.Container) string { return c.Name }).Costly(),
		query.NonZero("image", "The image of the container, by the name that its runtime's files have.",
			func(c *containers.Container) string { return c.Image }).Costly(),
		query.NonZero("pod", "The pod of Kubernetes to which the container belongs.",
			func(c *containers.Container) string { return c.Pod }).Costly(),
		query.NonZero("pod_namespace", "The namespace of Kubernetes in which the pod is.",
			func(c *containers.Container) string { return c.PodNamespace }).Costly(),
	)
}

// containerNames finds what runtimes call their containers, once for a scan.
type containerNames struct {
	finder *containers.Finder // nil before somebody asks
	warned bool               // the warning that names are unknown was given
}

// containerFinder finds containers by the files of their runtimes.
func (s *scanState) containerFinder() *containers.Finder {
	if s.containers.finder == nil {
		s.containers.finder = containers.NewFinder(s.system.Files)
	}
	return s.containers.finder
}

// containerOf is what the runtime's files say of the container of a control group; nil if there is none, or nothing is
// known. It warns once where that is because files may not, or cannot, be read.
func (s *scanState) containerOf(group string) *containers.Container {
	if group == "" {
		return nil
	}
	c, err := s.containerFinder().Find(group)
	s.warnUnnamed(err)
	return c
}

// warnUnnamed warns, once, that the names of some containers are unknown.
func (s *scanState) warnUnnamed(err error) {
	if err != nil && !s.containers.warned {
		s.containers.warned = true
		s.warn("the names of some containers are unknown: " + err.Error())
	}
}

// named is what is said of the container in which the process runs; nil if it is in none.
func (p *process) named() *containers.Container {
	if p.state == nil {
		return nil
	}
	return p.state.containerOf(p.cgroup)
}
