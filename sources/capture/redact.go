package capture

import (
	"bytes"
	"io/fs"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/owners"
)

// Redact replaces addresses, names and paths in what has been recorded by pseudonyms. From then on the Recorder's
// System answers from that, and records no more. What is not known to be free of them is left out: a kind of message,
// an attribute or a file that this package has no rule for.
func (r *Recorder) Redact() error {
	p, err := newPseudonyms()
	if err != nil {
		return err
	}
	r.about() // which the manifest wants
	r.facts = (&redactor{pseudonyms: p, families: genericFamilies(r.facts)}).facts(r.facts)
	r.redacted = true
	r.system = (&Capture{name: r.system.Name, facts: r.facts}).System()
	return nil
}

// A redactor makes facts of pseudonyms.
type redactor struct {
	*pseudonyms
	families map[uint16]string // the names of generic netlink's families
	plain    map[string]bool   // names of files in control groups, which are the kernel's
}

func (r *redactor) facts(f *facts) *facts {
	redacted := newFacts()
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

// failure keeps what a caller looks for in an error. Its text may tell a name.
func (r *redactor) failure(f *failure) *failure {
	if f == nil {
		return nil
	}
	text := "an error whose text is redacted"
	switch {
	case f.errno != 0:
		text = f.errno.Error()
	case f.cause != 0:
		text = causes[f.cause].Error()
	}
	return &failure{text, f.errno, f.cause}
}

func (r *redactor) owners(f *ownersFact) *ownersFact {
	redacted := &ownersFact{asked: f.asked, failure: r.failure(f.failure)}
	if f.table == nil {
		return redacted
	}
	var all []owners.Held
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

// devices keeps what drivers say: their names, versions and counters, and the bus that a device is on. The text of an
// error has the name of an interface, which stays as well.
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

// answer redacts an answer; nil if there is no rule for all of it, so that a query says that it is missing.
func (r *redactor) answer(a *answer) *answer {
	if !r.knows(a.request) {
		return nil
	}
	redacted := &answer{request: a.request, failure: r.failure(a.failure)}
	for m, err := range a.messages() {
		if err != nil {
			break // the answer's own failure, or one of memory
		}
		data, ok := r.message(a.request, m)
		if !ok {
			return nil
		}
		redacted.add(netlink.Message{Type: m.Type, Flags: m.Flags, Data: data})
	}
	return redacted
}

// knows says whether a request tells nothing itself, and its answers can be redacted.
func (r *redactor) knows(q netlink.Request) bool {
	switch q.Protocol {
	case unix.NETLINK_ROUTE:
		return !q.Single || q.Type == unix.RTM_GETNSID // one that looks an address up tells it
	case unix.NETLINK_SOCK_DIAG, unix.NETLINK_NETFILTER:
		return !q.Single
	case unix.NETLINK_GENERIC:
		return q.Type == unix.GENL_ID_CTRL ||
			r.families[q.Type] == unix.ETHTOOL_GENL_NAME && len(q.Payload) > 0 && plainEthtool[q.Payload[0]]
	}
	return false
}

// message redacts one message.
func (r *redactor) message(q netlink.Request, m netlink.Message) ([]byte, bool) {
	if q.Protocol == unix.NETLINK_GENERIC {
		return bytes.Clone(m.Data), true
	}
	rules := rulesFor(q, m)
	if rules == nil || len(m.Data) < rules.header {
		return nil, false
	}
	header := bytes.Clone(m.Data[:rules.header])
	for _, offset := range rules.addresses {
		size := 4
		if header[0] == unix.AF_INET6 {
			size = 16
		}
		copy(header[offset:offset+16], append(r.addressBytes(header[offset:offset+size]), make([]byte, 16-size)...))
	}
	return append(header, r.attributes(m.Data[align(rules.header):], rules.attributes, header)...), true
}

// align rounds up to the four bytes on which attributes start.
func align(n int) int { return (n + 3) &^ 3 }

// attributes redacts a list of attributes. Those without a rule are left out.
func (r *redactor) attributes(list []byte, rules attributeRules, header []byte) []byte {
	var redacted []byte
	for attributes := netlink.DecodeAttributes(list); attributes.Next(); {
		rule, ok := rules[attributes.Type()]
		if !ok {
			rule, ok = rules[anyAttribute]
		}
		if !ok {
			continue
		}
		if value := rule.redact(r, attributes.Bytes(), header); value != nil {
			redacted = netlink.AppendAttribute(redacted, attributes.Type(), value)
		}
	}
	return redacted
}

// genericFamilies finds the names of generic netlink's families in the answers of its controller.
func genericFamilies(f *facts) map[uint16]string {
	const genlHeader = 4
	names := map[uint16]string{}
	for _, a := range f.answers {
		if a.request.Protocol != unix.NETLINK_GENERIC || a.request.Type != unix.GENL_ID_CTRL {
			continue
		}
		for m, err := range a.messages() {
			if err != nil || len(m.Data) < genlHeader {
				continue
			}
			var id uint16
			var name string
			for attributes := netlink.DecodeAttributes(m.Data[genlHeader:]); attributes.Next(); {
				switch attributes.Type() {
				case unix.CTRL_ATTR_FAMILY_ID:
					id = attributes.Uint16()
				case unix.CTRL_ATTR_FAMILY_NAME:
					name = attributes.String()
				}
			}
			names[id] = name
		}
	}
	return names
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
	rule := fileRule(name)
	if rule == nil {
		return &content{failure: failureOf(&fs.PathError{Op: "open", Path: r.filePath(name), Err: errRedacted})}
	}
	redacted.data = rule(r, c.data)
	return redacted
}
