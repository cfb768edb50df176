package shell

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"netql/query/syntax"
	"netql/shell/render"
)

// options are the values of the flags; the docs of the flags say what each means.
type options struct {
	format, color, file       string
	dialect                   string
	explain, noHeader, strict bool
	expect                    string // a word of expectWords; "" expects nothing
	csvSafe                   bool
	capture, netns, query     string
	hosts, via                string
	abreast                   int
	hostTimeout               time.Duration
	resolve, redact, counters bool
	all                       bool
	since                     string
	width                     int           // in columns; 0 for no limit, -1 for that of the terminal
	timeout                   time.Duration // 0 for none
	memory                    int64         // in bytes; 0 where nothing is said
	help, version             bool
	pager                     string        // a command; "" where nothing is said
	interval                  time.Duration // of a watch that names none; 0 where nothing is said
	columns                   []tableColumns
	noConfig                  bool
	set                       []string // the names of the flags that the settings have set
	given                     []string // the names of the flags that were given
}

// flag is one long flag. Parsing, --help and the completion scripts all come from the table flags.
type flag struct {
	name     string
	argument string          // what --help calls its argument; "" if it takes none
	values   func() []string // the words that it takes; nil if it takes any text
	doc      string
	set      func(o *options, value string) error // value is "" for a flag without argument
}

// flags are all long flags, in the order of --help.
var flags = []flag{
	{"format", "F", render.Names, "how rows are written; --json is --format json; auto is table on a terminal and " +
		"plain elsewhere",
		func(o *options, v string) error { o.format = v; return nil }},
	{"file", fileArgument, nil, "read the query from a file; - is stdin",
		func(o *options, v string) error { o.file = v; return nil }},
	{"capture", fileArgument, nil,
		"answer from a capture, which netql record wrote, or from several: FILE,FILE or a directory",
		func(o *options, v string) error { o.capture = v; return nil }},
	{"resolve", "", nil, "let host() ask DNS on a capture, too",
		func(o *options, _ string) error { o.resolve = true; return nil }},
	{"netns", "X", nil, "ask another network namespace: a name, a path, a container, a process's number, or all",
		func(o *options, v string) error { o.netns = v; return nil }},
	{"hosts", "LIST", nil, "ask hosts by ssh, each of which has netql: web1,root@db1,@FILE",
		func(o *options, v string) error { o.hosts = v; return nil }},
	{"via", "COMMAND", nil, "what reaches a host in place of ssh, {} is its name: 'kubectl exec -i {} -- netql answer'",
		setVia},
	{"abreast", "N", nil, "how many hosts are reached at a time (16)", setAbreast},
	{"host-timeout", "D", nil, "how long a host may be silent (10s)", setHostTimeout},
	{"dialect", "D", dialectNames, "whose netstat's the short flags are; auto finds out by the flags",
		func(o *options, v string) error { o.dialect = v; return nil }},
	{"explain", "", nil, "print the query and its plan, run nothing",
		func(o *options, _ string) error { o.explain = true; return nil }},
	{"no-header", "", nil, "leave out the line of column names",
		func(o *options, _ string) error { o.noHeader = true; return nil }},
	{"csv-safe", "", nil, "csv, tsv: put ' before text that a spreadsheet would take for a formula",
		func(o *options, _ string) error { o.csvSafe = true; return nil }},
	{"color", "WHEN", colorWords, "colours in tables; auto is on a terminal, unless NO_COLOR is set",
		func(o *options, v string) error { o.color = v; return nil }},
	{"width", "N", nil, "fit tables into N columns; 0 is no limit", setWidth},
	{"timeout", "D", nil, "stop after this time (500ms, 10s) and print what was found", setTimeout},
	{"memory", "SIZE", nil, "how much a query may keep in memory (64MB, 2GiB), else it fails; a quarter of what is " +
		"there",
		setMemory},
	{"strict", "", nil, "a partial answer, one with a warning, is a failure (status 3)",
		func(o *options, _ string) error { o.strict = true; return nil }},
	{"expect", "WHAT", expectWords, "an answer that is otherwise is a failure (status 4), its rows are printed",
		func(o *options, v string) error { o.expect = v; return nil }},
	{"interval", "D", nil, "how often a watch asks that names no interval", setInterval},
	{"columns", "T=A,B", nil, "the columns of table T that are shown where the query chooses none", addColumns},
	{"pager", "COMMAND", nil, "what long answers at the prompt go through; none for no pager",
		func(o *options, v string) error { o.pager = v; return nil }},
	{"no-config", "", nil, "read no settings and no named queries (docs/settings.md)",
		func(o *options, _ string) error { o.noConfig = true; return nil }},
	{"redact", "", nil, "record, report: put pseudonyms in place of addresses, names and paths",
		func(o *options, _ string) error { o.redact = true; return nil }},
	{"query", "Q", nil, "diff: compare the rows of a query, not those of all tables",
		func(o *options, v string) error { o.query = v; return nil }},
	{"counters", "", nil, "diff: counters, queues and timers count as changes, too",
		func(o *options, _ string) error { o.counters = true; return nil }},
	{"all", "", nil, "diff: what asking makes and what changes by itself count as changes, too",
		func(o *options, _ string) error { o.all = true; return nil }},
	{"since", fileArgument, nil, "report: show what has changed since a capture",
		func(o *options, v string) error { o.since = v; return nil }},
	{"help", "", nil, "print this", func(o *options, _ string) error { o.help = true; return nil }},
	{"version", "", nil, "print the version", func(o *options, _ string) error { o.version = true; return nil }},
}

func colorWords() []string { return []string{"auto", "always", "never"} }

// fileArgument is the argument of flags that completion completes with the names of files.
const fileArgument = "FILE"

// limited is the context with the time limit of --timeout.
func (o *options) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if o.timeout > 0 {
		return context.WithTimeout(ctx, o.timeout)
	}
	return context.WithCancel(ctx)
}

// checkCSVSafe is a usage error where --csv-safe is given with a format that it does nothing for.
func (o *options) checkCSVSafe() error {
	if o.csvSafe && o.format != "csv" && o.format != "tsv" && !o.help && !o.version {
		return usagef("--csv-safe goes with --format csv or tsv")
	}
	return nil
}

// usageError says what is wrong with a command line or a line of the prompt, and what to do; hint may be "".
type usageError struct{ message, hint string }

func (e *usageError) Error() string { return e.message }

// withHint sets the hint, and gives the error back.
func (e *usageError) withHint(format string, args ...any) *usageError {
	e.hint = fmt.Sprintf(format, args...)
	return e
}

// usagef is a usage error without a hint.
func usagef(format string, args ...any) *usageError {
	return &usageError{message: fmt.Sprintf(format, args...)}
}

// parseArguments splits the arguments of the command line into flags and words.
func parseArguments(args []string) (options, []string, error) {
	return options{format: render.Auto, color: "auto", width: -1, abreast: defaultAbreast,
		hostTimeout: defaultHostTimeout}.with(args)
}

// with is the options with the long flags among the arguments set, and the other arguments: the words of a query, a
// command or netstat, whose flags have a single dash. Long flags may stand anywhere before "--".
func (o options) with(args []string) (options, []string, error) {
	var words []string
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		var err error
		switch {
		case arg == "--":
			return o, append(words, args...), nil
		case leadsWithComment(arg):
			words = append(words, arg)
		case strings.HasPrefix(arg, "--"):
			if name, _, _ := strings.Cut(arg[2:], "="); o.takesLong(words, name) != nil {
				words = append(words, arg)
				continue
			}
			args, err = o.parseFlag(arg[2:], args)
		case isOutput(arg, words, args):
			args, err = o.parseOutput(strings.TrimPrefix(arg[2:], "="), args)
		default:
			words = append(words, arg)
		}
		if err != nil {
			return o, nil, err
		}
	}
	return o, words, nil
}

// leadsWithComment says whether an argument is a query behind a comment of SQL, and no flag.
func leadsWithComment(arg string) bool {
	comment, found := strings.CutPrefix(arg, "--")
	name, _, _ := strings.Cut(comment, "=")
	_, known := findFlag(name)
	return found && !known && (strings.HasPrefix(comment, " ") || strings.Contains(comment, "\n"))
}

// parseFlag sets one flag. text is "name" or "name=value"; without "=" the value of a flag that takes one is the first
// of rest. It gives the arguments behind the flag.
func (o *options) parseFlag(text string, rest []string) ([]string, error) {
	name, value, inline := strings.Cut(text, "=")
	if name == "output" { // as kubectl and others have it
		name = "format"
	}
	f, known := findFlag(name)
	if !known && !inline && isFormatFlag(name) {
		return o.parseFlag("format="+name, rest)
	}
	if !known {
		return nil, unknownFlag(name)
	}
	name = f.name
	switch {
	case f.argument == "" && inline:
		return nil, usagef("--%s takes no argument", name)
	case f.argument != "" && !inline && len(rest) == 0:
		return nil, usagef("--%s needs an argument", name).withHint("%s", f.usage())
	case f.argument != "" && !inline:
		value, rest = rest[0], rest[1:]
	}
	// A shell variable that is not set makes such an argument: it must not pass for a flag that was not given.
	if f.argument != "" && value == "" {
		return nil, usagef("the argument of --%s is empty", name).withHint("%s", f.usage())
	}
	if f.values != nil && !slices.Contains(f.values(), value) {
		return nil, usagef("--%s cannot be %q", name, value).withHint("%s", oneOf(value, f.values()))
	}
	o.given = append(o.given, name)
	return rest, f.set(o, value)
}

// isFormatFlag says whether --NAME means --format NAME, as in psql and other programs. A record is more than a format.
func isFormatFlag(name string) bool {
	isNamed := func(f render.Format) bool { return f.Name == name }
	return name != render.Expanded && slices.ContainsFunc(render.Formats, isNamed)
}

// isOutput says whether an argument is kubectl's -o FORMAT: behind a query, and before one if a word follows, because
// netstat has a flag -o, too, which only a number may follow. words are those before it, rest what follows.
func isOutput(arg string, words, rest []string) bool {
	if len(words) == 0 {
		format, inline := strings.CutPrefix(arg, "-o=")
		return arg == "-o" && len(rest) > 0 && isLetters(rest[0]) || arg == "-ojson" ||
			inline && isLetters(format)
	}
	return strings.HasPrefix(arg, "-o") && programNamed(words[0]) == nil && !isFlags(words)
}

func isLetters(word string) bool {
	return word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == ""
}

// formatBehindO is the format in kubectl's -o FORMAT among another program's flags; "" where there is none.
func formatBehindO(words []string) string {
	for i, word := range words {
		if i > 0 && words[i-1] == "-o" && slices.Contains(render.Names(), word) {
			return word
		}
	}
	return ""
}

// parseOutput reads -o FORMAT; text is what follows -o in the same argument.
func (o *options) parseOutput(text string, rest []string) ([]string, error) {
	if text == "" && len(rest) == 0 {
		return nil, usagef("-o needs an argument").withHint("--format F; it is one of %s",
			strings.Join(render.Names(), ", "))
	}
	if text == "" {
		text, rest = rest[0], rest[1:]
	}
	return o.parseFlag("format="+text, rest)
}

// findFlag finds a flag by its name. Colour may be spelt so.
func findFlag(name string) (flag, bool) {
	if name == "colour" {
		name = "color"
	}
	i := slices.IndexFunc(flags, func(f flag) bool { return f.name == name })
	if i < 0 {
		return flag{}, false
	}
	return flags[i], true
}

// usage is the flag as --help shows it.
func (f flag) usage() string {
	if f.argument == "" {
		return "--" + f.name
	}
	return "--" + f.name + " " + f.argument
}

// unknownFlag is the error of a flag that does not exist, with the one that may have been meant.
func unknownFlag(name string) error {
	names := make([]string, len(flags))
	for i, f := range flags {
		names[i] = f.name
	}
	hint := "netql --help lists the flags"
	if p := firstProgram(func(p program) bool { return p.hasLong(name) }); p != nil {
		hint = p.name + "'s --" + name + " is known behind the word " + p.name + ": netql " + p.name + " --" + name
	} else if nearest := syntax.Nearest(name, names); nearest != "" {
		hint = "did you mean --" + nearest + "?"
	}
	return usagef("unknown flag --%s", name).withHint("%s", hint)
}

// oneOf is the hint for a word that is none of the words: the nearest of them, else all.
func oneOf(word string, words []string) string {
	if nearest := syntax.Nearest(word, words); nearest != "" {
		return "did you mean " + nearest + "?"
	}
	return "it is one of " + strings.Join(words, ", ")
}
