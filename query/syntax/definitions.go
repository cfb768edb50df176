package syntax

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Definitions are the named queries that queries may begin with. They are read when they are first asked for. Several
// goroutines may use them.
type Definitions struct {
	Language Language
	Interval time.Duration // as in Settings
	// Load gives the sources: those that are for all users first.
	Load func() []*Source
	// Taken says what else has this name, such as "a table"; "" for nothing. Such a name cannot be that of a query.
	Taken func(name string) string

	lock     sync.Mutex
	loaded   bool
	sources  []*Source
	list     []*Definition
	problems []*Error // of what belongs to no definition
}

// Find is the named query of this name, in any case; nil where there is none.
func (d *Definitions) Find(name string) *Definition {
	if d == nil {
		return nil
	}
	d.read()
	return d.find(name)
}

// All are the named queries, by name. Some may have a Problem.
func (d *Definitions) All() []*Definition {
	if d == nil {
		return nil
	}
	d.read()
	all := slices.Clone(d.list)
	slices.SortFunc(all, func(a, b *Definition) int {
		return strings.Compare(strings.ToLower(a.Name.Name), strings.ToLower(b.Name.Name))
	})
	return all
}

// Names are the names of the named queries that can be used.
func (d *Definitions) Names() (names []string) {
	for _, definition := range d.All() {
		if definition.problem == nil {
			names = append(names, definition.Name.Name)
		}
	}
	return names
}

// Loaded says whether the sources have been read, because a query needed them.
func (d *Definitions) Loaded() bool {
	if d == nil {
		return false
	}
	d.lock.Lock()
	defer d.lock.Unlock()
	return d.loaded
}

// Problems are all that is wrong in the sources.
func (d *Definitions) Problems() []*Error {
	if d == nil {
		return nil
	}
	d.read()
	all := slices.Clone(d.problems)
	for _, definition := range d.list {
		if definition.problem != nil && len(definition.problem.uses) == 0 { // else it is another's
			all = append(all, definition.problem)
		}
	}
	return all
}

// Forget has the sources read again when they are next asked for.
func (d *Definitions) Forget() {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.loaded = false
}

// read reads the sources, if they have not been.
func (d *Definitions) read() {
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.loaded {
		return
	}
	d.loaded, d.sources, d.list, d.problems = true, d.Load(), nil, nil
	var found []*Definition
	for i, source := range d.sources {
		source.base = (i + 1) * sourceSpan
		found = append(found, d.headers(source)...)
	}
	d.choose(found)
	for _, definition := range d.list {
		d.body(definition)
	}
}

// headers reads the heads of all definitions in a source. One that is wrong does not spoil the others: each begins with
// a line that begins with def, and ends before the next.
func (d *Definitions) headers(source *Source) (found []*Definition) {
	for _, part := range parts(source.Text) {
		definition := &Definition{source: source, text: part.text, base: source.base + part.start, Doc: part.doc}
		err := d.head(definition)
		taken := ""
		if d.Taken != nil {
			taken = d.Taken(definition.Name.Name)
		}
		if err == nil && taken != "" {
			err = Errorf(definition.Name.Range, "%s is %s", definition.Name.Name, taken).
				WithHint("give the named query another name")
		}
		if err != nil {
			definition.problem = d.locate(err)
		}
		if taken != "" || definition.Name.Name == "" { // nobody can name it
			d.problems = append(d.problems, definition.problem)
			continue
		}
		found = append(found, definition)
	}
	return found
}

// maxDefinitions is how many named queries there may be; far more than anybody remembers.
const maxDefinitions = 1000

// choose keeps one definition of each name: of one for all users and the user's own that of the user. Two in files of
// one kind are a problem, since nobody can tell which was meant.
func (d *Definitions) choose(found []*Definition) {
	if len(found) > maxDefinitions {
		first := found[maxDefinitions]
		found = found[:maxDefinitions]
		d.problems = append(d.problems, d.locate(Errorf(first.Name.Range,
			"there are more than %d named queries: this one and those behind it are left out", maxDefinitions).
			WithHint("a parameter makes one of several")))
	}
	for _, definition := range found {
		i := slices.IndexFunc(d.list, func(other *Definition) bool {
			return strings.EqualFold(other.Name.Name, definition.Name.Name)
		})
		switch {
		case i < 0:
			d.list = append(d.list, definition)
		case d.list[i].source.Shared && !definition.source.Shared:
			d.list[i] = definition
		default:
			file, line := d.list[i].Place()
			d.list[i].problem = d.locate(Errorf(definition.Name.Range, "there are two queries named %s",
				definition.Name).
				WithHint("the other one is in %s:%d; give one of them another name", file, line))
		}
	}
}

// find is Find for who has read the sources.
func (d *Definitions) find(name string) *Definition {
	for _, definition := range d.list {
		if strings.EqualFold(definition.Name.Name, name) {
			return definition
		}
	}
	return nil
}

// head reads what stands before the body.
func (d *Definitions) head(definition *Definition) *Error {
	tokens, err := tokenize(definition.text)
	if err != nil {
		err.Range = err.Range.shifted(definition.base)
		if beginsDefinition(definition.text) {
			definition.Name.Name = definedName(definition.text)
		}
		return err
	}
	for i := range tokens {
		tokens[i].Range = tokens[i].Range.shifted(definition.base)
	}
	p := &Parser{language: d.Language, text: definition.text, base: definition.base, tokens: tokens}
	if !p.peek(0).IsWord("def") {
		return Errorf(p.peek(0).Range, "expected def").
			WithHint("for example: def slow(limit = 5ms) = sockets rtt > $limit")
	}
	definition.parser = p
	return p.header(definition)
}

// body parses the query of a definition, and those of the definitions that it uses, before it.
func (d *Definitions) body(definition *Definition) {
	p := definition.parser
	if p == nil || definition.problem != nil {
		return
	}
	definition.parser, definition.reading = nil, true
	p.declared = definition
	p.settings = Settings{Interval: d.Interval, Definition: func(name string) *Definition {
		used := d.find(name)
		if used != nil && !used.reading {
			d.body(used)
		}
		return used
	}}
	var err *Error
	if definition.Query, err = p.query(); err != nil {
		definition.problem = d.locate(p.located(err))
	}
	definition.reading = false
}

// locate lets an error tell in which source it is. A file is not mended for anybody, so that the edit becomes a hint.
func (d *Definitions) locate(err *Error) *Error {
	if err.Hint == "" && err.Fix != nil {
		err.Hint = "leave it out"
		if text := strings.TrimSpace(err.Fix.Text); text != "" {
			err.Hint = "in its place: " + text
		}
	}
	err.sources, err.Incomplete = d.sources, false
	return err
}
