package shell

import (
	"errors"
	"strings"

	"netql/query/syntax"
	"netql/sources"
	"netql/sources/netns"
	"netql/tables"
)

// useNamespace lets all queries from now on ask another network namespace, or all of them.
func (s *session) useNamespace(target string) error {
	if target == "all" {
		all := &sources.Everywhere{}
		s.leave()
		s.catalog, s.answered = tables.Everywhere(all), all.Close
		return nil
	}
	system, leave, err := sources.Enter(target)
	if errors.Is(err, netns.ErrUnknown) || errors.Is(err, netns.ErrOther) {
		return wrongNamespace(target, err)
	}
	if err != nil {
		return err
	}
	s.leave()
	s.catalog, s.left = tables.Catalog(system), leave
	return nil
}

// refuse says why there will be no answer, and whose fault it is.
func (s *session) refuse(err error) int {
	var usage *usageError
	if errors.As(err, &usage) {
		return s.reject("", err)
	}
	s.complain("error", "%v", err)
	return failed
}

// leave lets go of the namespace that was entered.
func (s *session) leave() {
	if s.left != nil {
		s.left()
	}
	s.left, s.answered = nil, nil
}

// wrongNamespace says which namespace may have been meant.
func wrongNamespace(target string, err error) error {
	wrong := usagef("%v", err)
	var names []string
	for _, n := range sources.Live().NamedNamespaces() {
		names = append(names, n.Name)
	}
	near := syntax.Nearest(target, names)
	switch {
	case near != "":
		return wrong.withHint("did you mean %s?", near)
	case len(names) > 0:
		return wrong.withHint("there are %s; a path, the number of a process, and all will do, too", strings.Join(names, ", "))
	}
	return wrong.withHint("no namespace has a name (ip netns); give a path, the number of a process, or all")
}
