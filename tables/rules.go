package tables

import (
	"iter"
	"net/netip"
	"slices"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// rule is a row of rules.
type rule struct {
	*rtnetlink.Rule
	facts    *routeFacts
	position int // among rules of the same priority, from 1; 0 in events
}

// ruleActions are FR_ACT_* of linux/fib_rules.h.
func ruleActions() codes {
	return codes{
		named(1, "lookup"), named(2, "goto"), named(3, "nop"), named(6, "blackhole"), named(7, "unreachable"),
		named(8, "prohibit"),
	}
}

// ruleFlags are FIB_RULE_* of linux/fib_rules.h.
func ruleFlags() codes {
	return bits(1, "permanent", "invert", "unresolved", "iif_detached", "oif_detached")
}

// rulesTable declares the table of rules of policy routing.
func rulesTable() *query.Table {
	return query.Define(query.Spec[rule]{
		Doc: "A rule of policy routing: which routing table is asked for which packets. The rules are tried in the " +
			"order of their priorities.",
		Examples: []string{
			`rules family == inet | sort priority | select priority, from, to, fwmark, iif, action, table`,
			`rules table == "main"`,
			"rules from != nil or fwmark != nil | select family, priority, from, fwmark, fwmask, table",
			"rules action in [blackhole, unreachable, prohibit]",
			"rules iif_detached in flags or oif_detached in flags or unresolved in flags",
		},
		Columns: slices.Concat(ruleColumns(), selectorColumns()),
		Shown:   []string{"family", "priority", "invert", "from", "to", "iif", "oif", "fwmark", "action", "table"},
		Quiet:   []string{"invert", "from", "to", "iif", "oif", "fwmark"},
		Key:     []string{"family", "priority", "position"},
		Events:  "Rules are new or gone.",
		Follow:  followRules,
		Scan: func(r query.Request) query.Scan[rule] {
			text, families := "nothing: no rule can satisfy the conditions", wantedFamilies(r.Where, nil)
			if len(families) > 0 {
				text = "rtnetlink RTM_GETRULE, " + familyList(families)
			}
			return streamScan[rule]{text, "rules", r,
				func(s *scanState) iter.Seq2[*rule, error] { return ruleRows(s, families) }}
		},
	})
}

// ruleColumns are the columns of what a rule does.
func ruleColumns() []query.Column[rule] {
	return []query.Column[rule]{
		query.Enum("family", "The address family of the packets.",
			families(), func(r *rule) string { return familyName(r.Family) }),
		query.Col("priority", "The priority; the rule with the smallest number is tried first.",
			func(r *rule) uint32 { return r.Priority }),
		query.NonZero("position", "Which one it is of the rules of this priority, from 1, in the order in which "+
			"they are tried; NULL in events.", func(r *rule) int { return r.position }),
		enumOf("action", "What the rule says: lookup in a table, goto another rule, nop, or refuse the packet.",
			ruleActions(), func(r *rule) uint8 { return r.Action }),
		query.Col("table", "The routing table to look into: its name in iproute2's rt_tables, else its number; "+
			"NULL where the rule names none.",
			func(r *rule) string { return r.facts.routeTable(r.Table) }).When((*rule).looksUp),
		query.Opt("table_id", "The number of that table (FRA_TABLE).",
			func(r *rule) (uint32, bool) { return r.Table, r.looksUp() }),
		query.Col("l3mdev", "Whether the table is that of the packet's VRF.", func(r *rule) bool { return r.L3Mdev }),
		query.Opt("goto", "The priority of the rule to go on with.",
			func(r *rule) (uint32, bool) { return r.Goto, r.Action == rtnetlink.ActionGoto }),
		query.Opt("suppress_prefixlength", "Routes with a prefix of this length or a shorter one do not count; "+
			"NULL where all do.",
			func(r *rule) (int, bool) { return r.SuppressPrefixLength, r.SuppressPrefixLength >= 0 }),
		query.Opt("suppress_ifgroup", "Routes over interfaces of this group do not count; NULL where all do.",
			func(r *rule) (int, bool) { return r.SuppressGroup, r.SuppressGroup >= 0 }),
		query.NonZero("realms", "The realms that packets get, from/to or only to, by the names in iproute2's "+
			"rt_realms.", func(r *rule) string { return r.facts.realms(r.Realms) }),
		query.Col("protocol", "Who made the rule, by the name in iproute2's rt_protos; the kernel's own are of "+
			"kernel.", func(r *rule) string { return r.facts.routeProtocol(uint32(r.Protocol)) }),
		flagsOf("flags", "The kernel's flags (FIB_RULE_*): unresolved where goto names no rule, detached where "+
			"there is no such interface; NULL for none.", ruleFlags(), func(r *rule) uint32 { return r.Flags }),
	}
}

// selectorColumns are the columns of which packets a rule is for; NULL stands for any.
func selectorColumns() []query.Column[rule] {
	return slices.Concat([]query.Column[rule]{
		query.Col("invert", "Whether the rule is for the packets that do not match (not).",
			func(r *rule) bool { return r.Flags&rtnetlink.RuleInvert != 0 }),
		query.Opt("from", "The source addresses.",
			func(r *rule) (netip.Prefix, bool) { return r.Src, r.Src.Bits() > 0 }),
		query.Opt("to", "The destination addresses.",
			func(r *rule) (netip.Prefix, bool) { return r.Dst, r.Dst.Bits() > 0 }),
		query.NonZero("iif", "The interface that the packet came from; lo for what this machine sends.",
			func(r *rule) string { return r.InInterface }),
		query.NonZero("oif", "The interface that the sending socket is bound to.",
			func(r *rule) string { return r.OutInterface }),
		query.Opt("fwmark", "The packet's mark, in the bits of fwmask.",
			func(r *rule) (uint32, bool) { return r.Mark, r.marked() }).In(schema.Bits),
		query.Opt("fwmask", "The bits of the mark that count.",
			func(r *rule) (uint32, bool) { return r.MarkMask, r.marked() }).In(schema.Bits),
		query.NonZero("tos", "The type of service, or traffic class.",
			func(r *rule) uint8 { return r.TOS }).In(schema.Bits),
		query.NonZero("ipproto", "The number of the IP protocol, 6 for TCP and 17 for UDP.",
			func(r *rule) uint8 { return r.IPProto }),
	}, query.Within(func(r *rule) *rtnetlink.Range { return r.SourcePorts },
		query.Col("sport_first", "The first source port.", firstPort),
		query.Col("sport_last", "The last source port.", lastPort),
	), query.Within(func(r *rule) *rtnetlink.Range { return r.DestPorts },
		query.Col("dport_first", "The first destination port.", firstPort),
		query.Col("dport_last", "The last destination port.", lastPort),
	), query.Within(func(r *rule) *rtnetlink.Range { return r.UIDs },
		query.Col("uid_first", "The first user id of the sending socket.",
			func(ids *rtnetlink.Range) uint32 { return ids.First }),
		query.Col("uid_last", "The last user id of the sending socket.",
			func(ids *rtnetlink.Range) uint32 { return ids.Last }),
	), []query.Column[rule]{
		query.NonZero("tun_id", "The id of the tunnel that the packet came through.",
			func(r *rule) uint64 { return r.TunnelID }),
	})
}

func firstPort(ports *rtnetlink.Range) query.Port { return query.Port(ports.First) }
func lastPort(ports *rtnetlink.Range) query.Port  { return query.Port(ports.Last) }

// marked says whether the rule looks at the packet mark.
func (r *rule) marked() bool { return r.Mark != 0 || r.MarkMask != 0 }

// looksUp says whether the rule names a routing table to look into.
func (r *rule) looksUp() bool { return r.Action == rtnetlink.ActionTable && r.Table != 0 }

// ruleRows lists the rules of address families, in the kernel's order, in which they are tried.
func ruleRows(s *scanState, families []uint8) iter.Seq2[*rule, error] {
	return func(yield func(*rule, error) bool) {
		facts := &routeFacts{scanState: s}
		for _, family := range families {
			before := rule{}
			for r, err := range rtnetlink.Rules(s.ctx, s.system.Netlink, family) {
				row := &rule{Rule: r, facts: facts, position: 1}
				if err == nil && before.Rule != nil && before.Priority == r.Priority {
					row.position = before.position + 1
				}
				if !yield(row, err) {
					return
				}
				if err == nil {
					before = *row
				}
			}
		}
	}
}
