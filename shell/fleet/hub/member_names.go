package hub

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"netql/shell/fleet/subject"
	"netql/shell/remote"
)

// memberNames are the names of the command line, each once.
func (c *command) memberNames() ([]string, error) {
	names, err := namesOf(c.words)
	if err == nil && len(names) > 1 && c.out != "" && !c.intoDirectory() {
		err = fmt.Errorf("--out takes the credentials of one name; a directory (%s/) takes those of all; %w",
			strings.TrimSuffix(c.out, "-"), errUsage)
	}
	return names, err
}

// namesOf are the names that words are, or files of names (@FILE). Each is checked, before anything is done.
func namesOf(words []string) (names []string, err error) {
	for _, word := range words {
		if !strings.HasPrefix(word, "@") {
			names = append(names, word)
			continue
		}
		listed, err := remote.ParseList(word, readFile)
		if err != nil {
			return nil, err
		}
		for _, name := range listed {
			names = append(names, string(name))
		}
	}
	seen := map[string]bool{}
	for _, name := range names {
		if err := subject.CheckName(name); err != nil {
			return nil, err
		}
		seen[name] = true
	}
	return slices.DeleteFunc(names, func(name string) bool {
		first := seen[name]
		seen[name] = false
		return !first
	}), nil
}

func readFile(path string) (string, error) {
	text, err := os.ReadFile(path)
	return string(text), err
}
