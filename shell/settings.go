package shell

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"netql/query"
	"netql/query/syntax"
	"netql/shell/config"
	"netql/shell/render"
)

// settingKeys are the flags that may be set for good in the file with settings. columns.TABLE sets --columns.
var settingKeys = []string{"format", "pager", "color", "dialect", "interval"}

// columnsKey is what stands before the name of a table in the key of its default columns.
const columnsKey = "columns."

// configure takes the settings of the user into the options, except for flags that were given, and has named queries
// found. Without a file with settings that is one system call.
func (s *session) configure(o *options) {
	if o.noConfig || o.help || o.version {
		return
	}
	directory, err := config.User()
	if err == nil {
		err = s.readSettings(directory, o)
	} else {
		err = nil // without a home nothing is set
	}
	if err != nil {
		s.message("warning", "no settings are read: %v", err)
	}
	s.tables.Interval = o.interval
	s.tables.Named = &syntax.Definitions{
		Language: query.Language, Interval: o.interval,
		Load:  func() []*syntax.Source { return s.namedQueries(directory) },
		Taken: s.taken,
	}
}

// readSettings reads the file with settings. What is wrong in it costs a warning for each line.
func (s *session) readSettings(directory config.Directory, o *options) error {
	source, err := directory.Settings()
	if err != nil || source == nil {
		return err
	}
	settings, problems := config.Parse(source)
	seen := map[string]bool{}
	for _, setting := range settings {
		err := s.set(o, setting)
		key := strings.ToLower(setting.Key)
		switch {
		case err != nil:
			problems = append(problems, err)
		case seen[key]:
			problems = append(problems, setting.WrongKey("%s is set twice", setting.Key).
				WithHint("this line holds; leave the other one out"))
		}
		seen[key] = seen[key] || err == nil
	}
	slices.SortStableFunc(problems, func(a, b *syntax.Error) int { return a.Range.Start - b.Range.Start })
	for _, problem := range problems {
		s.warnInFile(problem)
	}
	return nil
}

// set takes a setting into the options, unless its flag was given.
func (s *session) set(o *options, setting config.Setting) *syntax.Error {
	key := strings.ToLower(setting.Key)
	if table, ok := strings.CutPrefix(key, columnsKey); ok {
		return s.setColumns(o, table, setting)
	}
	f, known := findFlag(key)
	if !known || !slices.Contains(settingKeys, f.name) {
		return s.unknownKey(setting)
	}
	if f.name == "format" && (setting.Value == "dot" || setting.Value == "mermaid") {
		return setting.WrongValue("%s draws graphs alone, and most answers are none", setting.Value).
			WithHint("give it with the query: netql --format %s", setting.Value)
	}
	changed := *o
	if _, err := changed.parseFlag(f.name+"="+setting.Value, nil); err != nil {
		wrong := setting.WrongValue("%s", strings.TrimPrefix(err.Error(), "--"))
		if usage, ok := errors.AsType[*usageError](err); ok && usage.hint != "" {
			return wrong.WithHint("%s", usage.hint)
		}
		return wrong
	}
	if slices.Contains(o.given, f.name) || f.name == "dialect" && os.Getenv(dialectVariable) != "" {
		return nil
	}
	changed.given, changed.set = o.given, append(o.set, f.name)
	*o = changed
	return nil
}

// forgetSetFormat goes back to the usual format where a setting has chosen it and no flag: netstat has its own layout,
// and who types netstat expects that.
func (o *options) forgetSetFormat() {
	if slices.Contains(o.set, "format") {
		o.format = render.Auto
	}
}

// dialectVariable is the environment's netstat dialect, which counts more than a setting.
const dialectVariable = "NETQL_DIALECT"

func (s *session) unknownKey(setting config.Setting) *syntax.Error {
	keys := slices.Clone(settingKeys)
	for _, table := range s.tables.Names() {
		keys = append(keys, columnsKey+table)
	}
	wrong := setting.WrongKey("there is no setting %q", setting.Key)
	if near := syntax.Nearest(setting.Key, keys); near != "" {
		return wrong.WithHint("did you mean %s?", near)
	}
	return wrong.WithHint("settings: %s, %sTABLE", strings.Join(settingKeys, ", "), columnsKey)
}

// warnInFile writes what is wrong in a file, with its place there.
func (p *printer) warnInFile(problem *syntax.Error) {
	io.WriteString(p.err, p.messagePrefix+problem.ShowWarning()+"\n")
}

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
	for _, problem := range s.tables.Named.Problems() {
		if told == nil || told.Range != problem.Range || told.Message != problem.Message {
			s.warnInFile(problem)
		}
	}
}

// tableColumns are the columns of a table that are shown where the query chooses none.
type tableColumns struct {
	table   string
	columns []string
}

// addColumns is the flag --columns: TABLE=COLUMN,COLUMN.
func addColumns(o *options, value string) error {
	table, list, ok := strings.Cut(value, "=")
	if !ok {
		return usagef("--columns cannot be %q", value).withHint("for example: --columns sockets=local,remote,rtt")
	}
	o.columns = append(o.columns, tableColumns{strings.TrimSpace(table), splitList(list)})
	return nil
}

func splitList(list string) []string {
	parts := strings.Split(list, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// setColumns takes the setting columns.TABLE = COLUMN, COLUMN.
func (s *session) setColumns(o *options, table string, setting config.Setting) *syntax.Error {
	known, ok := s.tables.Table(table)
	if !ok {
		return s.unknownKey(setting)
	}
	at := 0
	for part := range strings.SplitSeq(setting.Value, ",") {
		name := strings.TrimSpace(part)
		if _, ok := known.Column(name); !ok {
			wrong := setting.WrongPart(at+strings.Index(part, name), len(name), "unknown column %q in %s", name,
				known.Name)
			return wrong.WithHint("%s", nearestColumn(known, name))
		}
		at += len(part) + 1
	}
	flagged := func(c tableColumns) bool { return strings.EqualFold(c.table, table) }
	if !slices.ContainsFunc(o.columns, flagged) {
		o.columns = append(o.columns, tableColumns{table, splitList(setting.Value)})
	}
	return nil
}

// nearestColumn is the hint for the name of a column that a table has not.
func nearestColumn(table *query.Table, name string) string {
	if near := syntax.Nearest(name, table.ColumnNames()); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "schema " + table.Name + " lists the columns"
}

// applyColumns has tables show these columns where a query chooses none.
func (s *session) applyColumns(all []tableColumns) error {
	for _, c := range all {
		table, ok := s.tables.Table(c.table)
		if !ok {
			return usagef("--columns: unknown table %q", c.table).withHint("%s", oneOf(c.table, s.tables.Names()))
		}
		for _, name := range c.columns {
			if _, ok := table.Column(name); !ok {
				return usagef("--columns: unknown column %q in %s", name, table.Name).
					withHint("%s", nearestColumn(table, name))
			}
		}
		table.ShowByDefault(c.columns)
	}
	return nil
}

// setInterval is the flag --interval.
func setInterval(o *options, value string) error {
	d, err := query.ParseInterval(value)
	if err != nil {
		return usagef("--interval cannot be %q", value).withHint("%v", err)
	}
	o.interval = d
	return nil
}
