package tables

import (
	"iter"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// neighbor is a row of neighbors.
type neighbor struct {
	*rtnetlink.Neighbor
	scan *scanState
}

// ages says that a neighbour's state changes because time has passed, or a packet was sent: it is known before and
// after.
func ages(old, new any) bool {
	known := []any{"REACHABLE", "STALE", "DELAY", "PROBE"}
	return slices.Contains(known, old) && slices.Contains(known, new)
}

// neighborStates are NUD_* of linux/neighbour.h, in the order in which an entry that is used goes through them.
func neighborStates() codes {
	return codes{
		named(0x00, "NONE"),
		{0x01, schema.Word{Name: "INCOMPLETE", Level: schema.Busy}},
		{0x02, schema.Word{Name: "REACHABLE", Level: schema.Good}},
		named(0x04, "STALE"),
		{0x08, schema.Word{Name: "DELAY", Level: schema.Busy}},
		{0x10, schema.Word{Name: "PROBE", Level: schema.Busy}},
		{0x20, schema.Word{Name: "FAILED", Level: schema.Bad}},
		named(0x40, "NOARP"),
		named(0x80, "PERMANENT"),
	}
}

// neighborFlags are NTF_* of linux/neighbour.h, in ip-neighbour(8)'s words.
func neighborFlags() codes {
	return codes{
		named(rtnetlink.NeighborRouter, "router"),
		named(rtnetlink.NeighborProxy, "proxy"),
		named(rtnetlink.NeighborLearned, "extern_learn"),
		{rtnetlink.NeighborOffloaded, schema.Word{Name: "offload", Aliases: []string{"offloaded"}}},
		named(rtnetlink.NeighborManaged, "managed"),
		named(rtnetlink.NeighborValidated, "extern_valid"),
	}
}

// neighborKinds are the types of addresses, RTN_* of linux/rtnetlink.h.
func neighborKinds() codes {
	return codes{
		named(1, "unicast"), named(2, "local"), named(3, "broadcast"), named(4, "anycast"), named(5, "multicast"),
	}
}

// neighborsTable declares the table of ARP and NDP entries.
func neighborsTable() *query.Table {
	return query.Define(query.Spec[neighbor]{
		Doc: "A neighbour in the ARP (IPv4) or NDP (IPv6) table, or an address for which this machine answers in " +
			"another's place (proxy). What bridges learn, their forwarding database, is not here.",
		Examples: []string{
			"neighbors",
			"neighbors state in [failed, incomplete] | count by dev",
			"neighbors | group by mac: ips = count(), list(addr) | where ips > 1",
			"neighbors flags contains router | select addr, mac, dev, state",
			"neighbors proxy | select addr, dev",
			"neighbors state == STALE and used > 10m | sort used desc",
		},
		Columns: neighborColumns(),
		Shown:   []string{"addr", "mac", "dev", "state", "flags"},
		Quiet:   []string{"flags"},
		Spare:   []string{"flags"},
		Key:     []string{"addr", "dev", "family", "proxy"},
		Scan:    planNeighbors,
		Events: "Neighbours are new, gone, or changed in their state, link-layer address and the like; proxy " +
			"entries, and what the kernel knows without asking (NOARP), come without a word.",
		Follow: followNeighbors,
	})
}

func neighborColumns() []query.Column[neighbor] {
	return slices.Concat([]query.Column[neighbor]{
		query.Col("addr", "The neighbour's IP address.", (*neighbor).address),
		query.Col("mac", "Its link-layer address; NULL where it is not known, or the link has none.",
			func(n *neighbor) schema.HardwareAddr { return schema.HardwareAddr(n.LinkAddr) }),
		query.NonZero("dev", "The interface behind which it is; NULL for a proxy entry of all interfaces.",
			func(n *neighbor) string { return n.scan.interfaceName(n.Index) }),
		query.Enum("family", "The address family: inet entries are ARP's, inet6 ones NDP's.",
			families(), func(n *neighbor) string { return familyName(n.Family) }),
		enumOf("state", "The state of neighbour unreachability detection (RFC 4861), with NOARP and PERMANENT for "+
			"what is not checked; NULL for a proxy entry.",
			neighborStates(), func(n *neighbor) uint16 { return n.State }).When((*neighbor).real).ByItself(ages),
		flagsOf("flags", "What else holds of it; NULL where nothing does.",
			neighborFlags(), func(n *neighbor) uint32 { return n.Flags }),
		enumOf("kind", "The kind of the address; NULL for a proxy entry.",
			neighborKinds(), func(n *neighbor) uint8 { return n.Kind }).When((*neighbor).real),
		query.Opt("probes", "Questions for it that had no answer yet; NULL for a proxy entry.",
			func(n *neighbor) (uint32, bool) { return n.Probes, n.Cache != nil }).Gauge().In(schema.Times),
	}, query.Within(func(n *neighbor) *rtnetlink.NeighborCache { return n.Cache }, neighborCacheColumns()...),
		[]query.Column[neighbor]{
			query.Opt("protocol", "Who made the entry, if he said so: static, zebra, bgp and so on.",
				(*neighbor).protocol),
			query.Col("proxy", "Whether this machine answers for the address, instead of asking for it.",
				func(n *neighbor) bool { return n.Proxy() }),
		})
}

// neighborCacheColumns are the columns of struct nda_cacheinfo, which a proxy entry lacks.
func neighborCacheColumns() []query.Column[rtnetlink.NeighborCache] {
	type cache = rtnetlink.NeighborCache
	return []query.Column[cache]{
		query.Col("confirmed", "How long ago it was last known to be reachable.",
			func(c *cache) time.Duration { return c.Confirmed }).Gauge(),
		query.Col("used", "How long ago a packet was last sent to it.",
			func(c *cache) time.Duration { return c.Used }).Gauge(),
		query.Col("updated", "How long ago its state or link-layer address last changed.",
			func(c *cache) time.Duration { return c.Updated }).Gauge(),
		query.Col("refs", "How many users in the kernel hold the entry, beside the table itself; NULL for a proxy "+
			"entry.", func(c *cache) uint32 { return c.References }).Gauge(),
	}
}

// real says that the entry is of a neighbour, and not of an address for which this machine answers.
func (n *neighbor) real() bool { return !n.Proxy() }

func (n *neighbor) address() netip.Addr { return n.scan.zoned(n.Addr, n.Index) }

func (n *neighbor) protocol() (string, bool) {
	return n.scan.routeProtocol(uint32(n.Protocol)), n.Protocol != 0
}

// planNeighbors lists entries of the address families that the conditions allow: real ones, proxies or both, of one
// interface where they name one alone.
func planNeighbors(r query.Request) query.Scan[neighbor] {
	var queries []rtnetlink.NeighborQuery
	var texts []string
	for _, proxy := range []bool{false, true} {
		known := map[string]any{"proxy": proxy}
		if proxy {
			known["state"] = nil
		}
		wanted := wantedFamilies(r.Where, known)
		if len(wanted) == 0 {
			continue
		}
		q, text := rtnetlink.NeighborQuery{Proxy: proxy}, "RTM_GETNEIGH"
		if len(wanted) == 1 {
			q.Family = wanted[0]
			text += " " + familyName(q.Family)
		}
		if proxy {
			text += " proxies"
		}
		queries, texts = append(queries, q), append(texts, text)
	}
	text := strings.Join(texts, "; ")
	if len(queries) == 0 {
		text = "nothing: no neighbour can satisfy the conditions"
	}
	device := onlyDevice(r)
	if device != "" && len(queries) > 0 {
		text += "; of " + strconv.Quote(device)
	}
	return streamScan[neighbor]{text, "neighbours", r, func(s *scanState) iter.Seq2[*neighbor, error] {
		return neighborRows(s, queries, device)
	}}
}

// neighborRows lists the entries of an interface; "" for all.
func neighborRows(s *scanState, queries []rtnetlink.NeighborQuery, device string) iter.Seq2[*neighbor, error] {
	return func(yield func(*neighbor, error) bool) {
		index := deviceIndex(s, device)
		for _, q := range queries {
			q.Interface = index
			for n, err := range rtnetlink.Neighbors(s.ctx, s.system.Netlink, q) {
				if !yield(&neighbor{n, s}, err) {
					return
				}
			}
		}
	}
}
