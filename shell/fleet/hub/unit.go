package hub

import (
	_ "embed" // for the unit
	"fmt"
	"path/filepath"
	"strings"
)

//go:embed netql-fleet-hub.service
var unit string

// printUnit prints a unit of systemd that runs the hub with the flags of this command line.
func (c *command) printUnit() error {
	dir, err := filepath.Abs(c.dir)
	if err != nil {
		return err
	}
	words := []string{dir}
	if c.names != "" {
		words = append(words, "--name", c.names)
	}
	if c.listen != defaultListen {
		words = append(words, "--listen", c.listen)
	}
	for _, word := range words {
		if strings.ContainsAny(word, " \t\n\"'\\$%;") { // which would mean something in a unit
			return fmt.Errorf("%q has a character that has no place in a unit; %w", word, errUsage)
		}
	}
	_, err = fmt.Fprint(c.stdout, strings.NewReplacer("{{dir}}", dir, "{{arguments}}", strings.Join(words, " ")).
		Replace(unit))
	return err
}
