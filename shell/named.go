package shell

import (
	"errors"
	"slices"
	"strings"

	"netql/query/syntax"
	"netql/shell/config"
)

// namedQueries are the files with named queries: those of all users, and those of the user.
func (s *session) namedQueries(user config.Directory) (sources []*syntax.Source) {
	s.unread = nil
	directories := []config.Directory{config.System()}
	if user.Base != "" {
		directories = append(directories, user)
	}
	for _, directory := range directories {
		found, problems := directory.Queries()
		sources = append(sources, found...)
		s.unread = append(s.unread, problems...)
	}
	return sources
}

// taken says what a name is that a named query must not have.
func (s *session) taken(name string) string {
	same := func(other string) bool { return strings.EqualFold(other, name) }
	switch {
	case slices.ContainsFunc(s.tables.Names(), same):
		return "a table"
	case slices.ContainsFunc(words(), func(w word) bool { return same(w.Name) }):
		return "a word of the prompt"
	case commands()[strings.ToLower(name)] != nil:
		return "a command"
	}
	return ""
}

// warnOfNamed tells, once, what is wrong in the files with named queries, if a query had them read. What is the error
// of the query itself is not told twice.
func (s *session) warnOfNamed(err error) {
	if s.warned || !s.tables.Named.Loaded() {
		return
	}
	s.warned = true
	for _, problem := range s.unread {
		s.message("warning", "named queries are not read: %v", problem)
	}
	told, _ := errors.AsType[*syntax.Error](err)
	s.warnInFiles(slices.DeleteFunc(s.tables.Named.Problems(), func(problem *syntax.Error) bool {
		return told != nil && told.Range == problem.Range && told.Message == problem.Message
	}))
}
