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

// oneOf is the condition that a column has one of some words; "" where there are none.
func oneOf(column string, words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return column + " == " + words[0]
	}
	return column + " in [" + strings.Join(words, ", ") + "]"
}

// state is the condition for the states that are wanted.
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

// everyState are all states of sockets, with the one that is listed only if it is named.
var everyState = []string{"LISTEN", "SYN_SENT", "SYN_RECEIVED", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK",
	"TIME_WAIT", "CLOSED", "UNCONN", "BOUND_INACTIVE"}

// ends are the items for both ends of a socket, with names where they are wanted.
func (r *request) ends() string {
	if r.numeric {
		return "laddr, lport, raddr, rport"
	}
	return "laddr = host(laddr), lport = service(lport, proto), raddr = host(raddr), rport = service(rport, proto)"
}

// named is an address as an item: its name where names are wanted.
func (r *request) named(address string) string {
	if r.numeric {
		return address
	}
	return fmt.Sprintf("%s = host(%s)", address, address)
}

// destination is that of a route as items: with the name of the network where names are wanted.
func (r *request) destination() string {
	if r.numeric {
		return "dst"
	}
	return "dst, network"
}

// counters are the names of the counters of what -p chose, each once; all of some if it chose nothing.
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
