package shell

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"netql/query/syntax"
	"netql/sources"
	"netql/sources/netns"
	"netql/tables"
)

// allNamespaces stands for all of them where one can be named.
const allNamespaces = "all"

// useNamespace makes another network namespace the target, or all of them for allNamespaces. The name is one of
// --netns.
func (t *target) useNamespace(name string) error {
	if name == allNamespaces {
		all := &sources.AllNamespaces{}
		t.use(nil)
		t.catalog, t.state = tables.Everywhere(t.tables), func() *tables.QueryState { return tables.AskEverywhere(all) }
		t.release = all.Close
		t.name = "all namespaces"
		return nil
	}
	system, leave, err := sources.Enter(name)
	if several, ok := errors.AsType[*sources.AmbiguousError](err); ok {
		return ambiguousContainer(several)
	}
	if errors.Is(err, netns.ErrUnknown) || errors.Is(err, netns.ErrOther) {
		return unknownNamespace(name, err)
	}
	if err != nil {
		return err
	}
	t.use(system)
	t.leave = leave
	t.name = filepath.Base(name)
	return nil
}

// ambiguousContainer is the usage error of a name that several containers have, with their ids.
func ambiguousContainer(several *sources.AmbiguousError) error {
	var all []string
	for _, c := range several.Containers[:min(len(several.Containers), 10)] {
		text := c.ID[:min(len(c.ID), 12)]
		if c.Pod != "" {
			text += " of pod " + c.PodNamespace + "/" + c.Pod
		}
		all = append(all, text)
	}
	return usagef("%v", several).withHint("give the id of one, or its pod: %s", strings.Join(all, ", "))
}

// unknownNamespace is the usage error of a namespace that does not exist, with the one that may have been meant.
func unknownNamespace(target string, err error) error {
	wrong := usagef("%v", err)
	var names []string
	named, _ := sources.Live().NamedNamespaces() // a hint, of those that can be read
	for _, n := range named {
		names = append(names, n.Name)
	}
	containers := sources.Live().ContainerNames()
	near := syntax.Nearest(target, slices.Concat(names, containers))
	switch {
	case near != "":
		return wrong.withHint("did you mean %s?", near)
	case len(containers) > 0:
		return wrong.withHint("there are %s; a path, the number of a process, and all will do, too",
			strings.Join(append(names, "the containers "+strings.Join(containers[:min(len(containers), 10)], ", ")),
				", "))
	case len(names) > 0:
		return wrong.withHint("there are %s; a path, the number of a process, and all will do, too",
			strings.Join(names, ", "))
	}
	return wrong.withHint("no namespace has a name (ip netns); give a path, the number of a process, or all")
}
