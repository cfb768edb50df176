package shell

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"time"

	"netql/query"
	"netql/shell/ss"
	"netql/sources/procfs"
)

// ss answers what ss's options and filter ask for.
func (s *session) ss(_ string, words []string) int {
	system := s.ssSystem()
	var entering error
	system.Enter = func(namespace string) error {
		entering = s.enter(namespace)
		return entering
	}
	command, err := ss.Parse(words, system)
	var inFilter *ss.FilterError
	switch {
	case entering != nil:
		return s.failure(entering)
	case errors.As(err, &inFilter):
		return s.usageFailure(inFilter.Text, inFilter)
	case err != nil:
		return s.flagsFailure(err)
	case command.Help || s.options.help:
		return s.print(ss.Usage())
	case command.Version || s.options.version:
		return s.print(version())
	}
	s.options.noHeader = s.options.noHeader || command.NoHeader
	return s.answerFlags(&command.Command)
}

// enter makes the target what the options name, or the namespace that ss's -N names: filters may name services and
// interfaces there.
func (s *session) enter(namespace string) error {
	switch {
	case namespace != "" && s.options.netns != "":
		return usagef("ss -N and --netns both name a namespace").withHint("give one of them")
	case namespace != "":
		s.options.netns = namespace
	}
	if err := s.useOptions(s.options); err != nil {
		return err
	}
	return s.rejectHosts(ss.Name)
}

// ssSystem is what ss's filters need to know of the system that is asked.
func (s *session) ssSystem() ss.System {
	return ss.System{
		Port:      func(service string) (int, bool) { return s.state().Port(service) },
		Addresses: s.addressesOf,
		Interface: s.interfaceNumbered,
		Ephemeral: s.ephemeralPorts,
		ReadFile:  s.readFile,
	}
}

// addressesOf are the addresses of a host's name.
func (s *session) addressesOf(host string) ([]netip.Addr, error) {
	if (s.captured != nil || s.several != nil) && !s.options.resolve {
		return nil, errors.New("the names of addresses are not in captures: --resolve asks DNS now")
	}
	const longest = 2 * time.Second // as for all names of a query
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// interfaceNumbered is the name of the interface with this number.
func (s *session) interfaceNumbered(index int) (string, bool) {
	plan, err := query.Compile("interfaces index == "+strconv.Itoa(index)+" | select name", s.catalog, s.state())
	if err != nil {
		return "", false
	}
	for row, err := range plan.Rows(context.Background()) {
		if err != nil {
			break
		}
		name, ok := plan.Schema().Visible()[0].Get(row).(string)
		return name, ok
	}
	return "", false
}

// ephemeralPorts are the first and the last port that the kernel gives to sockets that ask for none; Linux' default
// where the system does not tell.
func (s *session) ephemeralPorts() (first, last int) {
	if s.system != nil {
		if list, err := procfs.ReadSysctl(s.system.Files, "net/ipv4/ip_local_port_range"); err == nil &&
			len(list) == 2 {
			return list[0], list[1]
		}
	}
	return 32768, 60999
}
