package tables

import (
	"slices"
	"strings"

	"netql/sources/procfs"
)

// allSockets is the row of the number of all sockets.
func allSockets(m *memoryFiles) []pool {
	used := m.stat("sockets", "used")
	if !used.known {
		return nil
	}
	return []pool{{kind: "all", name: "sockets", sockets: used}}
}

// account is a pool of memory that the sockets of several protocols share (struct proto's memory_allocated).
type account struct {
	name      string
	protocols []string         // their names in /proc/net/protocols
	groups    []string         // their names in sockstat and sockstat6
	limits    string           // the setting that has low, pressure and limit, in pages
	buffers   [4]settingNumber // the receive buffer and its maximum, the send buffer and its maximum
}

// settingNumber is number i of a setting below /proc/sys.
type settingNumber struct {
	setting string
	i       int
}

// coreBuffers are the buffers of protocols that have no settings of their own.
var coreBuffers = [4]settingNumber{
	{"net/core/rmem_default", 0}, {"net/core/rmem_max", 0}, {"net/core/wmem_default", 0}, {"net/core/wmem_max", 0},
}

var memoryAccounts = []account{
	{"tcp", []string{"TCP", "TCPv6", "MPTCP", "MPTCPv6"}, []string{"TCP", "TCP6"}, "net/ipv4/tcp_mem", [4]settingNumber{
		{"net/ipv4/tcp_rmem", 1}, {"net/ipv4/tcp_rmem", 2}, {"net/ipv4/tcp_wmem", 1}, {"net/ipv4/tcp_wmem", 2},
	}},
	{"udp", []string{"UDP", "UDPv6", "UDP-Lite", "UDPLITEv6"}, []string{"UDP", "UDP6", "UDPLITE", "UDPLITE6"},
		"net/ipv4/udp_mem", coreBuffers},
	{"sctp", []string{"SCTP", "SCTPv6"}, nil, "net/sctp/sctp_mem", [4]settingNumber{
		{"net/sctp/sctp_rmem", 1}, {"net/sctp/sctp_rmem", 2}, {"net/sctp/sctp_wmem", 1}, {"net/sctp/sctp_wmem", 2},
	}},
}

// accounts are the rows of the accounts that the kernel's files have.
func accounts(m *memoryFiles) (list []pool) {
	for _, a := range memoryAccounts {
		p := pool{kind: "transport", name: a.name}
		a.fromProtocols(m, &p)
		a.fromSockstat(m, &p)
		if !p.sockets.known && !p.memory.known {
			continue
		}
		for i, to := range []*optional[int]{&p.low, &p.pressure, &p.limit} {
			*to = m.setting(a.limits, i, m.page)
		}
		for i, to := range []*optional[int]{&p.receiveBuffer, &p.receiveMax, &p.sendBuffer, &p.sendMax} {
			*to = m.setting(a.buffers[i].setting, a.buffers[i].i, 1)
		}
		if a.name == "tcp" {
			p.allocated, p.orphans, p.timeWait = m.stat("TCP", "alloc"), m.stat("TCP", "orphan"), m.stat("TCP", "tw")
			p.orphanLimit = m.setting("net/ipv4/tcp_max_orphans", 0, 1)
			p.timeWaitLimit = m.setting("net/ipv4/tcp_max_tw_buckets", 0, 1)
		}
		list = append(list, p)
	}
	return list
}

// fromProtocols fills a pool from /proc/net/protocols: sockets are the sum over the account's protocols; memory and
// pressure are the same in all their lines.
func (a account) fromProtocols(m *memoryFiles, p *pool) {
	for _, line := range m.protocols() {
		if accountOf(line.Name) != a.name {
			continue
		}
		p.sockets = known(p.sockets.value + line.Sockets)
		if line.Memory >= 0 {
			p.memory = known(times(line.Memory, m.page))
		}
		if pressed := pressure(line); pressed.known {
			p.underPressure = pressed
		}
	}
}

// fromSockstat fills a pool from sockstat and sockstat6 where /proc/net/protocols has no values.
func (a account) fromSockstat(m *memoryFiles, p *pool) {
	socketsKnown := p.sockets.known
	for _, group := range a.groups {
		if used := m.stat(group, "inuse"); used.known && !socketsKnown {
			p.sockets = known(p.sockets.value + used.value)
		}
		if pages := m.stat(group, "mem"); pages.known && !p.memory.known {
			p.memory = known(times(pages.value, m.page))
		}
	}
}

// accountOf is the name of the account that a protocol's sockets take their memory from; "" for none of these.
func accountOf(protocol string) string {
	i := slices.IndexFunc(memoryAccounts, func(a account) bool { return slices.Contains(a.protocols, protocol) })
	if i < 0 {
		return ""
	}
	return memoryAccounts[i].name
}

// pressure says whether a protocol's sockets have to save memory; unknown for "NI", not implemented.
func pressure(p procfs.Protocol) optional[bool] {
	return optional[bool]{p.Pressure == "yes", p.Pressure == "yes" || p.Pressure == "no"}
}

// reassembly is the pool of fragments of one address family: its group in sockstat, and the settings of its limits.
type reassembly struct{ name, group, low, high string }

var reassemblies = []reassembly{
	{"ip", "FRAG", "net/ipv4/ipfrag_low_thresh", "net/ipv4/ipfrag_high_thresh"},
	{"ip6", "FRAG6", "net/ipv6/ip6frag_low_thresh", "net/ipv6/ip6frag_high_thresh"},
}

func fragments(m *memoryFiles) (list []pool) {
	for _, r := range reassemblies {
		used := m.stat(r.group, "inuse")
		if !used.known {
			continue
		}
		list = append(list, pool{
			kind: "fragments", name: r.name, datagrams: used, memory: m.stat(r.group, "memory"),
			low: m.setting(r.low, 0, 1), limit: m.setting(r.high, 0, 1),
		})
	}
	return list
}

// protocolPools are the rows of the protocols in /proc/net/protocols.
func protocolPools(m *memoryFiles) (list []pool) {
	for _, line := range m.protocols() {
		p := pool{
			kind: "protocol", name: line.Name, account: accountOf(line.Name),
			sockets: optional[int]{line.Sockets, line.Sockets >= 0}, underPressure: pressure(line),
			objectSize: known(line.Size), maxHeader: known(line.MaxHeader), own: known(line.Slab),
		}
		if p.account == "" && line.Memory >= 0 {
			p.memory = known(times(line.Memory, m.page))
		}
		if line.Module != "kernel" {
			p.module = line.Module
		}
		list = append(list, p)
	}
	return list
}

// networkSlabs are beginnings of the names of the network's caches, as the kernel's sources have them; a protocol's
// cache has the protocol's name. The kernel may merge caches of objects of one size, and then shows them by the name of
// one.
var networkSlabs = []string{
	"arp_", "bridge_", "dst_", "fib6_", "flow_cache", "inet_peer", "ip_", "ip4-", "ip6_", "ip6-", "kcm", "mptcp",
	"ndisc", "neigh", "net_namespace", "nf_", "nft_", "page_pool", "rds_", "request_sock", "rt6_", "sctp_",
	"secpath", "sk_", "skb", "sock_inode", "tcp_", "tipc_", "tw_sock", "udp_", "xfrm_", "xt_",
}

// slabs are the rows of the network's caches in /proc/slabinfo.
func slabs(m *memoryFiles) (list []pool) {
	caches, err := procfs.ReadSlabs(m.files)
	m.report(err, "/proc/slabinfo")
	network := func(name string) bool {
		begins := func(prefix string) bool { return strings.HasPrefix(name, prefix) }
		return slices.ContainsFunc(networkSlabs, begins) ||
			slices.ContainsFunc(m.protocols(), func(p procfs.Protocol) bool { return p.Name == name })
	}
	for _, s := range uniqueBy(caches, func(s procfs.Slab) string { return s.Name }) {
		if network(s.Name) {
			list = append(list, pool{
				kind: "slab", name: s.Name, memory: known(times(times(s.Slabs, s.PagesPerSlab), m.page)),
				objectSize: known(s.Size), objects: known(s.Objects), activeObjects: known(s.Active),
			})
		}
	}
	return list
}
