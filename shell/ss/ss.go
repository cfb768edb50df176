// Package ss knows the options and the filters of ss(8), iproute2's, and turns them into queries. Its options are one
// literal table, from which usage and docs/ss.md come. The package reads nothing by itself: what an option or a filter
// needs of the machine is asked of a System; the shell runs the queries, and a netstat.Layout lays out their rows.
package ss

import (
	"net/netip"

	"netql/shell/netstat"
)

// Name is the word before ss's options, and the name of a link to the program that takes them.
const Name = "ss"

// System is what options and filters need to know of the machine that they are typed on. A function that is nil knows
// nothing.
type System struct {
	Enter     func(namespace string) error            // has the others tell of the system that is asked; "" is our own
	Port      func(service string) (int, bool)        // a port by its name in /etc/services
	Addresses func(host string) ([]netip.Addr, error) // the addresses of a host
	Interface func(index int) (string, bool)          // the name of an interface
	Ephemeral func() (first, last int)                // net.ipv4.ip_local_port_range
	ReadFile  func(name string) (string, error)       // a file of filters; - is stdin
}

// Command is what a line of options and filters asks for.
type Command struct {
	netstat.Command
	NoHeader bool // the line of headings is left out
}

// Parse says what the words after "ss" ask for. A wrong line is a *netstat.Error, a wrong filter a *FilterError; an
// error of System.Enter is given as it is.
func Parse(words []string, system System) (*Command, error) {
	r := &request{system: system}
	if err := r.fill(words); err != nil {
		return nil, err
	}
	command := &Command{NoHeader: r.noHeader}
	if command.Help, command.Version = r.help, r.version; r.help || r.version {
		return command, nil
	}
	if system.Enter != nil {
		if err := system.Enter(r.namespace); err != nil {
			return nil, err
		}
	}
	displays, err := r.displays()
	if err != nil {
		return nil, err
	}
	command.Displays, command.Namespace = displays, r.namespace
	if r.filter.note != "" {
		command.Notes = []string{r.filter.note}
	}
	return command, nil
}
