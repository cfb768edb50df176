package tables_test

import (
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"netql/sources/lab"
)

// TestRulesAgainstIP compares every rule with ip's, field by field.
func TestRulesAgainstIP(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		routeWorld(t)
		var want, got []string
		for _, family := range []string{"inet", "inet6"} {
			for _, o := range routeJSON(t, "-family", family, "rule") {
				want = append(want, lines([]row{ipRule(t, family, o)})[0])
			}
		}
		for _, r := range live(t, "rules | select *") {
			for _, column := range []string{"position", "table_id", "uid_last", "sport_last", "dport_last"} {
				delete(r, column)
			}
			got = append(got, lines([]row{r})[0])
		}
		same(t, "rules", got, want)
		same(t, "positions", lines(live(t, "rules priority == 70 | select position, iif, oif, l3mdev")), []string{
			"iif=gone0 l3mdev=false oif=- position=1", "iif=- l3mdev=false oif=gone0 position=2",
			"iif=- l3mdev=true oif=- position=3"})
		same(t, "ranges", lines(live(t,
			"rules sport_first != nil or uid_first != nil | select sport_first, sport_last, dport_first, dport_last, "+
				"uid_first, uid_last")), []string{
			"dport_first=80 dport_last=80 sport_first=10 sport_last=20 uid_first=- uid_last=-",
			"dport_first=- dport_last=- sport_first=- sport_last=- uid_first=0 uid_last=0"})
	})
}

// ipRuleNames are members of ip's objects that the table has by another name.
var ipRuleNames = map[string]string{
	"suppress_prefixlen": "suppress_prefixlength", "sport_start": "sport_first", "dport": "dport_first",
	"uid_start": "uid_first", "flow_to": "realms",
}

// ipRule is a rule as ip tells it.
func ipRule(t *testing.T, family string, o routeObject) row {
	t.Helper()
	r := row{"family": family, "invert": has(o, "not"), "l3mdev": has(o, "l3mdev"), "action": "lookup"}
	for _, column := range []string{"table", "goto", "suppress_prefixlength", "suppress_ifgroup", "realms", "flags",
		"from", "to", "iif", "oif", "fwmark", "fwmask", "tos", "ipproto", "sport_first", "dport_first", "uid_first",
		"tun_id"} {
		r[column] = nil
	}
	r["from"], r["to"], r["flags"] = rulePrefix(o, "src"), rulePrefix(o, "dst"), ruleFlagsOf(o)
	for name, value := range o {
		column := name
		if other, ok := ipRuleNames[name]; ok {
			column = other
		}
		switch name {
		case "nop":
			r["action"] = "nop"
		case "goto":
			r["action"], r["goto"] = "goto", integer(value)
		case "fwmark", "fwmask", "tos":
			r[name] = hexadecimal(t, value)
		case "suppress_ifgroup", "ipproto": // by name, or as text; there is only one of each
			r[name] = map[string]int{"suppress_ifgroup": 5, "ipproto": 6}[name]
		case "suppress_prefixlen", "sport_start", "dport", "uid_start", "flow_to", "priority", "iif", "oif", "table",
			"protocol", "action", "tun_id":
			r[column] = integer(value)
		}
	}
	if o["flow_from"] != nil {
		r["realms"] = o["flow_from"].(string) + "/" + o["flow_to"].(string)
	}
	if r["fwmark"] != nil && r["fwmask"] == nil {
		r["fwmask"] = 0xffffffff
	}
	return r
}

// has says whether an routeObject has a member; those of ip that only are there are null.
func has(o routeObject, name string) bool { _, ok := o[name]; return ok }

func rulePrefix(o routeObject, name string) any {
	if !has(o, name+"len") {
		return nil
	}
	return netip.PrefixFrom(netip.MustParseAddr(o[name].(string)), integer(o[name+"len"]).(int))
}

func ruleFlagsOf(o routeObject) any {
	var flags []string
	for _, name := range []string{"not", "unresolved", "iif_detached", "oif_detached"} {
		if has(o, name) {
			flags = append(flags, strings.Replace(name, "not", "invert", 1))
		}
	}
	if flags == nil {
		return nil
	}
	return flags
}

func hexadecimal(t *testing.T, value any) int {
	t.Helper()
	n, err := strconv.ParseUint(value.(string), 0, 32)
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
}
