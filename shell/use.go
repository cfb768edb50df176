package shell

import (
	"strings"

	"netql/query/schema"
	"netql/shell/complete"
	"netql/sources"
	"netql/sources/capture"
	"netql/tables"
)

// useOptions lets queries ask what the flags say.
func (s *session) useOptions() error {
	switch o := s.options; {
	case o.capture != "" && o.netns != "":
		return usagef("--capture and --netns cannot both answer").withHint("a capture is of one network namespace")
	case o.capture != "":
		return s.useCapture(o.capture)
	case o.netns != "":
		return s.useNamespace(o.netns)
	}
	return nil
}

// use lets all queries from now on ask one system.
func (s *session) use(system *sources.System) {
	s.leave()
	s.system, s.captured = system, nil
	s.catalog, s.state = s.tables, func() *tables.QueryState { return tables.Ask(system) }
}

// useCapture lets them ask a capture.
func (s *session) useCapture(path string) error {
	c, err := capture.Open(path)
	if err != nil {
		return err
	}
	s.use(s.systemOf(c))
	s.captured = c
	return nil
}

// systemOf is the system of a capture, which knows the names of addresses only where DNS shall be asked now.
func (s *session) systemOf(c *capture.Capture) *sources.System {
	system := c.System()
	if s.options.resolve {
		system.Names = sources.Resolver
	}
	return system
}

// tellUse says what answers the queries of a prompt.
func (s *session) tellUse() {
	switch {
	case s.captured != nil:
		s.print("the capture answers: " + schema.Visible(s.captured.Manifest.String()) + "\n")
	case s.system == nil:
		s.print("all network namespaces answer\n")
	case s.left != nil:
		s.print(schema.Visible(s.system.Name) + " answers\n")
	default:
		s.print("the running system answers\n")
	}
}

// useWord is the word "use" of the prompt: use live, use netns X, or use FILE.
func (s *session) useWord(argument string) {
	var err error
	switch target, namespace := cutWord(argument, "netns"); {
	case argument == "", namespace && target == "":
		err = usagef("use what?").withHint("use live, use netns X, or use FILE with the name of a capture")
	case argument == "live":
		s.use(sources.Live())
	case namespace:
		err = s.useNamespace(target)
	default:
		err = s.useCapture(argument)
	}
	if err != nil {
		s.reject("", err)
		return
	}
	s.tellUse()
}

// cutWord takes a word of the prompt off a line; false if the line begins with another one.
func cutWord(line, word string) (argument string, ok bool) {
	first, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	return strings.TrimSpace(rest), strings.EqualFold(first, word)
}

// useChoices are the words that may come after use, beside the names of files.
func useChoices() []complete.Candidate {
	return []complete.Candidate{
		{Text: "live", Doc: "the running system", Kind: complete.Keyword},
		{Text: "netns", Doc: "another network namespace, or all", Kind: complete.Keyword, End: " "},
	}
}

// namespaceChoices are the names that namespaces have now, as ip netns gives them, and all. One that cannot be typed is left out.
func namespaceChoices() (candidates []complete.Candidate) {
	for _, n := range sources.Live().NamedNamespaces() {
		if schema.Visible(n.Name) == n.Name && !strings.Contains(n.Name, " ") {
			candidates = append(candidates, complete.Candidate{Text: n.Name, Kind: complete.Value})
		}
	}
	return append(candidates, complete.Candidate{Text: "all", Doc: "all of them", Kind: complete.Keyword})
}
