package tables

import (
	"errors"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"unicode"

	"netql/query"
	"netql/query/schema"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

// protoStat is a row of proto_stats.
type protoStat struct {
	proto string
	procfs.Counter
	about *counter // what is known about it; nil if nothing is
}

// protoStatsTable declares the table of the counters of protocols.
func protoStatsTable() *query.Table {
	return query.Define(query.Spec[protoStat]{
		Doc: "A counter that the kernel keeps about a protocol, such as the segments that TCP sent again.",
		Examples: []string{
			"proto_stats proto == tcp",
			`proto_stats name contains "Retrans" | select name, value`,
			"proto_stats trouble and value > 0 | select proto, name, value, doc",
			"proto_stats topic == routing | select proto, name, value",
			"proto_stats topic == multicast and value > 0",
			`proto_stats name in ["ListenOverflows", "ListenDrops", "TCPReqQFullDrop"] | select name, value, doc`,
			"proto_stats proto == icmpmsg | select name, value, doc",
			`proto_stats mib == "tcpCurrEstab" | select value`,
		},
		Columns: protoStatColumns(),
		Shown:   []string{"proto", "name", "value", "unit", "doc"},
		Key:     []string{"proto", "name"},
		Scan:    planProtoStats,
	})
}

func protoStatColumns() []query.Column[protoStat] {
	return slices.Concat([]query.Column[protoStat]{
		query.Enum("proto", "The protocol, or the part of the kernel, that the counter belongs to: the kernel's "+
			"group in lower_snake case.", statProtos(), func(s *protoStat) string { return s.proto }),
		query.Col("name", "The kernel's name; MIB objects have it behind the name of their protocol.",
			func(s *protoStat) string { return s.Name }),
		query.Opt("value", "The value; counters count since the network namespace was made, and wrap at the kernel's "+
			"word size; NULL where there is no limit (tcp MaxConn). The delta of one whose kind is gauge or setting "+
			"may be negative.", (*protoStat).value).Counter().ChangesAs((*protoStat).change),
	}, query.Within(func(s *protoStat) *counter { return s.about },
		query.Enum("kind", "How the value behaves: a counter only grows, a gauge goes up and down, a setting is "+
			"configured or constant; NULL where netql does not know the counter.",
			counterKindWords(), func(c *counter) string { return counterKindNames[c.kind] }),
		query.Enum("topic", "What it is about, across protocols: routing, multicast, loss and so on.",
			counterTopics(), func(c *counter) string { return c.topic }),
		query.NonZero("unit", "What the value counts: packets, bytes, connections and so on.",
			func(c *counter) string { return c.unit }).Explains(),
		query.Col("trouble", "Whether it counts something that should not happen: errors, losses, limits that were "+
			"met.", func(c *counter) bool { return c.kind == trouble }),
		query.NonZero("mib", "The object of the standard's MIB that it is; NULL for Linux' own.",
			func(c *counter) string { return c.mib }),
		query.Col("doc", "What it means, in a sentence.", func(c *counter) string { return c.doc }).Explains(),
	))
}

// value is the value; false for a negative one, with which the kernel says that there is no limit.
func (s *protoStat) value() (int64, bool) { return s.Value, s.Value >= 0 }

// change says how the value changes; as a counter where nothing is known about it.
func (s *protoStat) change() schema.Change {
	if s.about == nil {
		return schema.Counter
	}
	return counterKindChanges[s.about.kind]
}

// statFile is a file of counters, or a directory of such files.
type statFile struct {
	path   string
	protos []string // the protocols that it is known to have; there may be more
	always bool     // every kernel has it; others are missing where the kernel lacks their protocol
	read   statRead
}

// statRead reads the counters of the groups that want accepts; it may give others, too.
type statRead func(files vfs.Files, want func(group string) bool) ([]procfs.Counter, error)

// statFiles are all files of counters.
func statFiles() []statFile {
	return []statFile{
		{"/proc/net/snmp", []string{"ip", "icmp", "icmpmsg", "tcp", "udp", "udplite"}, true, whole(procfs.Snmp)},
		{"/proc/net/netstat", []string{"tcp_ext", "ip_ext", "mptcp_ext"}, true, whole(procfs.Netstat)},
		{"/proc/net/snmp6", []string{"ip6", "icmp6", "udp6", "udplite6"}, false, whole(procfs.Snmp6)},
		{"/proc/net/sctp/snmp", []string{"sctp"}, false, whole(procfs.SCTPSnmp)},
		{"/proc/net/xfrm_stat", []string{"xfrm"}, false, whole(procfs.XfrmStat)},
		{"/proc/net/tls_stat", []string{"tls"}, false, whole(procfs.TLSStat)},
		{"/proc/net/rt6_stats", []string{"rt6_stats"}, false, whole(procfs.RT6Stats)},
		{"/proc/net/stat", []string{"rt_cache", "arp_cache", "ndisc_cache", "nf_conntrack", "synproxy"}, false,
			procfs.CacheStats},
	}
}

// statProtos are the protocols, in the order of their files; a kernel may have others.
func statProtos() *schema.Vocabulary {
	var names []string
	for _, f := range statFiles() {
		names = append(names, f.protos...)
	}
	return schema.OpenWords(names...)
}

// whole is the statRead of a file that is always read as a whole.
func whole(read func(vfs.Files) ([]procfs.Counter, error)) statRead {
	return func(files vfs.Files, _ func(string) bool) ([]procfs.Counter, error) { return read(files) }
}

// planProtoStats reads the files of the protocols that the conditions allow.
func planProtoStats(r query.Request) query.Scan[protoStat] {
	want := wantedProtos(r.Where)
	var wanted []statFile
	var paths []string
	for _, f := range statFiles() {
		if f.has(want) {
			wanted, paths = append(wanted, f), append(paths, f.path)
		}
	}
	if len(paths) == 0 {
		paths = []string{"nothing: no counter can satisfy the conditions"}
	}
	named := func(proto string) bool { return r.Where.Mentions("proto", proto) }
	return streamScan[protoStat]{strings.Join(paths, ", "), "counters", r,
		func(s *scanState) iter.Seq2[*protoStat, error] {
			reader := statReader{s.system.Files, want, named, counterGroups()}
			return func(yield func(*protoStat, error) bool) {
				for _, f := range wanted {
					if !reader.rows(f, yield) {
						return
					}
				}
			}
		}}
}

// wantedProtos is the function that says whether the conditions allow a protocol. Files may have protocols that are not
// listed here: where the conditions allow such a one, every protocol is wanted.
func wantedProtos(where query.Predicate) func(proto string) bool {
	may := func(proto string) bool {
		return mayBe(where, "proto", proto)
	}
	if may("") {
		return func(string) bool { return true }
	}
	for _, value := range where.Values("proto") {
		if proto, ok := value.(string); ok && !isKnownProto(proto) {
			return func(string) bool { return true }
		}
	}
	return may
}

func isKnownProto(proto string) bool {
	return slices.ContainsFunc(statFiles(), func(f statFile) bool { return slices.Contains(f.protos, proto) })
}

// has says whether the file is known to have a protocol that want accepts.
func (f statFile) has(want func(proto string) bool) bool { return slices.ContainsFunc(f.protos, want) }

// statReader reads the counters that a query wants.
type statReader struct {
	files       vfs.Files
	want, named func(proto string) bool // whether the conditions allow a protocol; whether they name it
	groups      []counterGroup
}

// rows yields the counters of a file; false says that the reader wants no more. A missing file is an error if every
// kernel has it, or if the query names one of its protocols.
func (r statReader) rows(f statFile, yield func(*protoStat, error) bool) bool {
	list, err := f.read(r.files, r.want)
	var group counterGroup
	proto := ""
	for i, c := range list {
		if i == 0 || c.Group != list[i-1].Group {
			proto = protoName(c.Group)
			group = groupOf(r.groups, proto)
		}
		if !yield(&protoStat{proto, c, group.find(c.Name)}, nil) {
			return false
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		if !f.always && !f.has(r.named) {
			return true
		}
		const why = ": the kernel lacks this part, or its module is not loaded"
		err = missingFile{absence("there is no " + f.path + why), err}
	}
	return err == nil || yield(nil, err)
}

// protoName is the protocol of a group in the kernel's files, which is its name in lower_snake case: tcp_ext for
// TcpExt.
func protoName(group string) string {
	switch group { // the groups for which the rule does not hold
	case "IcmpMsg", "UdpLite", "UdpLite6":
		return strings.ToLower(group)
	case "MPTcpExt":
		return "mptcp_ext"
	}
	var b strings.Builder
	lower := false
	for _, r := range group {
		if unicode.IsUpper(r) && lower {
			b.WriteByte('_')
		}
		lower = unicode.IsLower(r)
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
