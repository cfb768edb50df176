package shell

import (
	"slices"
	"strings"

	"netql/query/syntax"
	"netql/shell/complete"
	"netql/shell/config"
)

// unaliasName is the word that takes names off queries.
const unaliasName = "unalias"

// unaliasCommand is the command "unalias", which is the same as the word.
func (s *session) unaliasCommand(words []string) int { return s.unalias(strings.Join(words, " ")) }

// unalias is the word "unalias" of the prompt: it removes named queries that alias has written.
func (s *session) unalias(argument string) int {
	tokens, err := syntax.Scan(argument)
	isNoName := func(token syntax.Token) bool { return token.Kind != syntax.Name && token.Kind != syntax.Quoted }
	switch {
	case s.tables.Named == nil:
		return s.withoutNamed()
	case err != nil, len(tokens) == 0, slices.ContainsFunc(tokens, isNoName):
		return s.usageFailure("", usagef("%s takes the names of named queries", unaliasName).
			withHint("%s lists them", aliasName))
	}
	status := done
	for _, token := range tokens {
		status = max(status, s.removeAlias(strings.Trim(token.Text, "`")))
	}
	return status
}

// removeAlias removes one named query from the user's file, and says what it was and what that changes for others.
func (s *session) removeAlias(name string) int {
	directory, err := config.User()
	definition := ""
	if err == nil {
		definition, err = directory.Undefine(name)
	}
	if err != nil {
		s.message("error", "the named query is kept: %v", err)
		return failed
	}
	if definition == "" {
		return s.notRemoved(name)
	}
	s.tables.Named.Forget()
	s.message("note", "%s is removed from %s; it was: %s", name, directory.Path(config.AliasesName),
		oneLine(definition))
	if other := s.tables.Named.Find(name); other != nil {
		file, line := other.Place()
		s.message("note", "%s is the one in %s:%d now", other.Name, file, line)
		return done
	}
	for _, d := range s.tables.Named.All() {
		if d.Problem() == nil && strings.EqualFold(d.Query.Table.Name, name) {
			s.message("warning", "%s begins with %s, and cannot be used now", d.Name, name)
		}
	}
	return done
}

// notRemoved is the failure of a name that the user's file of aliases has not.
func (s *session) notRemoved(name string) int {
	d := s.tables.Named.Find(name)
	if d == nil {
		return s.unknownNamed(name, aliasName+" lists the named queries")
	}
	file, line := d.Place()
	if d.Shared() {
		return s.usageFailure("", usagef("%s is for all users, in %s:%d", d.Name, file, line).
			withHint("one of your own replaces it: %s %s QUERY", aliasName, d.Name))
	}
	return s.usageFailure("", usagef("%s is defined in %s:%d", d.Name, file, line).withHint("remove it there"))
}

// aliasChoices are the named queries that are the user's own, for completion.
func (s *session) aliasChoices() (candidates []complete.Candidate) {
	directory, err := config.User()
	if s.tables.Named == nil || err != nil {
		return nil
	}
	for _, d := range s.tables.Named.All() {
		if file, _ := d.Place(); file == directory.Path(config.AliasesName) {
			candidates = append(candidates,
				complete.Candidate{Text: d.Name.String(), Doc: oneLine(d.Text()), Kind: complete.Value, End: " "})
		}
	}
	return candidates
}
