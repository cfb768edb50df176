package tables

import (
	"iter"
	"net/netip"
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

// addressFacts are what columns of addresses need beside the address itself.
type addressFacts struct {
	*scanState
	uptime lazy[time.Duration] // negative where it is unknown
}

// sinceBoot is the machine's uptime.
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

// addresses declares the table of the interfaces' addresses.
func addresses() *query.Table {
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
		Fields: addressFields(),
		Shown:  []string{"dev", "prefix", "scope", "peer", "flags", "valid"},
		Key:    []string{"dev", "addr", "prefix", "peer"},
		Events: "Addresses are new, gone, or changed in their flags, labels and the like; what only prolongs their lifetimes is not told.",
		Follow: followAddresses,
		Scan: func(r query.Request) query.Scan[ipAddress] {
			return streamScan[ipAddress]{"rtnetlink RTM_GETADDR, inet and inet6", "addresses", r, addressRows}
		},
	})
}

func addressRows(s *scanState) iter.Seq2[*ipAddress, error] {
	facts := &addressFacts{scanState: s}
	return converted(rtnetlink.Addresses(s.ctx, s.system.Netlink), func(a *rtnetlink.Address) *ipAddress { return &ipAddress{a, facts} })
}

// addressScopes are RT_SCOPE_* of linux/rtnetlink.h.
var addressScopes = codes{
	named(0, "global"), named(200, "site"), named(253, "link"),
	named(254, "host"), named(255, "nowhere"),
}

// addressFlags are IFA_F_* of linux/if_addr.h but the lowest bit, which says something else in each family.
var addressFlags = codes{
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

// The kernel's lowest bit, IFA_F_SECONDARY and IFA_F_TEMPORARY, and its two meanings as bits that the kernel does not
// use.
const (
	lowest    = 1
	temporary = 1 << 30
	secondary = 1 << 31
)

// addressProtocols are IFAPROT_* of linux/if_addr.h.
var addressProtocols = codes{named(1, "kernel_lo"), named(2, "kernel_ra"), named(3, "kernel_ll")}

func addressFields() []query.Field[ipAddress] {
	return []query.Field[ipAddress]{
		{Name: "dev", Type: text, Doc: "The interface.", Get: func(a *ipAddress) any { return nonEmpty(a.facts.interfaceName(uint32(a.Index))) }},
		{Name: "addr", Type: address, Doc: "The address.", Get: (*ipAddress).addr},
		{Name: "prefix", Type: prefix, Doc: "The address with the length of its prefix, as ip address shows it.", Get: func(a *ipAddress) any { return validPrefix(a.Local, a.Bits) }},
		{Name: "network", Type: prefix, Doc: "The addresses that are on the link because of it: those of the prefix, around the peer where there is one.", Get: (*ipAddress).network},
		{Name: "family", Type: enum(families()), Doc: "The address family.", Get: func(a *ipAddress) any { return familyName(a.Family) }},
		{Name: "scope", Type: addressScopes.enum(), Doc: "How far the address is valid: everywhere (global), on the link, or on this host only; NULL for scopes of the administrator's own.",
			Get: func(a *ipAddress) any { return addressScopes.word(uint32(a.Scope)) }},
		{Name: "flags", Type: addressFlags.set(), Doc: "The flags (IFA_F_*, ip-address(8)): permanent has no lifetime, tentative still looks for duplicates, secondary and temporary are not the first choice to send from.",
			Get: (*ipAddress).flagWords},
		{Name: "peer", Type: address, Doc: "The address of the other end of a point-to-point link.", Get: func(a *ipAddress) any { return validAddr(a.Remote) }},
		{Name: "broadcast", Type: address, Doc: "The address of everybody on the link.", Get: func(a *ipAddress) any { return validAddr(a.Broadcast) }},
		{Name: "label", Type: text, Doc: "The label of an IPv4 address, by which ifconfig tells the addresses of an interface apart.", Get: func(a *ipAddress) any { return nonEmpty(a.Label) }},
		{Name: "valid", Type: duration, Change: schema.Gauge, Doc: "How long the address stays; NULL without an end.", Get: ofLifetimes(func(l *rtnetlink.Lifetimes) any { return lifetime(l.Valid) })},
		{Name: "preferred", Type: duration, Change: schema.Gauge, Doc: "How long new connections may use it; NULL without an end.", Get: ofLifetimes(func(l *rtnetlink.Lifetimes) any { return lifetime(l.Preferred) })},
		{Name: "created", Type: duration, Change: schema.Gauge, Costly: true, Doc: "How long ago it was added; too long where the machine has slept since.",
			Get: func(a *ipAddress) any { return a.age(func(l *rtnetlink.Lifetimes) time.Duration { return l.Created }) }},
		{Name: "updated", Type: duration, Change: schema.Gauge, Costly: true, Doc: "How long ago it was changed, as by a router's announcement; too long where the machine has slept since.",
			Get: func(a *ipAddress) any { return a.age(func(l *rtnetlink.Lifetimes) time.Duration { return l.Updated }) }},
		{Name: "metric", Type: integer, Doc: "The metric of the route to the prefix; NULL for the usual one.", Get: func(a *ipAddress) any { return nonZero(a.Metric) }},
		{Name: "protocol", Type: text, Doc: "Who added it: kernel_lo for the loopback's, kernel_ra for a router's announcement, kernel_ll for link-local, else a program's number.",
			Get: func(a *ipAddress) any { return orNull(addressProtocols.text(uint32(a.Protocol)), a.Protocol != 0) }},
	}
}

// ofLifetimes is a value of the lifetimes; NULL where the kernel does not tell them.
func ofLifetimes(get func(*rtnetlink.Lifetimes) any) func(*ipAddress) any {
	return func(a *ipAddress) any {
		if a.Lifetimes == nil {
			return nil
		}
		return get(a.Lifetimes)
	}
}

func (a *ipAddress) addr() any {
	return orNull(a.facts.zoned(a.Local, uint32(a.Index)), a.Local.IsValid())
}

func (a *ipAddress) network() any {
	on := a.Local
	if a.Remote.IsValid() {
		on = a.Remote
	}
	return validPrefix(on, a.Bits, netip.Prefix.Masked)
}

// flagWords tells the two meanings of the lowest bit apart.
func (a *ipAddress) flagWords() any {
	set := a.Flags &^ (secondary | temporary | lowest)
	if a.Flags&lowest != 0 {
		set |= secondary
		if a.Family == inet6 {
			set ^= secondary | temporary
		}
	}
	return addressFlags.flags(set)
}

// age is the time since a moment that the kernel tells in its own time.
func (a *ipAddress) age(moment func(*rtnetlink.Lifetimes) time.Duration) any {
	if a.Lifetimes == nil {
		return nil
	}
	uptime := a.facts.sinceBoot()
	return orNull(max(0, uptime-moment(a.Lifetimes)), uptime >= 0)
}

// lifetime is a time that is left; NULL without an end.
func lifetime(left rtnetlink.Lifetime) any {
	return orNull(time.Duration(left), left != rtnetlink.Forever)
}

// validPrefix is an address with the length of its prefix, changed by the functions; NULL where it is none.
func validPrefix(addr netip.Addr, bits int, change ...func(netip.Prefix) netip.Prefix) any {
	p := netip.PrefixFrom(addr, bits)
	for _, f := range change {
		p = f(p)
	}
	return orNull(p, p.IsValid())
}
