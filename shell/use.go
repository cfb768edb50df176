package shell

import (
	"slices"
	"strings"

	"netql/query/schema"
	"netql/shell/complete"
	"netql/sources"
)

// useWord is the word "use" of the prompt: use live, use netns X, use hosts A,B, or use FILE.
func (s *session) useWord(argument string) int {
	var err error
	list, hosts := cutWord(argument, "hosts")
	switch target, namespace := cutWord(argument, "netns"); {
	case hosts && list == "":
		err = usagef("use which hosts?").withHint("use hosts web1,web2, or use hosts @FILE")
	case argument == "", namespace && target == "":
		err = usagef("use what?").
			withHint("use live, use netns X, use hosts A,B or @FILE, or use FILE with the name of a capture")
	case hosts:
		err = s.useRemote(commaList(list), s.options)
	case argument == "live":
		s.use(sources.Live())
	case namespace && s.remote != nil:
		err = usagef("hosts are asked, and use netns is of this machine").
			withHint("use live before; that of each host: netql --hosts LIST --netns %s", target)
	case namespace:
		err = s.useNamespace(target)
	default:
		if err = s.useCapture(filePath(argument), s.options); err != nil {
			err = s.useInstead(argument, err)
		}
	}
	if isUnheard(err) {
		return s.failure(err)
	}
	if err != nil {
		return s.usageFailure("", err)
	}
	return s.print(s.targetSentence() + "\n")
}

// commaList is a list with commas between what has blanks or commas between it.
func commaList(list string) string {
	parts := strings.Split(list, ",")
	for i, part := range parts {
		parts[i] = strings.Join(strings.Fields(part), ",")
	}
	return strings.Join(parts, ",")
}

// filePath is the path of a file that is all of an argument, in double quotes or not.
func filePath(argument string) string {
	if value, rest, quoted := complete.CutArgument(argument); quoted && rest == "" && argument[0] == '"' {
		return expandHome(value)
	}
	return expandHome(argument)
}

// useInstead is the error of a word that names no capture, with what it names.
func (s *session) useInstead(word string, err error) error {
	named, _ := sources.Live().NamedNamespaces() // of those that can be read
	if slices.ContainsFunc(named, func(n sources.Namespace) bool { return n.Name == word }) {
		return usagef("%v", err).withHint("use netns %s", word)
	}
	if _, isTable := s.catalog.Table(word); isTable {
		return usagef("%v", err).withHint("use chooses the system; a table is asked by its name: %s", word)
	}
	return err
}

// cutWord is a line without its first word; false if that is not the given word.
func cutWord(line, word string) (argument string, ok bool) {
	first, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	return strings.TrimSpace(rest), strings.EqualFold(first, word)
}

// useChoices are the words that may follow use, beside the names of files.
func useChoices() []complete.Candidate {
	return []complete.Candidate{
		{Text: "live", Doc: "the running system", Kind: complete.Keyword},
		{Text: "hosts", Doc: "hosts by ssh: web1,web2 or @FILE", Kind: complete.Keyword, End: " "},
		{Text: "netns", Doc: "another network namespace, or all", Kind: complete.Keyword, End: " "},
	}
}

// namedChoices are what may follow use hosts and use netns.
func namedChoices(before, typed string) (candidates []complete.Candidate) {
	switch strings.ToLower(before) {
	case "netns":
		return namespaceChoices()
	case "hosts":
		for _, list := range continuedHosts(typed) {
			candidates = append(candidates, complete.Candidate{Text: list, Kind: complete.Value})
		}
	}
	return candidates
}

// namespaceChoices are the names that ip netns has given to namespaces, and those of containers that run, without those
// that cannot be typed, and "all".
func namespaceChoices() (candidates []complete.Candidate) {
	named, _ := sources.Live().NamedNamespaces() // candidates, of those that can be read
	known := map[string]bool{allNamespaces: true}
	add := func(name, doc string) {
		if schema.Visible(name) == name && !strings.Contains(name, " ") && !known[name] {
			known[name] = true
			candidates = append(candidates, complete.Candidate{Text: name, Doc: doc, Kind: complete.Value})
		}
	}
	for _, n := range named {
		add(n.Name, "")
	}
	for _, name := range sources.Live().ContainerNames() {
		add(name, "a container, or its pod")
	}
	return append(candidates, complete.Candidate{Text: allNamespaces, Doc: "all of them", Kind: complete.Keyword})
}
