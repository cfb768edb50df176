package tables

import (
	"iter"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// rule is a row of rules.
type rule struct {
	*rtnetlink.Rule
	facts    *routeFacts
	position int // among rules of the same priority
}

// ruleActions are FR_ACT_* of linux/fib_rules.h.
var ruleActions = codes{named(1, "lookup"), named(2, "goto"), named(3, "nop"), named(6, "blackhole"), named(7, "unreachable"), named(8, "prohibit")}

// ruleFlags are FIB_RULE_* of linux/fib_rules.h.
var ruleFlags = bits(1, "permanent", "invert", "unresolved", "iif_detached", "oif_detached")

// rules declares the table of rules of policy routing.
func rules() *query.Table {
	return query.Define(query.Spec[rule]{
		Doc: "A rule of policy routing: which routing table is asked for which packets. The rules are tried in the order of their priorities.",
		Examples: []string{
			`rules family == inet | sort priority | select priority, from, to, fwmark, iif, action, table`,
			`rules table == "main"`,
			"rules from != nil or fwmark != nil | select family, priority, from, fwmark, fwmask, table",
			"rules action in [blackhole, unreachable, prohibit]",
			"rules iif_detached in flags or oif_detached in flags or unresolved in flags",
		},
		Fields: append(ruleFields(), selectorFields()...),
		Shown:  []string{"family", "priority", "invert", "from", "to", "iif", "oif", "fwmark", "action", "table"},
		Key:    []string{"family", "priority", "position"},
		Events: "Rules are new or gone.",
		Follow: followRules,
		Scan: func(r query.Request) query.Scan[rule] {
			text, families := "nothing: no rule can satisfy the conditions", wantedFamilies(r.Where, nil)
			if len(families) > 0 {
				text = "rtnetlink RTM_GETRULE, " + familyList(families)
			}
			return streamScan[rule]{text, "rules", r, func(s *scanState) iter.Seq2[*rule, error] { return ruleRows(s, families) }}
		},
	})
}

// ruleFields say what a rule does.
func ruleFields() []query.Field[rule] {
	return []query.Field[rule]{
		{Name: "family", Type: enum(families()), Doc: "The address family of the packets.", Get: func(r *rule) any { return familyName(r.Family) }},
		{Name: "priority", Type: integer, Doc: "The priority; the rule with the smallest number is tried first.", Get: func(r *rule) any { return int(r.Priority) }},
		{Name: "position", Type: integer, Doc: "Which one it is of the rules of this priority, from 1, in the order in which they are tried; NULL in events.",
			Get: func(r *rule) any { return nonZero(r.position) }},
		{Name: "action", Type: ruleActions.enum(), Doc: "What the rule says: lookup in a table, goto another rule, nop, or refuse the packet.", Get: func(r *rule) any { return ruleActions.word(uint32(r.Action)) }},
		{Name: "table", Type: text, Doc: "The routing table to look into: its name in iproute2's rt_tables, else its number; NULL where the rule names none.",
			Get: func(r *rule) any { return orNull(r.facts.routeTable(r.Table), r.looksUp()) }},
		{Name: "table_id", Type: integer, Doc: "The number of that table (FRA_TABLE).", Get: func(r *rule) any { return orNull(int(r.Table), r.looksUp()) }},
		{Name: "l3mdev", Type: boolean, Doc: "Whether the table is that of the packet's VRF.", Get: func(r *rule) any { return r.L3Mdev }},
		{Name: "goto", Type: integer, Doc: "The priority of the rule to go on with.", Get: func(r *rule) any { return orNull(int(r.Goto), r.Action == rtnetlink.ActionGoto) }},
		{Name: "suppress_prefixlength", Type: integer, Doc: "Routes with a prefix of this length or a shorter one do not count; NULL where all do.",
			Get: func(r *rule) any { return orNull(r.SuppressPrefixLength, r.SuppressPrefixLength >= 0) }},
		{Name: "suppress_ifgroup", Type: integer, Doc: "Routes over interfaces of this group do not count; NULL where all do.",
			Get: func(r *rule) any { return orNull(r.SuppressGroup, r.SuppressGroup >= 0) }},
		{Name: "realms", Type: text, Doc: "The realms that packets get, from/to or only to, by the names in iproute2's rt_realms.", Get: func(r *rule) any { return r.facts.realms(r.Realms) }},
		{Name: "protocol", Type: text, Doc: "Who made the rule, by the name in iproute2's rt_protos; the kernel's own are of kernel.",
			Get: func(r *rule) any { return r.facts.routeProtocol(uint32(r.Protocol)) }},
		{Name: "flags", Type: ruleFlags.set(), Doc: "The kernel's flags (FIB_RULE_*): unresolved where goto names no rule, detached where there is no such interface; NULL for none.",
			Get: func(r *rule) any { return ruleFlags.flags(r.Flags) }},
	}
}

// selectorFields say which packets a rule is for; NULL is any.
func selectorFields() []query.Field[rule] {
	return []query.Field[rule]{
		{Name: "invert", Type: boolean, Doc: "Whether the rule is for the packets that do not match (not).", Get: func(r *rule) any { return r.Flags&rtnetlink.RuleInvert != 0 }},
		{Name: "from", Type: prefix, Doc: "The source addresses.", Get: func(r *rule) any { return orNull(r.Src, r.Src.Bits() > 0) }},
		{Name: "to", Type: prefix, Doc: "The destination addresses.", Get: func(r *rule) any { return orNull(r.Dst, r.Dst.Bits() > 0) }},
		{Name: "iif", Type: text, Doc: "The interface that the packet came from; lo for what this machine sends.", Get: func(r *rule) any { return nonEmpty(r.InInterface) }},
		{Name: "oif", Type: text, Doc: "The interface that the sending socket is bound to.", Get: func(r *rule) any { return nonEmpty(r.OutInterface) }},
		{Name: "fwmark", Type: integer, Unit: schema.Bits, Doc: "The packet's mark, in the bits of fwmask.", Get: func(r *rule) any { return orNull(int(r.Mark), r.Mark != 0 || r.MarkMask != 0) }},
		{Name: "fwmask", Type: integer, Unit: schema.Bits, Doc: "The bits of the mark that count.", Get: func(r *rule) any { return orNull(int(r.MarkMask), r.Mark != 0 || r.MarkMask != 0) }},
		{Name: "tos", Type: integer, Unit: schema.Bits, Doc: "The type of service, or traffic class.", Get: func(r *rule) any { return nonZero(uint32(r.TOS)) }},
		{Name: "ipproto", Type: integer, Doc: "The number of the IP protocol, 6 for TCP and 17 for UDP.", Get: func(r *rule) any { return nonZero(uint32(r.IPProto)) }},
		portField("sport_first", "The first source port.", func(r *rule) *rtnetlink.Range { return r.SourcePorts }, first),
		portField("sport_last", "The last source port.", func(r *rule) *rtnetlink.Range { return r.SourcePorts }, last),
		portField("dport_first", "The first destination port.", func(r *rule) *rtnetlink.Range { return r.DestPorts }, first),
		portField("dport_last", "The last destination port.", func(r *rule) *rtnetlink.Range { return r.DestPorts }, last),
		{Name: "uid_first", Type: integer, Doc: "The first user id of the sending socket.", Get: func(r *rule) any { return inRange(r.UIDs, first) }},
		{Name: "uid_last", Type: integer, Doc: "The last user id of the sending socket.", Get: func(r *rule) any { return inRange(r.UIDs, last) }},
		{Name: "tun_id", Type: integer, Doc: "The id of the tunnel that the packet came through.", Get: func(r *rule) any { return nonZero(r.TunnelID) }},
	}
}

func first(r rtnetlink.Range) uint32 { return r.First }
func last(r rtnetlink.Range) uint32  { return r.Last }

func inRange(r *rtnetlink.Range, end func(rtnetlink.Range) uint32) any {
	if r == nil {
		return nil
	}
	return int(end(*r))
}

func portField(name, doc string, ports func(*rule) *rtnetlink.Range, end func(rtnetlink.Range) uint32) query.Field[rule] {
	return query.Field[rule]{Name: name, Type: port, Doc: doc, Get: func(r *rule) any {
		if r := ports(r); r != nil {
			return nonZero(end(*r))
		}
		return nil
	}}
}

func (r *rule) looksUp() bool { return r.Action == rtnetlink.ActionTable && r.Table != 0 }

// ruleRows lists the rules, which come in the order in which they are tried.
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
