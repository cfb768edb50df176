package tables

import (
	"net/netip"
	"path"
	"strconv"
	"strings"

	"netql/query"
	"netql/sources/cgroup"
	"netql/sources/owners"
)

// placeColumns are the columns of whom a socket is for, where that is not the process that has it.
func placeColumns() []query.Column[socket] {
	return []query.Column[socket]{
		query.NonZero("socket_unit", "The unit of systemd that listens (systemd.socket(5)), also of connections that "+
			"its listener accepted. systemd makes the sockets of a unit in the unit's control group, where it can "+
			"filter by BPF and there is cgroup v2; NULL elsewhere, and where /proc/net answers.",
			(*socket).socketUnit),
		query.Opt("forwards_to", "The address and port in a container to which docker-proxy, its process, forwards "+
			"(-container-ip and -container-port of its command line).", (*socket).forwardsTo).Costly(),
		query.NonZero("forwards_to_name", "The name of Docker's container that has this address.",
			(*socket).forwardsToName).Costly(),
	}
}

// socketUnit is the socket unit in whose control group the socket was made (socket_address_listen_in_cgroup in
// systemd's src/core/socket.c). A connection has the control group of its listener.
func (s *socket) socketUnit() string {
	unit := cgroup.Unit(s.facts.cgroupPath(s.CgroupID))
	if strings.HasSuffix(unit, ".socket") {
		return unit
	}
	return ""
}

func (s *socket) forwardsTo() (netip.AddrPort, bool) {
	_, all := s.owned()
	proxied := s.facts.proxied(all)
	return proxied, proxied.IsValid()
}

// proxied is where the first of some owners forwards to, if it is docker-proxy.
func (f *socketFacts) proxied(all []owners.Owner) netip.AddrPort {
	if len(all) == 0 || all[0].Process != dockerProxy {
		return netip.AddrPort{}
	}
	return proxiedAddress(f.process(all[0].PID).arguments)
}

// dockerProxy is the name of the program by which Docker forwards a port where the kernel cannot.
const dockerProxy = "docker-proxy"

// proxiedAddress is the address to which docker-proxy forwards, by its command line (StartProxy in
// daemon/libnetwork/portmapper/proxy_linux.go, libnetwork/portmapper in older ones); invalid for other programs.
func proxiedAddress(arguments []string) netip.AddrPort {
	var address, port string
	for i, argument := range arguments {
		if i+1 == len(arguments) || path.Base(arguments[0]) != dockerProxy {
			break
		}
		switch argument {
		case "-container-ip":
			address = arguments[i+1]
		case "-container-port":
			port = arguments[i+1]
		}
	}
	a, err := netip.ParseAddr(address)
	n, failed := strconv.ParseUint(port, 10, 16)
	if err != nil || failed != nil {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(a, uint16(n))
}

// forwardsToName is the name of the container that has the address; "" where several have it, in networks that do not
// know of each other, or the files may not be read.
func (s *socket) forwardsToName() string {
	target, ok := s.forwardsTo()
	if !ok {
		return ""
	}
	return s.facts.addressNames.get(s.facts.readAddressNames)[target.Addr()]
}

// readAddressNames are the names of Docker's running containers by their addresses.
func (f *socketFacts) readAddressNames() map[netip.Addr]string {
	names := map[netip.Addr]string{}
	listed, err := f.containerFinder().List(nil)
	f.warnUnnamed(err)
	for _, ref := range listed {
		c, err := f.containerFinder().Get(ref)
		f.warnUnnamed(err)
		if c == nil {
			continue
		}
		for _, address := range c.Addresses {
			if _, taken := names[address]; taken {
				names[address] = ""
			} else {
				names[address] = c.Name
			}
		}
	}
	return names
}
