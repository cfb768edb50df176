package netstat

import (
	"slices"
	"strconv"
	"strings"
)

// request is what the flags of any dialect ask for together. A field that no flag of the dialect sets stays zero.
type request struct {
	protocols Protocols
	given     []givenFlag // the flags, in order

	all         bool // sockets in all states, interfaces that are down
	listening   bool // listening sockets only
	bound       bool // bound but idle sockets, too
	help        bool // usage, and nothing else
	version     bool // the version, and nothing else
	hostNumbers bool // no names of hosts and networks
	portNumbers bool // no names of services
	userNumbers bool // no names of users
	wide        bool // addresses in full length
	pids        bool // the processes of sockets
	executables bool // the programs of sockets
	extended    bool // more columns
	extensions  int  // how often -e was given
	cache       bool // what the kernel learned about routes
	fib         bool // the routes, where cache is there as well
	symbolic    bool // names of hardware addresses
	timers      bool // the timers of sockets
	identities  bool // the kernel's cookies of sockets
	drops       bool // dropped packets
	bytes       bool // bytes beside packets
	mtus        bool // the MTUs of routes
	tcpInfo     bool // what TCP did on each connection
	buffers     bool // the buffers and timers of sockets
	verbose     bool // the buffers and processes of sockets
	dscp        bool // the class of service of connections
	fullNames   bool // names of the other ends, even where numbers are asked for
	stateTimes  bool // the time that connections are in their state

	views      []string   // what is asked for instead of sockets: the views of the flags, each once
	transports []string   // the transport protocols of -t, -u and so on
	unix       bool       // unix sockets
	families   []string   // address families: inet, inet6
	chosen     []protocol // the protocols of -p
	device     string     // the interface of -I
	devices    bool       // -I was given, with an interface or without
	format     string     // the format of the rows; "" for none
	samples    int        // after how many samples an interval ends; 0 for never
	repeated   int        // how often -s was given
	core       string     // the capture of -M
	system     string     // the network namespace of -N
	interval   int        // between two samples, in seconds; 0 for one sample
	notes      []string   // what the person should know beside the answer

	systemIsWord bool // system is a word at the end, not the argument of -N
}

// givenFlag is a flag that was given, and its name as it was typed.
type givenFlag struct {
	flag *Flag
	name string
}

// view asks for a view, once.
func (r *request) view(name string) {
	if !r.shows(name) {
		r.views = append(r.views, name)
	}
}

func (r *request) shows(name string) bool { return slices.Contains(r.views, name) }

// setInterval takes a number of seconds.
func (r *request) setInterval(word string) error {
	n, err := strconv.Atoi(word)
	if err != nil || n < 1 || n > longestInterval {
		return &Error{Message: "an interval cannot be " + strconv.Quote(word),
			Hint: "it is a whole number of seconds, from 1"}
	}
	r.interval = n
	return nil
}

// longestInterval is a year, in seconds.
const longestInterval = 366 * 24 * 60 * 60

// setProtocols takes the names after -p.
func (r *request) setProtocols(names []string) error {
	for _, name := range names {
		found, ok := r.protocols.find(name)
		switch {
		case !ok:
			return &Error{Message: name + ": unknown or uninstrumented protocol",
				Hint: "names are in /etc/protocols, and " + strings.Join(windowsOnly, ", ")}
		case found == nil:
			return &Error{Message: name + ": no statistics routine for it",
				Hint: "the kernel counts for " + strings.Join(countedNames(), ", ")}
		}
		r.chosen = append(r.chosen, *found)
	}
	return nil
}

func countedNames() []string {
	var names []string
	for _, p := range counted {
		names = append(names, p.names[0])
	}
	return names
}

// setFamilies takes the argument of Linux' -A: families with commas between them.
func (r *request) setFamilies(names string) error {
	for name := range strings.SplitSeq(names, ",") {
		if err := r.setFamily(name); err != nil {
			return err
		}
	}
	return nil
}

// setFamily takes the argument of BSD's -f, and a family of Linux' -A.
func (r *request) setFamily(name string) error {
	const hint = "address families are inet, inet6 and unix"
	switch name := strings.ToLower(name); {
	case name == "inet", name == "ip":
		r.addFamily("inet")
	case name == "inet6":
		r.addFamily("inet6")
	case name == "unix":
		r.unix = true
	case name == "ns", slices.Contains(linuxElsewhere, name):
		return &Error{Message: name + ": not supported by this kernel", Hint: hint}
	default:
		return &Error{Message: name + ": unknown address family", Hint: hint}
	}
	return nil
}

// addFamily asks for a family, once.
func (r *request) addFamily(name string) {
	if !slices.Contains(r.families, name) {
		r.families = append(r.families, name)
	}
}
