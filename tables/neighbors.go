package tables

import (
	"iter"
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

// neighborStates are NUD_* of linux/neighbour.h, in the order in which an entry that is used goes through them.
var neighborStates = codes{
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

// neighborFlags are NTF_* of linux/neighbour.h, in ip-neighbour(8)'s words.
var neighborFlags = codes{
	named(rtnetlink.NeighborRouter, "router"),
	named(rtnetlink.NeighborProxy, "proxy"),
	named(rtnetlink.NeighborLearned, "extern_learn"),
	{rtnetlink.NeighborOffloaded, schema.Word{Name: "offload", Aliases: []string{"offloaded"}}},
	named(rtnetlink.NeighborManaged, "managed"),
	named(rtnetlink.NeighborValidated, "extern_valid"),
}

// neighborKinds are the kinds of addresses: RTN_* of linux/rtnetlink.h.
var neighborKinds = codes{named(1, "unicast"), named(2, "local"), named(3, "broadcast"), named(4, "anycast"), named(5, "multicast")}

// neighbors declares the table of ARP and NDP entries.
func neighbors() *query.Table {
	return query.Define(query.Spec[neighbor]{
		Doc: "A neighbour in the ARP (IPv4) or NDP (IPv6) table, or an address for which this machine answers in another's place (proxy). " +
			"What bridges learn, their forwarding database, is not here.",
		Examples: []string{
			"neighbors",
			"neighbors state in [failed, incomplete] | count by dev",
			"neighbors | group by mac: ips = count(), list(addr) | where ips > 1",
			"neighbors flags contains router | select addr, mac, dev, state",
			"neighbors proxy | select addr, dev",
			"neighbors state == STALE and used > 10m | sort used desc",
		},
		Fields: neighborFields(),
		Shown:  []string{"addr", "mac", "dev", "state", "flags"},
		Key:    []string{"addr", "dev", "family", "proxy"},
		Scan:   planNeighbors,
		Events: "Neighbours are new, gone, or changed in their state, link-layer address and the like; proxy entries, and what the kernel knows without asking (NOARP), come without a word.",
		Follow: followNeighbors,
	})
}

func neighborFields() []query.Field[neighbor] {
	return []query.Field[neighbor]{
		{Name: "addr", Type: address, Doc: "The neighbour's IP address.",
			Get: func(n *neighbor) any { return orNull(n.scan.zoned(n.Addr, n.Index), n.Addr.IsValid()) }},
		{Name: "mac", Type: schema.Of(schema.MAC), Doc: "Its link-layer address; NULL where it is not known, or the link has none.",
			Get: func(n *neighbor) any { return orNull(schema.HardwareAddr(n.LinkAddr), n.LinkAddr != "") }},
		{Name: "dev", Type: text, Doc: "The interface behind which it is; NULL for a proxy entry of all interfaces.",
			Get: func(n *neighbor) any { return nonEmpty(n.scan.interfaceName(n.Index)) }},
		{Name: "family", Type: enum(families), Doc: "The address family: inet entries are ARP's, inet6 ones NDP's.",
			Get: func(n *neighbor) any { return familyName(n.Family) }},
		{Name: "state", Type: neighborStates.enum(), Get: func(n *neighbor) any { return orNull(neighborStates.word(uint32(n.State)), !n.Proxy()) },
			Doc: "The state of neighbour unreachability detection (RFC 4861), with NOARP and PERMANENT for what is not checked; NULL for a proxy entry."},
		{Name: "flags", Type: neighborFlags.set(), Doc: "What else holds of it; NULL where nothing does.",
			Get: func(n *neighbor) any { return neighborFlags.flags(n.Flags) }},
		{Name: "kind", Type: neighborKinds.enum(), Doc: "The kind of the address; NULL for a proxy entry.",
			Get: func(n *neighbor) any { return orNull(neighborKinds.word(uint32(n.Kind)), !n.Proxy()) }},
		{Name: "probes", Type: integer, Change: schema.Gauge, Unit: schema.Times, Doc: "Questions for it that had no answer yet; NULL for a proxy entry.",
			Get: func(n *neighbor) any { return orNull(int(n.Probes), n.Cache != nil) }},
		neighborAge("confirmed", "How long ago it was last known to be reachable.", func(c *rtnetlink.NeighborCache) time.Duration { return c.Confirmed }),
		neighborAge("used", "How long ago a packet was last sent to it.", func(c *rtnetlink.NeighborCache) time.Duration { return c.Used }),
		neighborAge("updated", "How long ago its state or link-layer address last changed.", func(c *rtnetlink.NeighborCache) time.Duration { return c.Updated }),
		{Name: "refs", Type: integer, Change: schema.Gauge, Doc: "How many users in the kernel hold the entry, beside the table itself; NULL for a proxy entry.",
			Get: func(n *neighbor) any {
				if n.Cache == nil {
					return nil
				}
				return int(n.Cache.References)
			}},
		{Name: "protocol", Type: text, Doc: "Who made the entry, if he said so: static, zebra, bgp and so on.",
			Get: func(n *neighbor) any { return orNull(n.scan.routeProtocol(uint32(n.Protocol)), n.Protocol != 0) }},
		{Name: "proxy", Type: boolean, Doc: "Whether this machine answers for the address, instead of asking for it.",
			Get: func(n *neighbor) any { return n.Proxy() }},
	}
}

// neighborAge is a column of the entry's struct nda_cacheinfo.
func neighborAge(name, doc string, get func(*rtnetlink.NeighborCache) time.Duration) query.Field[neighbor] {
	return query.Field[neighbor]{Name: name, Type: duration, Change: schema.Gauge, Doc: doc, Get: func(n *neighbor) any {
		if n.Cache == nil {
			return nil
		}
		return get(n.Cache)
	}}
}

// planNeighbors asks only for the family, and the real or the proxy entries, that the query can want.
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
			text += " " + familyName(q.Family).(string)
		}
		if proxy {
			text += " proxies"
		}
		queries, texts = append(queries, q), append(texts, text)
	}
	if len(queries) == 0 {
		texts = []string{"nothing: no neighbour can satisfy the conditions"}
	}
	return streamScan[neighbor]{strings.Join(texts, "; "), "neighbours", r, func(s *scanState) iter.Seq2[*neighbor, error] {
		return neighborRows(s, queries)
	}}
}

func neighborRows(s *scanState, queries []rtnetlink.NeighborQuery) iter.Seq2[*neighbor, error] {
	return func(yield func(*neighbor, error) bool) {
		for _, q := range queries {
			for n, err := range rtnetlink.Neighbors(s.ctx, s.system.Netlink, q) {
				if !yield(&neighbor{n, s}, err) {
					return
				}
			}
		}
	}
}
