package shell

import (
	"errors"
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
var settingKeys = []string{"format", "pager", "color", "dialect", "interval", "memory", "via", "abreast",
	"host-timeout"}

// columnsKey is what stands before the name of a table in the key of its default columns.
const columnsKey = "columns."

// configure takes the settings of the user into the options, except for flags that were given, and has named queries
// found. Without a file with settings that is one system call.
func (s *session) configure(o *options) {
	if o.noConfig || o.help || o.version {
		return
	}
	directory, err := config.User()
	if err != nil {
		directory = config.Directory{} // without a home nothing is set
	} else if err := s.readSettings(directory, o); err != nil {
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
	s.warnInFiles(problems)
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

// forgetSetFormat goes back to the usual format where a setting has chosen it and no flag: netstat and ss have their
// own layouts, and who types their names expects that.
func (o *options) forgetSetFormat() {
	if slices.Contains(o.set, "format") {
		o.format = render.Auto
	}
}

func (s *session) unknownKey(setting config.Setting) *syntax.Error {
	keys := slices.Clone(settingKeys)
	for _, table := range s.anywhere().Names() {
		keys = append(keys, columnsKey+table)
	}
	wrong := setting.WrongKey("there is no setting %q", setting.Key)
	if f, isFlag := findFlag(strings.ToLower(setting.Key)); isFlag {
		return wrong.WithHint("--%s is given with each call", f.name)
	}
	if near := syntax.Nearest(setting.Key, keys); near != "" {
		return wrong.WithHint("did you mean %s?", near)
	}
	return wrong.WithHint("settings: %s, %sTABLE", strings.Join(settingKeys, ", "), columnsKey)
}

// maxProblems is how many things that are wrong in files are told.
const maxProblems = 20

// warnInFiles writes what is wrong in files, with its places there.
func (p *printer) warnInFiles(problems []*syntax.Error) {
	for _, problem := range problems[:min(len(problems), maxProblems)] {
		io.WriteString(p.err, p.linePrefix(0)+problem.ShowWarning()+"\n")
	}
	if n := len(problems) - maxProblems; n > 0 {
		p.message("warning", "%s like these", counted(n, "more mistake"))
	}
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
