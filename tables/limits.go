package tables

import (
	"netql/query"
	"netql/query/schema"
)

// limit is a row of limits: how much is used of something of which there is only so much.
type limit struct {
	*limitKind
	subject    string        // what the limit is of; "" for one of the namespace or the machine as a whole
	used, most optional[int] // in the unit of the kind; most is unknown where there is no limit, or it cannot be read
	changedBy  string        // "" for the setting of the kind
	inBytes    bool          // what other rows of the kind count in packets
}

// limitsTable declares the table of what fills up.
func limitsTable() *query.Table {
	return query.Define(query.Spec[limit]{
		Doc: "Something that fills up: how much of it is used, and how much there may be, from ephemeral ports to " +
			"open files. A name with many subjects (destinations, listeners, processes, queues, CPUs) has rows for " +
			"those that use a tenth of their limit or more, and for the fullest; a query with a condition on name, " +
			"subject, used, limit or share asks about all of them.",
		Examples: []string{
			"limits share > 80%",
			"limits | sort share desc | select name, subject, used, limit, share, setting",
			"limits name == ephemeral_ports | top 5 by share",
			"limits name == accept_queue and used > 0 | select subject, used, limit, setting",
			"limits name in [tcp_mem, udp_mem, ip_fragments] | select name, used, limit, unit",
			"limits scope == machine | select name, subject, share, doc",
		},
		Columns: limitColumns(),
		Shown:   []string{"name", "used", "limit", "share", "unit", "subject", "setting"},
		Spare:   []string{"setting", "unit"},
		Key:     []string{"name", "subject"},
		Derived: true,
		Scan:    planLimits,
	})
}

func limitColumns() []query.Column[limit] {
	return []query.Column[limit]{
		query.Enum("name", "What fills up.", limitNames(), func(l *limit) string { return l.name }),
		query.NonZero("subject", "Whose it is: the two ends that ports are for, a listener, a process, a queue, a "+
			"CPU, an address family; NULL for what the network namespace or the machine has as a whole.",
			func(l *limit) string { return l.subject }).Whole(),
		query.Opt("used", "How much is in use, in the unit of the row; NULL where the kernel does not tell.",
			func(l *limit) (int, bool) { return l.used.get() }).Gauge(),
		query.Opt("limit", "How much there may be, in the same unit; NULL where there is no limit, and for "+
			"settings that can be read in the first network namespace only.",
			func(l *limit) (int, bool) { return l.most.get() }),
		query.Opt("share", "The share of the limit that is used: 1 is full, on a screen in percent; NULL where one "+
			"of them is.",
			(*limit).share).Gauge().Share(9),
		query.Col("unit", "What used and limit count.", (*limit).countedIn).Explains(),
		query.Enum("scope", "Whose limit it is: namespace, if each network namespace has its own, or machine. Where "+
			"all network namespaces or another one are asked, only the row of our own speaks of the machine.",
			limitScopes(), (*limit).scope),
		query.Col("setting", "Where to change the limit: a sysctl, or what a program or an administrator calls.",
			(*limit).setting),
		query.Col("doc", "What it is, and what happens when it is full.",
			func(l *limit) string { return l.doc }).Explains(),
	}
}

func (l *limit) countedIn() string {
	if l.inBytes {
		return "bytes"
	}
	return l.unit
}

// limitScopes are the values of scope.
func limitScopes() *schema.Vocabulary { return schema.Words("namespace", "machine") }

func (l *limit) scope() string {
	if l.machine {
		return "machine"
	}
	return "namespace"
}

func (l *limit) setting() string {
	if l.changedBy != "" {
		return l.changedBy
	}
	return l.limitKind.setting
}

// share is how much of the limit is used; unknown where either is, and where the limit is 0.
func (l *limit) share() (float64, bool) {
	if !l.used.known || !l.most.known || l.most.value <= 0 {
		return 0, false
	}
	return float64(l.used.value) / float64(l.most.value), true
}
