package remote

import (
	"fmt"
	"strings"
	"unicode"
)

// Address is a host as a person has named it: by a name, an address, or USER@ and one of them.
type Address string

// ListError says what is wrong in a list of hosts, and where.
type ListError struct{ Place, Message, Hint string }

func (e *ListError) Error() string { return e.Place + e.Message }

// ParseList reads a list of hosts with commas between them. A word that begins with @ is a file, which read gives: it
// has a host a line, or several with commas between them; what is behind # is a comment. A host that is named again is
// left out.
func ParseList(text string, read func(file string) (string, error)) ([]Address, error) {
	l := list{known: map[Address]bool{}}
	for word := range strings.SplitSeq(text, ",") {
		word = strings.TrimSpace(word)
		file, isFile := strings.CutPrefix(word, "@")
		if !isFile {
			if err := l.add("", word); err != nil {
				return nil, err
			}
			continue
		}
		content, err := read(file)
		if err != nil {
			return nil, err
		}
		if err := l.lines(file, content); err != nil {
			return nil, err
		}
	}
	if len(l.hosts) == 0 {
		return nil, &ListError{Message: "no host is named", Hint: "for example: --hosts web1,web2,root@db1 or @FILE"}
	}
	return l.hosts, nil
}

// list is hosts, each once.
type list struct {
	hosts []Address
	known map[Address]bool
}

// lines adds the hosts in a file.
func (l *list) lines(file, content string) error {
	number := 0
	for line := range strings.Lines(content) {
		number++
		line, _, _ = strings.Cut(line, "#")
		for word := range strings.SplitSeq(line, ",") {
			if word = strings.TrimSpace(word); word == "" {
				continue
			}
			if err := l.add(fmt.Sprintf("%s, line %d: ", file, number), word); err != nil {
				return err
			}
		}
	}
	return nil
}

// add adds a host. A name that a program could take for a flag, or for several words, is refused.
func (l *list) add(place, word string) error {
	if message, hint := wrongName(word); message != "" {
		return &ListError{place, message, hint}
	}
	if a := Address(word); !l.known[a] {
		l.known[a] = true
		l.hosts = append(l.hosts, a)
	}
	return nil
}

// longestName is how many bytes the name of a host may have: a name of DNS has 253 at most.
const longestName = 400

// wrongName says why a word cannot be a host; "" where it can.
func wrongName(word string) (message, hint string) {
	_, name, found := strings.Cut(word, "@")
	if !found {
		name = word
	}
	unfit := func(r rune) bool { return r <= ' ' || r == unicode.ReplacementChar || !unicode.IsPrint(r) }
	switch {
	case strings.HasPrefix(word, "@") && name != "":
		return fmt.Sprintf("%q is no host, and a file of hosts names no other file", word),
			"files have commas between them: @FILE,@FILE"
	case word == "", name == "":
		return fmt.Sprintf("the name of a host is empty: %q", word), "hosts have commas between them: web1,web2"
	case strings.HasPrefix(word, "-"), strings.HasPrefix(name, "-"):
		return fmt.Sprintf("%q is no host: it begins with -, as a flag does", word),
			"options of ssh are for its config, or --via: --via 'ssh -p 2222 {} netql answer'"
	case strings.ContainsFunc(word, unfit):
		return fmt.Sprintf("%q is no host: it has a blank or a character that cannot be seen", word),
			"hosts have commas between them, or stand on lines of their own in a file"
	case len(word) > longestName:
		return fmt.Sprintf("%.40q ... is no host: it has more than %d bytes", word, longestName), ""
	}
	return "", ""
}

// Names are what the column host shows for hosts: their names without a user, where that tells them apart.
func Names(hosts []Address) []string {
	holders := map[string]int{}
	short := func(a Address) string { return string(a)[strings.LastIndexByte(string(a), '@')+1:] }
	for _, a := range hosts {
		holders[short(a)]++
	}
	names := make([]string, len(hosts))
	for i, a := range hosts {
		if names[i] = short(a); holders[names[i]] > 1 {
			names[i] = string(a)
		}
	}
	return names
}
