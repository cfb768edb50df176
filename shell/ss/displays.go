package ss

import (
	"strings"

	"netql/shell/netstat"
)

// listing is the rows of one of netql's tables that are shown.
type listing struct {
	rows   string
	kinds  []string // the protos or types of these rows
	tables tableSet // ss's
}

// displays are the queries for what is asked, in ss's order.
func (r *request) displays() (displays []netstat.Display, err error) {
	if err := r.settle(); err != nil {
		return nil, err
	}
	if r.summary {
		displays = r.summaryDisplays()
		if !r.chosen && len(r.filterWords) == 0 && r.filterFile == "" {
			return displays, nil
		}
	}
	list := r.listings()
	if len(list) == 0 {
		return nil, &netstat.Error{Message: "ss: the filter is about other sockets than are shown",
			Hint: "-A " + strings.Join(r.families.tables(), ",") + " shows those that it is about"}
	}
	first := true
	for _, l := range list {
		condition := r.conditionFor(l)
		if condition == never {
			continue
		}
		displays = append(displays, r.display(l, condition, first))
		first = false
	}
	if first { // nothing can fit: the headings alone, as in ss
		displays = append(displays, r.display(list[0], never, true))
	}
	return displays, nil
}

// listings are netql's tables for the tables and families that are shown.
func (r *request) listings() (list []listing) {
	r.tables.each(func(t *socketTable) {
		if t.families&r.families == 0 {
			return
		}
		set, _ := tablesNamed(t.names[0])
		if last := len(list) - 1; last >= 0 && list[last].rows == t.rows {
			list[last].kinds = append(list[last].kinds, t.kind)
			list[last].tables |= set
			return
		}
		list = append(list, listing{t.rows, []string{t.kind}, set})
	})
	return list
}

// conditionFor is the condition on the rows of a listing.
func (r *request) conditionFor(l listing) term {
	test := r.kindCondition(l)
	if l.rows == "sockets" && r.families&anyInet != anyInet {
		family := "inet"
		if r.families&inet6 != 0 {
			family = "inet6"
		}
		test = both(test, comparison("family == "+family))
	}
	test = both(test, r.stateCondition(l))
	return both(test, r.condition(l.rows))
}

// kindCondition is the condition that rows are of the kinds that are shown.
func (r *request) kindCondition(l listing) term {
	all, _ := tablesNamed(map[string]string{
		"sockets": "inet", "unix_sockets": "unix", "packet_sockets": "packet", "netlink_sockets": "netlink",
	}[l.rows])
	switch {
	case l.rows == "sockets":
		return oneOf("proto", l.kinds) // the table has protocols that ss does not list
	case l.tables == all:
		return always
	}
	return oneOf("type", l.kinds)
}

// stateCondition is the condition on the states of the rows.
func (r *request) stateCondition(l listing) term {
	switch l.rows {
	case "sockets":
		names := vocabulary{}
		for _, kind := range l.kinds {
			of := streamStates
			if kind == "udp" || kind == "raw" {
				of = datagramStates
			}
			for state, name := range of {
				names[state] = name
			}
		}
		return r.wanted.condition(names)
	case "unix_sockets":
		return r.wanted.condition(unixStates)
	}
	if r.wanted&closed == 0 { // packet and netlink sockets are in no other state
		return never
	}
	return always
}

// display is the query for a listing, and the layout of its rows.
func (r *request) display(l listing, condition term, first bool) netstat.Display {
	layout := r.layouts()[l.rows]
	query := l.rows
	if condition != always {
		query += " " + condition.text
	}
	if l.rows == "sockets" && len(l.kinds) > 1 && !r.events {
		query += " | sort proto desc" // ss's order: raw, udp, tcp
	}
	items := layout.items
	if r.events {
		query += " | follow"
		items = append([]string{"time", "event"}, items...)
	}
	query += " | select " + strings.Join(items, ", ")
	var title []string
	if first {
		title = []string{r.heading()}
	}
	name := strings.ReplaceAll(l.rows, "_", " ")
	return netstat.Display{Name: name, Query: query, Layout: netstat.FreeLayout(title, layout.lines)}
}
