package tables

import (
	"iter"
	"net/netip"
	"slices"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources/procfs"
	"netql/sources/rtnetlink"
)

// ipAddress is a row of addresses.
type ipAddress struct {
	*rtnetlink.Address
	facts *addressFacts
}

// addressFacts are what columns of addresses need beside the address message.
type addressFacts struct {
	*scanState
	uptime lazy[time.Duration] // negative where it is unknown
}

// sinceBoot is the machine's uptime; negative where it is unknown.
func (f *addressFacts) sinceBoot() time.Duration {
	return f.uptime.get(func() time.Duration {
		uptime, err := procfs.ReadUptime(f.system.Files)
		if err != nil {
			f.warn("the age of addresses is unknown: " + err.Error())
			return -1
		}
		return uptime
	})
}

// since is how long ago something happened, which the kernel gives as the uptime of that moment; false where the uptime
// is unknown.
func (f *addressFacts) since(moment time.Duration) (time.Duration, bool) {
	uptime := f.sinceBoot()
	return max(0, uptime-moment), uptime >= 0
}

// addressesTable declares the table of the interfaces' addresses.
func addressesTable() *query.Table {
	return query.Define(query.Spec[ipAddress]{
		Doc: "An IP address of an interface, with its prefix, scope, flags and lifetimes.",
		Examples: []string{
			"addresses family == inet6 and scope == global",
			"addresses | group by dev: addrs = list(addr) | sort dev",
			"addresses tentative in flags or dadfailed in flags",
			"addresses valid < 1h | select addr, dev, valid, preferred",
			"addresses 192.0.2.77 in network",
			"addresses | join interfaces on dev == name | select dev, prefix, operstate",
		},
		Columns: addressColumns(),
		Shown:   []string{"dev", "prefix", "scope", "peer", "flags", "valid"},
		Quiet:   []string{"peer", "valid"},
		Spare:   []string{"valid", "scope"},
		Key:     []string{"dev", "addr", "prefix", "peer"},
		Events: "Addresses are new, gone, or changed in their flags, labels and the like; what only prolongs their " +
			"lifetimes is not told.",
		Follow: followAddresses,
		Scan: func(r query.Request) query.Scan[ipAddress] {
			return streamScan[ipAddress]{"rtnetlink RTM_GETADDR, inet and inet6", "addresses", r, addressRows}
		},
	})
}

func addressRows(s *scanState) iter.Seq2[*ipAddress, error] {
	facts := &addressFacts{scanState: s}
	return converted(rtnetlink.Addresses(s.ctx, s.system.Netlink),
		func(a *rtnetlink.Address) *ipAddress { return &ipAddress{a, facts} })
}

// addressScopes are RT_SCOPE_* of linux/rtnetlink.h.
func addressScopes() codes {
	return codes{named(0, "global"), named(200, "site"), named(253, "link"), named(254, "host"), named(255, "nowhere")}
}

// addressFlags are IFA_F_* of linux/if_addr.h but the lowest bit, which says something else in each family.
func addressFlags() codes {
	return codes{
		named(1<<7, "permanent"),
		{1 << 6, schema.Word{Name: "tentative", Level: schema.Busy}},
		{1 << 3, schema.Word{Name: "dadfailed", Level: schema.Bad}},
		{1 << 5, schema.Word{Name: "deprecated", Level: schema.Busy}},
		named(temporary, "temporary"),
		named(secondary, "secondary"),
		named(1<<2, "optimistic"),
		named(1<<1, "nodad"),
		named(1<<4, "homeaddress"),
		named(1<<8, "mngtmpaddr"),
		named(1<<9, "noprefixroute"),
		named(1<<10, "mcautojoin"),
		named(1<<11, "stable_privacy"),
	}
}

// IFA_F_SECONDARY and IFA_F_TEMPORARY are the same bit, the lowest: it means secondary for IPv4 and temporary for IPv6.
// Here each meaning has a bit of its own, which the kernel does not use.
const (
	lowest    = 1
	temporary = 1 << 30
	secondary = 1 << 31
)

// addressProtocols are IFAPROT_* of linux/if_addr.h.
func addressProtocols() codes {
	return codes{named(1, "kernel_lo"), named(2, "kernel_ra"), named(3, "kernel_ll")}
}

func addressColumns() []query.Column[ipAddress] {
	protocols := addressProtocols()
	return slices.Concat([]query.Column[ipAddress]{
		query.NonZero("dev", "The interface.",
			func(a *ipAddress) string { return a.facts.interfaceName(uint32(a.Index)) }),
		query.Col("addr", "The address.",
			func(a *ipAddress) netip.Addr { return a.facts.zoned(a.Local, uint32(a.Index)) }).PartOf("prefix"),
		query.Col("prefix", "The address with the length of its prefix, as ip address shows it.",
			func(a *ipAddress) netip.Prefix { return netip.PrefixFrom(a.Local, a.Bits) }),
		query.Col("network", "The addresses that are on the link because of it: those of the prefix, around the "+
			"peer where there is one.", (*ipAddress).network),
		query.Enum("family", "The address family.",
			families(), func(a *ipAddress) string { return familyName(a.Family) }),
		enumOf("scope", "How far the address is valid: everywhere (global), on the link, or on this host only; "+
			"NULL for scopes of the administrator's own.",
			addressScopes(), func(a *ipAddress) uint8 { return a.Scope }),
		flagsOf("flags", "The flags (IFA_F_*, ip-address(8)): permanent has no lifetime, tentative still looks for "+
			"duplicates, secondary and temporary are not the first choice to send from.",
			addressFlags(), (*ipAddress).flagBits),
		query.Col("peer", "The address of the other end of a point-to-point link.",
			func(a *ipAddress) netip.Addr { return a.Remote }),
		query.Col("broadcast", "The address of everybody on the link.",
			func(a *ipAddress) netip.Addr { return a.Broadcast }),
		query.NonZero("label", "The label of an IPv4 address, by which ifconfig tells the addresses of an "+
			"interface apart.", func(a *ipAddress) string { return a.Label }),
	}, query.Within(func(a *ipAddress) *rtnetlink.Lifetimes { return a.Lifetimes },
		query.Opt("valid", "How long the address stays; NULL without an end.",
			func(l *rtnetlink.Lifetimes) (time.Duration, bool) { return remaining(l.Valid) }).Gauge(),
		query.Opt("preferred", "How long new connections may use it; NULL without an end.",
			func(l *rtnetlink.Lifetimes) (time.Duration, bool) { return remaining(l.Preferred) }).Gauge(),
	), []query.Column[ipAddress]{
		query.Opt("created", "How long ago it was added; too long where the machine has slept since.",
			(*ipAddress).sinceCreated).Gauge().Costly(),
		query.Opt("updated", "How long ago it was changed, as by a router's announcement; too long where the "+
			"machine has slept since.", (*ipAddress).sinceUpdated).Gauge().Costly(),
		query.NonZero("metric", "The metric of the route to the prefix; NULL for the usual one.",
			func(a *ipAddress) uint32 { return a.Metric }),
		query.Opt("protocol", "Who added it: kernel_lo for the loopback's, kernel_ra for a router's announcement, "+
			"kernel_ll for link-local, else a program's number.",
			func(a *ipAddress) (string, bool) { return protocols.text(uint32(a.Protocol)), a.Protocol != 0 }),
	})
}

// remaining is a lifetime; false for one without an end.
func remaining(l rtnetlink.Lifetime) (time.Duration, bool) {
	return time.Duration(l), l != rtnetlink.Forever
}

// network is the prefix of the addresses on the link: around the peer of a point-to-point address, else around the
// address.
func (a *ipAddress) network() netip.Prefix {
	on := a.Local
	if a.Remote.IsValid() {
		on = a.Remote
	}
	return netip.PrefixFrom(on, a.Bits).Masked()
}

// flagBits are the kernel's flags with the bit secondary or temporary in place of the lowest.
func (a *ipAddress) flagBits() uint32 {
	set := a.Flags &^ (secondary | temporary | lowest)
	switch {
	case a.Flags&lowest == 0:
		return set
	case a.Family == inet6:
		return set | temporary
	}
	return set | secondary
}

func (a *ipAddress) sinceCreated() (time.Duration, bool) {
	if a.Lifetimes == nil {
		return 0, false
	}
	return a.facts.since(a.Lifetimes.Created)
}

func (a *ipAddress) sinceUpdated() (time.Duration, bool) {
	if a.Lifetimes == nil {
		return 0, false
	}
	return a.facts.since(a.Lifetimes.Updated)
}
