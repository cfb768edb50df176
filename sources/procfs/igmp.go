package procfs

import (
	"errors"
	"io"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"netql/sources/multierror"
	"netql/sources/vfs"
)

// A Membership is an interface's membership of a multicast group.
type Membership struct {
	Index     int // of the interface
	Interface string
	Group     netip.Addr
	Users     int           // how many sockets, and parts of the kernel, have joined
	TimerRuns bool          // a report of the membership will be sent
	Timer     time.Duration // in how long
	Reporter  bool          // this host was the last on the link to report the group
	Querier   string        // IPv4: the version of IGMP spoken on the interface, "V1" to "V3", or "NONE"
}

// Igmp reads /proc/net/igmp: the memberships of IPv4 groups (igmp_mc_seq_show in net/ipv4/igmp.c).
func Igmp(files vfs.Files) ([]Membership, error) {
	return parseFile(files, "/proc/net/igmp", ParseIgmp)
}

var (
	errNoColon     = errors.New("no colon")
	errNoInterface = errors.New("a group without its interface")
)

// ParseIgmp reads such a file: a line for each interface and, indented below it, one for each group. Its header names
// the columns of both. A group below an interface that cannot be read is left out.
func ParseIgmp(r io.Reader) (list []Membership, fault error) {
	var p igmpParser
	for l, err := range lines(r) {
		if err != nil {
			return list, multierror.Join(fault, err)
		}
		m, isGroup, err := p.line(l.text)
		if err != nil && fault == nil {
			fault = l.fault("%w", err)
		}
		if err == nil && isGroup {
			list = append(list, m)
		}
	}
	return list, fault
}

// igmpParser holds the columns of an interface's line before (device) and behind (state) its colon, those of a group's
// line, and the interface of the current groups.
type igmpParser struct {
	device, state, group positions
	current              *Membership
}

func (p *igmpParser) line(text string) (m Membership, isGroup bool, err error) {
	if p.group == nil {
		return m, false, p.header(text)
	}
	if !strings.HasPrefix(text, "\t") {
		p.current, err = p.readInterface(text)
		return m, false, err
	}
	if p.current == nil {
		return m, true, errNoInterface
	}
	m = *p.current
	return m, true, p.readGroup(&m, text)
}

// header splits "Idx Device : Count Querier Group Users Timer Reporter".
func (p *igmpParser) header(text string) error {
	device, rest, found := strings.Cut(text, ":")
	state, group, _ := strings.Cut(rest, "Group")
	p.device, p.state, p.group = positionsOf(device), positionsOf(state), positionsOf("Group"+group)
	if !found {
		return errNoColon
	}
	return nil
}

func (p *igmpParser) readInterface(text string) (*Membership, error) {
	i := strings.LastIndex(text, ":")
	if i < 0 {
		return nil, errNoColon
	}
	device := record{columns: p.device, fields: strings.Fields(text[:i])}
	state := record{columns: p.state, fields: strings.Fields(text[i+1:])}
	m := &Membership{Index: device.int("Idx"), Interface: device.text("Device"), Querier: state.text("Querier")}
	if err := multierror.Join(device.err, state.err); err != nil {
		return nil, err
	}
	return m, nil
}

func (p *igmpParser) readGroup(m *Membership, text string) error {
	r := record{columns: p.group, fields: strings.Fields(text)}
	m.Group, m.Users, m.Reporter = r.nativeAddress("Group"), r.int("Users"), r.int("Reporter") != 0
	running, left, _ := strings.Cut(r.text("Timer"), ":")
	m.TimerRuns = running != "0"
	n, err := strconv.ParseUint(left, 16, 64)
	r.fail("Timer", err)
	m.Timer = timerLeft(n)
	return r.err
}

// timerLeft is the time until a timer fires, which the kernel prints in hundredths of a second (USER_HZ). Old kernels
// print a huge number for a timer that is over.
func timerLeft(n uint64) time.Duration {
	const day = 100 * 60 * 60 * 24
	if n > day {
		return 0
	}
	return time.Duration(n) * (time.Second / 100)
}
