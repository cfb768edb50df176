package ss

import (
	"strconv"
	"strings"

	"netql/shell/netstat"
)

// request is what the options and the filter ask for together.
type request struct {
	system System

	help, version bool

	numeric   bool // ports as numbers
	resolve   bool // the names of hosts
	noHeader  bool
	noQueues  bool
	oneLine   bool
	timers    bool
	details   bool
	memory    bool
	processes bool
	info      bool // tcp_info
	tos       bool
	cgroup    bool
	summary   bool
	events    bool   // sockets as they are destroyed
	namespace string // the network namespace that is asked; "" for our own

	chosen    bool     // some option chose tables or families
	listed    bool     // -A was given
	tables    tableSet // that are shown
	families  families // whose sockets are shown
	preferred families // the family that was named last
	usual     states   // those in which the chosen tables are shown where nothing is said about states
	wanted    states   // those that options and the filter ask for; 0 where they say nothing
	stated    bool     // state or exclude is in the filter

	filterWords []string
	filterFile  string // of -F; "" for none
	filter      *filter
	condition   condition
}

// settle finds out what is shown, by what was given and what was not.
func (r *request) settle() error {
	f, err := r.newFilter()
	if err != nil {
		return err
	}
	r.filter = f
	if err := r.takeStates(f); err != nil {
		return err
	}
	if !r.chosen {
		r.tables, _ = tablesNamed("all")
		if r.wanted == 0 {
			r.wanted = connected
		}
	}
	if r.wanted == 0 && !r.stated {
		r.wanted = r.usual
	}
	r.mergeDefaults()
	if r.events {
		if err := r.settleEvents(); err != nil {
			return err
		}
	}
	switch {
	case r.tables == 0:
		return &netstat.Error{Message: "ss: no kind of sockets is left to show", Hint: "-A all has all"}
	case r.wanted == 0:
		return &netstat.Error{Message: "ss: no state of sockets is left to show",
			Hint: "state adds states, exclude takes some away"}
	}
	f.familyOf = r.addressFamily()
	if r.condition, err = f.parse(); err != nil {
		return err
	}
	if f.named != 0 {
		r.families = f.named
	}
	return nil
}

// settleEvents leaves the sockets whose end the kernel tells: of TCP and UDP. They are shown in whatever state they
// are then, unless the filter names states.
func (r *request) settleEvents() error {
	told, _ := tablesNamed("tcp")
	udp, _ := tablesNamed("udp")
	told |= udp
	if r.tables &= told; r.tables == 0 {
		return &netstat.Error{Message: "ss -E: the kernel tells the end of TCP and UDP sockets alone", Hint: "ss -Etu"}
	}
	if !r.stated {
		r.wanted = everyState
	}
	return nil
}

// newFilter is the filter of the command line and of the file of -F.
func (r *request) newFilter() (*filter, error) {
	text := strings.Join(r.filterWords, " ")
	if r.filterFile != "" {
		if r.system.ReadFile == nil {
			return nil, &netstat.Error{Message: "ss -F reads no file here", Hint: "write the filter behind the options"}
		}
		more, err := r.system.ReadFile(r.filterFile)
		if err != nil {
			return nil, &netstat.Error{Message: "cannot read the filter: " + err.Error()}
		}
		text += "\n" + more
	}
	return &filter{text: text, system: r.system, tokens: tokens(text)}, nil
}

// takeStates takes the words state and exclude with their states off the beginning of the filter.
func (r *request) takeStates(f *filter) error {
	for {
		t, ok := f.peek()
		if !ok || t.text != "state" && t.text != "exclude" && t.text != "excl" {
			return nil
		}
		f.next++
		name, ok := f.take()
		if !ok {
			return f.errorAtEnd("%s needs the name of a state", t.text).WithHint("for example %s established", t.text)
		}
		set, ok := stateNamed(name.text)
		if !ok {
			return f.errorAt(name, "there is no state %s", strconv.Quote(name.text)).
				WithHint("%s", stateMeant(name.text))
		}
		first := !r.stated
		r.stated = true
		switch {
		case t.text == "state" && first:
			r.wanted = set
		case t.text == "state":
			r.wanted |= set
		case first:
			r.wanted = everyState &^ set
		default:
			r.wanted &^= set
		}
	}
}

// mergeDefaults adds the families of tables that have none of those chosen, and the tables of families that have none.
func (r *request) mergeDefaults() {
	r.tables.each(func(t *socketTable) {
		if t.families&r.families == 0 {
			r.families |= t.families
		}
	})
	for _, f := range familyNames {
		if all, _ := tablesNamed(f.tables); r.families&f.family != 0 && all&r.tables == 0 {
			r.tables |= all
		}
	}
}

// addressFamily is the family of addresses in the filter that do not say theirs.
func (r *request) addressFamily() families {
	shown := r.tables.families() & r.families
	switch {
	case shown&anyInet != 0:
		return shown & anyInet
	case shown&r.preferred != 0:
		return r.preferred
	}
	return shown
}
