package netstat

import (
	"fmt"
	"strconv"
	"strings"
)

// compose writes a query: a table, conditions that must all hold, and stages. What is empty is left out.
func (r *request) compose(table string, conditions []string, stages ...string) string {
	var parts []string
	for _, condition := range conditions {
		if condition != "" {
			parts = append(parts, condition)
		}
	}
	query := strings.TrimSpace(table + " " + strings.Join(parts, " and "))
	if r.interval > 0 {
		stages = append(stages, "watch "+strconv.Itoa(r.interval)+"s")
	}
	for _, stage := range stages {
		if stage != "" {
			query += " | " + stage
		}
	}
	return query
}

// oneOf is the condition that a column has one of some words; "" for no words.
func oneOf(column string, words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return column + " == " + words[0]
	}
	return column + " in [" + strings.Join(words, ", ") + "]"
}

// state is the condition for the states of the sockets that are asked for; "" for all but BOUND_INACTIVE.
func (r *request) state() string {
	switch {
	case r.bound:
		return "state in [" + strings.Join(everyState, ", ") + "]"
	case r.all:
		return ""
	case r.listening:
		return "state in [LISTEN, UNCONN]"
	}
	return "state not in [LISTEN, UNCONN]"
}

// everyState are all states of sockets. A query lists sockets in BOUND_INACTIVE only where it names that state.
var everyState = []string{
	"LISTEN", "SYN_SENT", "SYN_RECEIVED", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING",
	"LAST_ACK", "TIME_WAIT", "CLOSED", "UNCONN", "BOUND_INACTIVE",
}

// ends are the items of a select for both ends of a socket: with names of hosts and services, unless numbers are
// asked for.
func (r *request) ends() string {
	return strings.Join([]string{r.named("laddr"), r.service("lport"), r.named("raddr"), r.service("rport")}, ", ")
}

// named is the item of a select for an address: with the host's name, unless numbers are asked for.
func (r *request) named(address string) string {
	if r.hostNumbers {
		return address
	}
	return fmt.Sprintf("%s = host(%s)", address, address)
}

// service is the item of a select for a port of a socket: with the service's name, unless numbers are asked for.
func (r *request) service(port string) string {
	if r.portNumbers {
		return port
	}
	return fmt.Sprintf("%s = service(%s, proto)", port, port)
}

// numbers asks for no names at all.
func (r *request) numbers() { r.hostNumbers, r.portNumbers, r.userNumbers = true, true, true }

// destination are the items of a select for a route's destination: with the network's name, unless numbers are
// asked for.
func (r *request) destination() string {
	if r.hostNumbers {
		return "dst"
	}
	return "dst, network"
}

// counters are the groups of proto_stats of the protocols that -p names, each once; without -p the given ones.
func (r *request) counters(otherwise []string) []string {
	if len(r.chosen) == 0 {
		return otherwise
	}
	var names []string
	seen := map[string]bool{}
	for _, p := range r.chosen {
		for _, name := range p.counters {
			if !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	return names
}
