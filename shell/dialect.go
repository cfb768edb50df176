package shell

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"netql/shell/netstat"
	"netql/shell/ss"
)

// program is another program whose command line netql takes. Its name is the first word of netql's command line or of
// a line of the prompt, or the name of a link to netql.
type program struct {
	name     string
	own      string                 // the dialect that its name means: that of the system's own program
	dialects func() []string        // the values of --dialect that are its
	hasLong  func(name string) bool // whether it has a long flag of this name, without the dashes
}

// programs are all of them. Flags without a name before them are the first one's, unless a dialect says otherwise.
var programs = []program{
	{netstatName, "linux", netstat.Names, netstat.HasLong},
	{ss.Name, ss.Name, func() []string { return []string{ss.Name} }, ss.HasLong},
}

// answers are what answers the words behind a program's name, read as a dialect's, and gives the status.
func answers() map[string]func(s *session, dialect string, words []string) int {
	return map[string]func(*session, string, []string) int{
		netstatName: (*session).netstat,
		ss.Name:     (*session).ss,
	}
}

// findsOut is the dialect of flags whose program and system are found out by the flags themselves.
const findsOut = "auto"

// dialectVariable is the environment's variable that says what --dialect would.
const dialectVariable = "NETQL_DIALECT"

// dialectNames are the values of --dialect.
func dialectNames() []string {
	names := []string{findsOut}
	for _, p := range programs {
		names = append(names, p.dialects()...)
	}
	return names
}

// calledAs are the arguments behind the program's name. A link by the name of another program is netql with that word.
func calledAs(args []string) []string {
	if name := filepath.Base(args[0]); programNamed(name) != nil {
		return append([]string{name}, args[1:]...)
	}
	return args[1:]
}

// programNamed is the program of this name; nil where there is none.
func programNamed(name string) *program {
	return firstProgram(func(p program) bool { return p.name == name })
}

func firstProgram(is func(program) bool) *program {
	if i := slices.IndexFunc(programs, is); i >= 0 {
		return &programs[i]
	}
	return nil
}

// programOf is the program whose command line the words are: that which they name, else that of the dialect; nil for a
// query or a command.
func (o *options) programOf(words []string) *program {
	if p := programNamed(firstOf(words)); p != nil {
		return p
	}
	if p := programNamed(o.dialect); p != nil && o.dialectGiven() && len(words) > 0 {
		return p // whose words need no dashes: filters
	}
	if !isFlags(words) {
		return nil
	}
	return o.programOfDialect()
}

// programOfDialect is the program whose dialect is named; the first where none is.
func (o *options) programOfDialect() *program {
	dialect, _ := o.namedDialect()
	p := firstProgram(func(p program) bool { return slices.Contains(p.dialects(), dialect) })
	if p == nil {
		p = &programs[0]
	}
	return p
}

// takesLong is the program whose long flag this is, behind these words; nil where it is netql's own, or nobody's.
// Behind a program's name, or a dialect's, all that netql does not know is for the program to judge; behind flags
// alone what the program knows.
func (o *options) takesLong(words []string, name string) *program {
	p := programNamed(firstOf(words))
	if p == nil && o.dialectGiven() {
		p = programNamed(o.dialect)
		if p == nil && (len(words) == 0 || isFlags(words)) {
			p = o.programOfDialect()
		}
	}
	if p != nil && (p.hasLong(name) || !isFlag(name)) {
		return p
	}
	if p = o.programOfDialect(); isFlags(words) && p.hasLong(name) && !isFlag(name) {
		return p
	}
	return nil
}

// isFlag says whether netql has a long flag of this name.
func isFlag(name string) bool {
	return isFormatFlag(name) || slices.ContainsFunc(flags, func(f flag) bool { return f.name == name })
}

func firstOf(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// isFlags says whether the words are flags without a program's name before them: -tan, as on DOS /ano, or a number,
// which is an interval.
func isFlags(words []string) bool {
	first := firstOf(words)
	if slash, ok := strings.CutPrefix(first, "/"); ok {
		return slash != "" && strings.Trim(strings.ToLower(slash), "abcdefghijklmnopqrstuvwxyz?") == ""
	}
	return len(first) > 1 && first[0] == '-' || first != "" && strings.Trim(first, "0123456789") == ""
}

// namedDialect is the dialect that --dialect names, else NETQL_DIALECT, else a setting; "" where none does.
func (o *options) namedDialect() (string, error) {
	if o.dialectGiven() {
		return o.dialect, nil
	}
	value := os.Getenv(dialectVariable)
	if value != "" && !slices.Contains(dialectNames(), value) {
		return "", usagef("the variable %s cannot be %q", dialectVariable, value).
			withHint("%s", oneOf(value, dialectNames()))
	}
	return cmp.Or(value, o.dialect), nil
}

// dialectGiven says whether the dialect is that of the flag, and not of a setting.
func (o *options) dialectGiven() bool { return o.dialect != "" && !slices.Contains(o.set, "dialect") }

// dialectOf is the dialect of the program's flags: that which is named, else, behind the program's name, its own; flags
// alone tell it themselves. A dialect of another program is an error in --dialect, and says nothing elsewhere.
func (o *options) dialectOf(p *program, words []string) (string, error) {
	dialect, err := o.namedDialect()
	switch known := dialect == findsOut || slices.Contains(p.dialects(), dialect); {
	case err != nil:
		return "", err
	case o.dialectGiven() && !known:
		return "", usagef("--dialect %s is no dialect of %s", o.dialect, p.name).
			withHint("its are %s", strings.Join(p.dialects(), ", "))
	case dialect != "" && known:
		return dialect, nil
	case firstOf(words) == p.name:
		return p.own, nil
	}
	return findsOut, nil
}

// runProgram answers a command line of the program's, and gives the status.
func (s *session) runProgram(p *program, words []string) int {
	dialect, err := s.options.dialectOf(p, words)
	if err != nil {
		return s.usageFailure("", err)
	}
	for _, name := range s.options.given {
		if err := flagOfCommand(name, ""); err != nil {
			return s.usageFailure("", err)
		}
	}
	if format := formatBehindO(words); format != "" {
		return s.usageFailure("", usagef("-o is a flag of %s, and takes no format", p.name).
			withHint("--format %s", format))
	}
	if firstOf(words) == p.name {
		words = words[1:]
	}
	s.options.forgetSetFormat()
	return answers()[p.name](s, dialect, words)
}
