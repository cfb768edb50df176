package shell

import (
	"errors"
	"fmt"
	"strings"

	"netql/query"
	"netql/query/syntax"
	"netql/shell/config"
)

// aliasName is the word that names queries.
const aliasName = "alias"

// aliasCommand is the command "alias", which is the same.
func (s *session) aliasCommand(words []string) int { return s.alias(strings.Join(words, " ")) }

// alias is the word "alias" of the prompt: it lists the named queries, shows one, or writes one into the user's file.
func (s *session) alias(argument string) int {
	if s.tables.Named == nil {
		return s.withoutNamed()
	}
	name, definition, ok := aliasDefinition(oneLine(argument)) // what is checked is what is written
	switch {
	case argument == "":
		s.printPaged(visibleLines(namedList(s.tables, helpWidth)))
		s.warnOfNamed(nil)
		return done
	case !ok:
		return s.showAlias(argument)
	}
	if status := s.checkAlias(name, definition); status != done {
		return status
	}
	return s.writeAlias(name, definition)
}

// withoutNamed is the failure of what is about named queries where the flag --no-config is given.
func (s *session) withoutNamed() int {
	return s.usageFailure("", usagef("--no-config leaves named queries out"))
}

// aliasDefinition is the definition that is typed behind alias: NAME QUERY, or NAME = QUERY, where parameters may stand
// behind the name; false where there is no query.
func aliasDefinition(argument string) (name, definition string, ok bool) {
	tokens, _ := syntax.Scan(argument) // of a wrong text those before what is wrong
	if len(tokens) < 2 || tokens[0].Kind != syntax.Name && tokens[0].Kind != syntax.Quoted {
		return "", "", false
	}
	first := tokens[0]
	name = strings.Trim(first.Text, "`")
	behind := argument[first.Range.End:]
	if tokens[1].Is("=") || tokens[1].Is("(") {
		return name, "def " + first.Text + behind, true
	}
	return name, "def " + first.Text + " =" + behind, true
}

// aliasBody is the query in NAME = QUERY; false where there is no = outside of brackets.
func aliasBody(argument string) (string, bool) {
	tokens, _ := syntax.Scan(argument)
	depth := 0
	for _, token := range tokens {
		switch {
		case token.Is("("):
			depth++
		case token.Is(")"):
			depth--
		case token.Is("=") && depth == 0:
			return argument[token.Range.End:], true
		case depth == 0 && token.Is("|"):
			return "", false
		}
	}
	return "", false
}

// showAlias shows the definition of one named query.
func (s *session) showAlias(name string) int {
	d := s.tables.Named.Find(strings.Trim(name, "`"))
	if d == nil {
		return s.unknownNamed(name, "for example: alias listeners sockets state == LISTEN")
	}
	file, line := d.Place()
	return s.print(visibleLines(fmt.Sprintf("%s\n  in %s:%d\n", d.Text(), file, line)))
}

// unknownNamed is the failure of a name that no query has. The hint is for where no name is near.
func (s *session) unknownNamed(name, hint string) int {
	if near := syntax.Nearest(name, s.tables.Named.Names()); near != "" {
		hint = "did you mean " + near + "?"
	}
	return s.usageFailure("", usagef("there is no named query %q", name).withHint("%s", hint))
}

// checkAlias refuses a definition that could not be used: one that is wrong, has a name that is taken, or names what
// its table has not. What its arguments decide is tried with their defaults.
func (s *session) checkAlias(name, definition string) int {
	directory, err := config.User()
	if err != nil {
		return s.failure(err)
	}
	aliases := directory.Path(config.AliasesName)
	if old := s.tables.Named.Find(name); old != nil && !old.Shared() {
		if file, line := old.Place(); file != aliases {
			return s.usageFailure("", usagef("%s is defined in %s:%d", old.Name, file, line).
				withHint("change it there, or choose another name"))
		}
	}
	tried := *s.catalog
	tried.Named = &syntax.Definitions{
		Language: query.Language, Interval: tried.Interval, Taken: s.taken,
		Load: func() []*syntax.Source {
			sources := s.namedQueries(directory)
			for _, source := range sources {
				if source.Name == aliases {
					source.Text = syntax.WithDefinition(source.Text, name, "")
				}
			}
			return append(sources, &syntax.Source{Text: definition})
		},
	}
	d := tried.Named.Find(name)
	if d == nil { // it is wrong in its first words
		for _, problem := range tried.Named.Problems() {
			if problem.Typed() {
				return s.usageFailure("", problem)
			}
		}
		return s.usageFailure("", usagef("%q is no name", name).withHint("a name is one word"))
	}
	if problem := d.Problem(); problem != nil {
		return s.usageFailure("", problem)
	}
	for _, parameter := range d.Parameters {
		if parameter.Default == nil {
			return done
		}
	}
	_, err = query.CompileBeginning(d.Name.String(), &tried, s.state())
	if inDefinition, ok := errors.AsType[*syntax.Error](err); ok {
		err = inDefinition.WithoutUse()
	}
	if err != nil {
		return s.usageFailure("", err)
	}
	return done
}

// writeAlias writes a definition into the user's file, and says where it is.
func (s *session) writeAlias(name, definition string) int {
	directory, err := config.User()
	old := s.tables.Named.Find(name)
	if err == nil {
		err = directory.Define(name, definition)
	}
	if err != nil {
		s.message("error", "the named query is not kept: %v", err)
		return failed
	}
	s.tables.Named.Forget()
	file := directory.Path(config.AliasesName)
	switch {
	case old == nil:
		s.message("note", "%s is in %s", name, file)
	case old.Shared():
		s.message("note", "%s is in %s; for you it replaces that of all users", name, file)
	default:
		s.message("note", "%s is in %s; it was: %s", name, file, oneLine(old.Text()))
	}
	return done
}
