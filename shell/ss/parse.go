package ss

import (
	"slices"
	"strconv"
	"strings"

	"netql/query/syntax"
	"netql/shell/netstat"
)

// hintUsage is what to do where an option is unknown.
const hintUsage = "netql ss --help lists the options"

// fill takes the words apart into options and words of a filter, as getopt_long(3) does: options may stand anywhere.
func (r *request) fill(words []string) error {
	options := Options()
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		var err error
		switch {
		case word == "--":
			r.filterWords = append(r.filterWords, words...)
			return nil
		case strings.HasPrefix(word, "--"):
			words, err = r.long(options, word[2:], words)
		case len(word) > 1 && word[0] == '-':
			words, err = r.short(options, word[1:], words)
		default:
			r.filterWords = append(r.filterWords, word)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// short asks for the options of one word. It gives the words that are left.
func (r *request) short(options []Option, group string, words []string) ([]string, error) {
	for group != "" {
		letter := group[:1]
		group = group[1:]
		i := slices.IndexFunc(options, func(o Option) bool { return o.Letter == letter })
		if letter == "v" { // ss has it beside -V
			i = slices.IndexFunc(options, func(o Option) bool { return o.Letter == "V" })
		}
		if i < 0 {
			return nil, &netstat.Error{Message: "ss has no option -" + letter, Hint: hintUsage}
		}
		o, argument := options[i], ""
		switch {
		case o.Argument == "":
		case group != "":
			argument, group = group, ""
		case len(words) == 0:
			return nil, needsArgument(o)
		default:
			argument, words = words[0], words[1:]
		}
		if err := o.ask(r, argument); err != nil {
			return nil, err
		}
	}
	return words, nil
}

func needsArgument(o Option) error {
	return &netstat.Error{Message: "ss " + o.name() + " needs an argument", Hint: o.usage() + ": " + o.Doc}
}

// long asks for an option by its long name, or the beginning of one. It gives the words that are left.
func (r *request) long(options []Option, text string, words []string) ([]string, error) {
	name, argument, inline := strings.Cut(text, "=")
	o, err := longOption(options, name)
	switch {
	case err != nil:
		return nil, err
	case o.Argument == "" && inline:
		return nil, &netstat.Error{Message: "ss --" + name + " takes no argument", Hint: o.usage() + ": " + o.Doc}
	case o.Argument != "" && !inline && len(words) == 0:
		return nil, needsArgument(o)
	case o.Argument != "" && !inline:
		argument, words = words[0], words[1:]
	}
	return words, o.ask(r, argument)
}

// longOption is the option with a long name, else the only one with a long name that begins so.
func longOption(options []Option, name string) (found Option, err error) {
	var begin []string
	for _, o := range options {
		for _, long := range o.Long {
			switch {
			case long == name:
				return o, nil
			case strings.HasPrefix(long, name):
				found, begin = o, append(begin, "--"+long)
			}
		}
	}
	switch nearest := syntax.Nearest(name, longNames(options)); {
	case len(begin) == 1:
		return found, nil
	case len(begin) > 1:
		return found, &netstat.Error{Message: "ss --" + name + " may be " + strings.Join(begin, ", "), Hint: hintUsage}
	case nearest != "":
		return found, &netstat.Error{Message: "ss has no option --" + name, Hint: "did you mean --" + nearest + "?"}
	}
	return found, &netstat.Error{Message: "ss has no option --" + name, Hint: hintUsage}
}

func longNames(options []Option) (names []string) {
	for _, o := range options {
		names = append(names, o.Long...)
	}
	return names
}

// HasLong says whether ss has a long option of exactly this name.
func HasLong(name string) bool { return slices.Contains(longNames(Options()), name) }

// addTables adds the tables of a name that -A takes, and the states that they are shown in where nothing is said.
func (r *request) addTables(name string) {
	set, _ := tablesNamed(name)
	r.tables |= set
	set.each(func(t *socketTable) { r.usual |= t.states })
	r.chosen = true
}

// addFamily adds a family by its name.
func (r *request) addFamily(name string) {
	i := slices.IndexFunc(familyNames, func(f familyName) bool { return f.name == name })
	r.families |= familyNames[i].family
	r.usual |= familyNames[i].states
	r.preferred = familyNames[i].family
	r.chosen = true
}

// takeFamily takes the argument of -f.
func (r *request) takeFamily(name string) error {
	var names []string
	for _, f := range familyNames {
		names = append(names, f.name)
	}
	switch {
	case slices.Contains(names, name):
		r.addFamily(name)
		return nil
	case name == "help":
		r.help = true
		return nil
	case slices.Contains([]string{"tipc", "vsock", "xdp"}, name):
		return &netstat.Error{Message: "ss -f " + name + " is not for netql",
			Hint: "netql has no table of " + name + " sockets"}
	}
	return &netstat.Error{Message: "ss -f cannot be " + strconv.Quote(name), Hint: nearestOf(name, names)}
}

// takeTables takes the argument of -A. The first one takes back what other options have chosen.
func (r *request) takeTables(list string) error {
	if !r.listed {
		r.tables, r.listed, r.chosen = 0, true, true
		if r.wanted == 0 {
			r.wanted = connected
		}
	}
	for name := range strings.SplitSeq(list, ",") {
		plain, excluded := strings.CutPrefix(name, "!")
		set, ok := tablesNamed(plain)
		switch unsupported := set.unsupported(); {
		case !ok:
			return &netstat.Error{Message: "ss -A cannot be " + strconv.Quote(name),
				Hint: nearestOf(plain, tableNames())}
		case excluded:
			r.tables &^= set
		case unsupported != "":
			return &netstat.Error{Message: "ss -A " + plain + " is not for netql",
				Hint: "netql has no table of " + unsupported + " sockets"}
		default:
			r.addTables(plain)
		}
	}
	return nil
}

// takeFile takes the argument of -F.
func (r *request) takeFile(name string) error {
	if r.filterFile != "" {
		return &netstat.Error{Message: "ss -F takes one file of filters, and here are " + strconv.Quote(r.filterFile) +
			" and " + strconv.Quote(name)}
	}
	r.filterFile = name
	return nil
}

// nearestOf is the hint for a word that is none of the words.
func nearestOf(word string, words []string) string {
	if nearest := syntax.Nearest(word, words); nearest != "" {
		return "did you mean " + nearest + "?"
	}
	return "it is one of " + strings.Join(words, ", ")
}
