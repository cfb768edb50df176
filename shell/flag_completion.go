package shell

import (
	"strings"
)

// valuesCommand is the command by which the completion scripts ask for the values of a flag that only the machine
// knows: __values FLAG TEXT. Each line of its answer is the whole text with one of them.
const valuesCommand = "__values"

// machineValues are the ways to go on with the value of a flag, for the flags that have them; nil for others.
func machineValues(flag string) func(typed string) []string {
	switch flag {
	case "netns":
		return namespaceNames
	case "hosts":
		return continuedHosts
	}
	return nil
}

// namespaceNames are the namespaces, by their names, that begin so, and "all".
func namespaceNames(typed string) (names []string) {
	for _, c := range namespaceChoices() {
		if strings.HasPrefix(c.Text, typed) {
			names = append(names, c.Text)
		}
	}
	return names
}

// completeValue writes a line for each value.
func (s *session) completeValue(words []string) int {
	if len(words) != 2 || machineValues(words[0]) == nil {
		return wrong // scripts alone ask, between keys
	}
	var b strings.Builder
	for _, value := range machineValues(words[0])(words[1]) {
		b.WriteString(value + "\n")
	}
	return s.print(b.String())
}
