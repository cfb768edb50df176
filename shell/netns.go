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
		s.use(nil)
		s.catalog, s.state = tables.Everywhere(s.tables), func() *tables.QueryState { return tables.AskEverywhere(all) }
		s.answered = all.Close
		return nil
	}
	system, leave, err := sources.Enter(target)
	if errors.Is(err, netns.ErrUnknown) || errors.Is(err, netns.ErrOther) {
		return wrongNamespace(target, err)
	}
	if err != nil {
		return err
	}
	s.use(system)
	s.left = leave
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

// letGo lets go of what one answer needed.
func (s *session) letGo() {
	if s.answered != nil {
		s.answered()
	}
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

// severalNamespaces refuses what can be done with one namespace only.
func severalNamespaces(reason string) error {
	return usagef("%s, and --netns all are many", reason).withHint("name one: netql --netns NAME, and the names are in: namespaces")
}
