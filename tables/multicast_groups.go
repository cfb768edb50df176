package tables

import (
	"iter"
	"net/netip"
	"slices"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

// multicastGroup is a row of multicast_groups: an interface's membership in an IP group or in a link-layer group.
type multicastGroup struct {
	family  string
	ip      procfs.Membership     // zero for a link-layer group
	link    procfs.LinkMembership // zero for an IP group
	filters *multicastFilters
}

// groupFamilies are the families that have groups: those of IP, and link for link-layer addresses.
func groupFamilies() *schema.Vocabulary {
	return schema.NewVocabulary(append(slices.Clone(familyWords), schema.Word{Name: "link"})...)
}

// multicastGroupsTable declares the table of group memberships.
func multicastGroupsTable() *query.Table {
	return query.Define(query.Spec[multicastGroup]{
		Doc: "A multicast group that an interface is a member of: of IPv4, of IPv6, or of the link layer, where it " +
			"is a filter of the interface.",
		Examples: []string{
			"multicast_groups family == inet | select interface, group, users",
			"multicast_groups group in [224.0.0.251, ff02::fb] | count by interface",
			"multicast_groups included != nil | select interface, group, included",
			"multicast_groups family == link | count by interface",
			"multicast_groups timer != nil | sort timer",
		},
		Columns: slices.Concat(groupColumns(), filterColumns()),
		Shown:   []string{"interface", "family", "group", "mac", "users"},
		Key:     []string{"interface", "family", "group", "mac"},
		Scan: func(r query.Request) query.Scan[multicastGroup] {
			files := wantedMemberships(r)
			plan := planText(files, func(f membershipFile) string { return "/proc/net/" + f.name })
			return streamScan[multicastGroup]{plan, "multicast groups", r,
				func(s *scanState) iter.Seq2[*multicastGroup, error] { return groupRows(s, files) }}
		},
	})
}

func groupColumns() []query.Column[multicastGroup] {
	return slices.Concat([]query.Column[multicastGroup]{
		query.Col("interface", "The interface that is a member.",
			func(g *multicastGroup) string { return g.ip.Interface + g.link.Interface }),
		query.Enum("family", "The address family of the group: inet, inet6, or link for a group of link-layer "+
			"addresses.", groupFamilies(), func(g *multicastGroup) string { return g.family }),
	}, query.Within((*multicastGroup).ofIP,
		query.Col("group", "The address of the group (/proc/net/igmp, igmp6); NULL where family is link.",
			groupAddress),
	), []query.Column[multicastGroup]{
		query.Col("mac", "The link-layer address whose frames the interface receives (/proc/net/dev_mcast); NULL "+
			"for groups of IP.",
			func(g *multicastGroup) schema.HardwareAddr { return schema.HardwareAddr(g.link.Address) }),
		query.Col("users", "How many times it has been joined, by sockets and by the kernel itself.",
			func(g *multicastGroup) int { return g.ip.Users + g.link.Users }).In(schema.Times),
		query.Opt("static", "Whether an administrator has added it (ip maddr add); NULL for groups of IP.",
			func(g *multicastGroup) (bool, bool) { return g.link.Static, g.ofIP() == nil }),
	}, query.Within((*multicastGroup).ofIP,
		query.Opt("timer", "When the next report of the membership is sent to the routers; NULL while none is due.",
			func(m *procfs.Membership) (time.Duration, bool) { return m.Timer, m.TimerRuns }).Gauge(),
		query.Col("reporter", "Whether this machine was the last on the link to report the group, and so has to "+
			"say when it leaves.", func(m *procfs.Membership) bool { return m.Reporter }),
		query.NonZero("querier", "The version of IGMP that the interface speaks, which is that of the oldest "+
			"router heard lately: V1, V2 or V3; NULL for others than IPv4.", querierVersion),
	))
}

// ofIP is the membership in an IP group; nil for a link-layer group.
func (g *multicastGroup) ofIP() *procfs.Membership {
	if g.family == "link" {
		return nil
	}
	return &g.ip
}

// groupAddress is the address of an IP group, with the interface as its zone where the group is link-local.
func groupAddress(m *procfs.Membership) netip.Addr {
	if m.Group.Is6() && m.Group.IsLinkLocalMulticast() {
		return m.Group.WithZone(m.Interface)
	}
	return m.Group
}

// querierVersion is the version of IGMP that the interface speaks; "" where the kernel names none.
func querierVersion(m *procfs.Membership) string {
	if m.Querier == "NONE" {
		return ""
	}
	return m.Querier
}

// membershipFile is a file of /proc/net that lists the groups of one family.
type membershipFile struct {
	family, name string
	read         func(vfs.Files) ([]multicastGroup, error)
}

// membershipFiles are the files of all families.
func membershipFiles() []membershipFile {
	ip := func(m procfs.Membership) multicastGroup { return multicastGroup{ip: m} }
	link := func(m procfs.LinkMembership) multicastGroup { return multicastGroup{link: m} }
	return []membershipFile{
		{"inet", "igmp", readGroups(procfs.Igmp, ip)},
		{"inet6", "igmp6", readGroups(procfs.Igmp6, ip)},
		{"link", "dev_mcast", readGroups(procfs.DevMcast, link)},
	}
}

func readGroups[T any](
	read func(vfs.Files) ([]T, error), group func(T) multicastGroup,
) func(vfs.Files) ([]multicastGroup, error) {
	return func(files vfs.Files) (groups []multicastGroup, err error) {
		list, err := read(files)
		for _, m := range list {
			groups = append(groups, group(m))
		}
		return groups, err
	}
}

// wantedMemberships are the files of the families that the conditions allow, without IPv6's where the kernel has none.
func wantedMemberships(r query.Request) (wanted []membershipFile) {
	for _, f := range membershipFiles() {
		if mayBe(r.Where, "family", f.family) && !(f.family == "inet6" && withoutIPv6(ofQuery(r.State).system.Files)) {
			wanted = append(wanted, f)
		}
	}
	return wanted
}

func groupRows(s *scanState, files []membershipFile) iter.Seq2[*multicastGroup, error] {
	return func(yield func(*multicastGroup, error) bool) {
		filters := &multicastFilters{scanState: s}
		for _, f := range files {
			groups, err := f.read(s.system.Files)
			for _, g := range groups {
				g.family, g.filters = f.family, filters
				if !yield(&g, nil) {
					return
				}
			}
			if err != nil && !yield(nil, err) {
				return
			}
		}
	}
}
