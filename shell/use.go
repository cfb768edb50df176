package shell

import (
	"strings"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
	"netql/sources/capture"
	"netql/tables"
)

// use lets all queries from now on ask a system.
func (s *session) use(system *sources.System) {
	s.system = system
	s.catalog = func() *query.Catalog { return tables.Catalog(system) }
}

// useCapture lets them ask a capture.
func (s *session) useCapture(path string) error {
	c, err := s.openCapture(path)
	if err != nil {
		return err
	}
	s.use(s.captured(c))
	return nil
}

func (s *session) openCapture(path string) (*capture.Capture, error) { return capture.Open(path) }

// captured is the system of a capture, which knows names of addresses only where DNS shall be asked now.
func (s *session) captured(c *capture.Capture) *sources.System {
	system := c.System()
	if s.options.resolve {
		system.Names = sources.Resolver
	}
	return system
}

// useWord is the word "use" of the prompt: use live, or use FILE.
func (s *session) useWord(argument string) {
	switch argument {
	case "":
		s.complain("error", "use what?")
		s.print("hint: use live, or use FILE with the name of a capture\n")
	case "live":
		s.use(sources.Live())
		s.print("the running system answers\n")
	default:
		c, err := s.openCapture(argument)
		if err != nil {
			s.complain("error", "%v", err)
			return
		}
		s.use(s.captured(c))
		s.print("the capture answers: " + schema.Visible(c.Manifest.String()) + "\n")
	}
}

// cutWord takes a word of the prompt off a line; false if the line begins with another one.
func cutWord(line, word string) (argument string, ok bool) {
	first, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	return strings.TrimSpace(rest), strings.EqualFold(first, word)
}
