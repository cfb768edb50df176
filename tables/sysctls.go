package tables

import (
	"slices"
	"strconv"
	"strings"

	"netql/query"
	"netql/query/schema"
)

// sysctl is a row of sysctls.
type sysctl struct {
	name  string
	value optional[string]
}

// sysctlsTable declares the table of the kernel's settings.
func sysctlsTable() *query.Table {
	return query.Define(query.Spec[sysctl]{
		Doc: "A setting of the kernel, as sysctl(8) has it: all of net, and the few others that the network depends " +
			"on. Keys of cryptography (tcp_fastopen_key, stable_secret, netdev_rss_key) are never read. A difference " +
			"leaves out settings of an interface that is new or gone.",
		Examples: []string{
			"sysctls changed | select name, value, default",
			`sysctls name == "net.ipv4.ip_forward"`,
			`sysctls name contains "rmem" | select name, value`,
			`sysctls name startsWith "net.ipv4.conf." and name endsWith ".rp_filter" | select interface, value`,
			"sysctls integer > 1000000 | sort integer desc | select name, integer",
			"sysctls scope == machine | count by changed",
		},
		Columns:     sysctlColumns(),
		Shown:       []string{"name", "value", "default", "changed", "scope"},
		Spare:       []string{"scope", "changed"},
		Key:         []string{"name"},
		Accompanies: func(s *sysctl) bool { return s.interfaceName() != "" },
		Scan:        planSysctls,
	})
}

func sysctlColumns() []query.Column[sysctl] {
	return []query.Column[sysctl]{
		query.Col("name", "The name that sysctl(8) gives it; a dot in the name of an interface is a slash: "+
			"net.ipv4.conf.eth0/100.rp_filter.", func(s *sysctl) string { return s.name }).Whole().Parts(),
		query.Opt("value", "Its text, with a blank between its parts; NULL for keys, which are not read, and where "+
			"the permission is missing.", (*sysctl).text).ChangesAs(sysctlChange),
		query.Opt("integer", "The value where it is one whole number.", (*sysctl).integer).ChangesAs(sysctlChange),
		query.List("elements", "The parts of a value that has several, as texts.", (*sysctl).elements),
		query.Opt("default", "What the kernel's documentation says that it is if nobody changes it (ip-sysctl.rst, "+
			"admin-guide/sysctl/net.rst); NULL where it does not say, or where that depends on the machine.",
			func(s *sysctl) (string, bool) { return defaultOfSysctl(s.name) }).Explains(),
		query.Opt("changed", "Whether the value differs from the default; NULL where that is unknown.",
			(*sysctl).changed),
		query.Enum("scope", "Whose it is: namespace, if each network namespace has its own, or machine; NULL where "+
			"netql does not know, which has it from the kernel's source (tables registered for all namespaces, or for "+
			"the first).", limitScopes(), func(s *sysctl) string { return sysctlScope(s.name) }),
		query.NonZero("interface", "The interface that it is of; NULL for all and default, and for settings that no "+
			"interface has.", (*sysctl).interfaceName),
	}
}

// sysctlChange says how the value changes: one that the kernel counts itself goes up and down.
func sysctlChange(s *sysctl) schema.Change {
	if s.name == "net.netfilter.nf_conntrack_count" {
		return schema.Gauge
	}
	return schema.Static
}

func (s *sysctl) text() (string, bool) { return s.value.get() }

func (s *sysctl) integer() (int, bool) {
	n, err := strconv.Atoi(s.value.value)
	return n, err == nil
}

// elements are the parts between blanks; nil where there is one at most.
func (s *sysctl) elements() []string {
	if parts := strings.Fields(s.value.value); len(parts) > 1 {
		return parts
	}
	return nil
}

func (s *sysctl) changed() (bool, bool) {
	usual, ok := defaultOfSysctl(s.name)
	return s.value.value != usual, ok && s.value.known
}

// interfaceName is the interface whose setting it is, below net.ipv4.conf, net.ipv6.neigh and the like; "" for none.
func (s *sysctl) interfaceName() string {
	parts := strings.Split(s.name, ".")
	if len(parts) != 5 || parts[0] != "net" || !slices.Contains([]string{"conf", "neigh"}, parts[2]) {
		return ""
	}
	if parts[3] == "all" || parts[3] == "default" {
		return ""
	}
	return strings.ReplaceAll(parts[3], "/", ".")
}
