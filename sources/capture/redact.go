package capture

import (
	"io/fs"

	"netql/sources/owners"
)

// Redact replaces addresses, names and paths in what has been recorded by pseudonyms. Messages, attributes and files
// without a rule are left out. From then on the Recorder's System replays the redacted facts, and records no more.
func (r *Recorder) Redact() error {
	p, err := newPseudonyms()
	if err != nil {
		return err
	}
	r.identity() // which the manifest wants
	r.facts = newRedactor(p, genericFamilies(r.facts)).facts(r.facts)
	r.redacted = true
	r.system = (&Capture{name: r.system.Name, facts: r.facts}).System()
	return nil
}

// A redactor makes redacted copies of facts.
type redactor struct {
	*pseudonyms
	families   map[string]uint16 // the numbers of generic netlink's families, by name
	interfaces map[string]bool   // the names of interfaces, which are kept
	plain      map[string]bool   // names of files in control groups, which are the kernel's
	files      []fileRule
	patterns   patterns
}

func newRedactor(p *pseudonyms, families map[string]uint16) *redactor {
	return &redactor{pseudonyms: p, families: families, files: fileRules(), patterns: newPatterns()}
}

func (r *redactor) facts(f *facts) *facts {
	redacted := newFacts()
	r.interfaces = interfaceNames(f)
	for _, a := range f.answers {
		if a = r.answer(a); a != nil {
			redacted.answers = append(redacted.answers, a)
		}
	}
	r.plain = plainFiles(f.files)
	for name, facts := range f.files {
		redacted.files[r.filePath(name)] = r.file(name, facts)
	}
	redacted.owners = r.owners(f.owners)
	redacted.devices = r.devices(f.devices)
	return redacted
}

// failure keeps what callers test an error for, and replaces its text, which may hold a name.
func (r *redactor) failure(f *failure) *failure {
	if f == nil {
		return nil
	}
	text := "an error whose text is redacted"
	switch {
	case f.errno != 0:
		text = f.errno.Error()
	case f.cause != 0:
		text = causes()[f.cause].Error()
	}
	return &failure{text, f.errno, f.cause}
}

func (r *redactor) owners(f *ownersFact) *ownersFact {
	redacted := &ownersFact{asked: f.asked, failure: r.failure(f.failure)}
	if f.table == nil {
		return redacted
	}
	var all []owners.SocketOwner
	for held := range f.table.All() {
		held.Process = r.name(processKind, held.Process)
		all = append(all, held)
	}
	processes := f.table.Processes()
	for i := range processes {
		processes[i].Name = r.name(processKind, processes[i].Name)
	}
	redacted.table = owners.NewTable(all, processes...)
	redacted.table.Unreadable = f.table.Unreadable
	redacted.table.Complete, redacted.table.Hidden = f.table.Complete, f.table.Hidden
	return redacted
}

// devices keeps the answers of drivers (names, versions, bus addresses, counters) and the names of interfaces.
func (r *redactor) devices(all devices) devices {
	redacted := devices{}
	for name, f := range all {
		copied := &deviceFacts{}
		if f.driver != nil {
			copied.driver = &driver{f.driver.Driver, r.failure(f.driver.failure)}
		}
		if f.statistics != nil {
			copied.statistics = &statistics{f.statistics.list, r.failure(f.statistics.failure)}
		}
		redacted[name] = copied
	}
	return redacted
}

// file redacts all that is known about a path.
func (r *redactor) file(name string, f *fileFacts) *fileFacts {
	redacted := &fileFacts{}
	if c := f.content; c != nil {
		redacted.content = r.content(name, c)
	}
	if l := f.listing; l != nil {
		redacted.listing = &listing{failure: r.failure(l.failure)}
		for _, e := range l.entries {
			e.Name = r.entryName(name, e.Name)
			redacted.listing.entries = append(redacted.listing.entries, e)
		}
	}
	if l := f.link; l != nil {
		redacted.link = &link{r.target(name, l.target), r.failure(l.failure)}
	}
	redacted.stat = r.stat(f.stat)
	return redacted
}

func (r *redactor) stat(s *stat) *stat {
	if s == nil {
		return nil
	}
	redacted := *s
	redacted.failure = r.failure(s.failure)
	return &redacted
}

func (r *redactor) content(name string, c *content) *content {
	redacted := &content{opened: c.opened, failure: r.failure(c.failure)}
	if !c.opened {
		return redacted
	}
	rule := r.fileRule(name)
	if rule == nil {
		return &content{failure: failureOf(&fs.PathError{Op: "open", Path: r.filePath(name), Err: errRedacted})}
	}
	redacted.data = rule(r, c.data)
	return redacted
}
