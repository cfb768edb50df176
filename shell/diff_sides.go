package shell

import (
	"netql/query"
	"netql/sources"
	"netql/sources/capture"
	"netql/tables"
)

// side is one of the two that diff compares.
type side struct {
	name     string
	system   *sources.System    // nil for several hosts
	hosts    []tables.Host      // nil for one system
	captures []capture.Manifest // of all captures in it; nil for a running system
}

// host is the name of the host that it is of; "" for several, where it is unknown, and for a pseudonym.
func (d side) host() string {
	switch {
	case d.hosts != nil:
		return ""
	case d.captures == nil:
		return fileLine(d.system.Files, "/proc/sys/kernel/hostname")
	case d.captures[0].Redacted:
		return ""
	}
	return d.captures[0].Host
}

// ask is the state of a query to it.
func (d side) ask() query.State {
	if d.hosts != nil {
		return tables.AskHosts(d.hosts)
	}
	return tables.Ask(d.system)
}

// sides are what the words of diff name, and the target where there is one word: two systems, or the hosts of two sets
// of captures.
func (s *session) sides(words []string) (sides []side, err error) {
	for _, word := range words {
		side, err := s.sideOf(word)
		if err != nil {
			return nil, err
		}
		sides = append(sides, side)
	}
	if len(words) == 1 {
		target, err := s.targetSide()
		if err != nil {
			return nil, err
		}
		sides = append(sides, target)
	}
	if (sides[0].hosts == nil) == (sides[1].hosts == nil) {
		return sides, nil
	}
	for i := range sides {
		if sides[i], err = sides[i].asHosts(); err != nil {
			return nil, err
		}
	}
	return sides, nil
}

// sideOf is a mark, a capture, or several captures.
func (s *session) sideOf(word string) (side, error) {
	if s.marks.find(word) == nil {
		files, several, err := captureFiles(word)
		if err != nil {
			return side{}, err
		}
		if several {
			all, err := s.options.openHosts(files)
			if err != nil {
				return side{}, err
			}
			return side{name: word, hosts: all.hosts, captures: all.manifests}, nil
		}
	}
	c, err := s.opened(word)
	if err != nil {
		return side{}, err
	}
	system := s.options.systemOf(c)
	return side{name: system.Name, system: system, captures: []capture.Manifest{c.Manifest}}, nil
}

// targetSide is what queries ask.
func (s *session) targetSide() (side, error) {
	switch {
	case s.several != nil:
		return side{name: s.several.count(), hosts: s.several.hosts, captures: s.several.manifests}, nil
	case s.system == nil:
		return side{}, s.errSeveral("a capture is compared with one network namespace")
	case s.captured != nil:
		return side{name: s.system.Name, system: s.system, captures: []capture.Manifest{s.captured.Manifest}}, nil
	}
	return side{name: s.system.Name, system: s.system}, nil
}

// asHosts makes a capture the only host of a set; a running system is none.
func (d side) asHosts() (side, error) {
	switch {
	case d.hosts != nil:
		return d, nil
	case d.captures == nil:
		return d, usagef("captures of several hosts are compared with captures, not with %s", d.name).
			withHint("netql diff A B with two directories, or with one capture of this machine")
	}
	name := hostNames([]captureFile{{path: d.name}}, d.captures)[0]
	d.hosts = []tables.Host{{Name: name, System: d.system}}
	return d, nil
}

// pseudonymsDiffer says whether the same name or address may have different pseudonyms on two sides: each redaction has
// a random key of its own.
func pseudonymsDiffer(a, b []capture.Manifest) bool {
	for i := range max(len(a), len(b)) {
		var one, other capture.Manifest
		if i < len(a) {
			one = a[i]
		}
		if i < len(b) {
			other = b[i]
		}
		if one.Redacted != other.Redacted || one.Redacted && !one.Time.Equal(other.Time) {
			return true
		}
	}
	return false
}
