package tables

import (
	"iter"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"netql/query"
	"netql/sources/rtnetlink"
)

// fewTables is how many routing tables are listed one by one; more are quicker to list all at once.
const fewTables = 8

// routeScan says how the routes are read: by some lists of the kernel, one after the other.
type routeScan struct {
	queries []rtnetlink.RouteQuery
	device  string                  // the interface whose routes are listed; "" for all
	local   bool                    // the local table's routes are listed, too
	dst     func(netip.Prefix) bool // says which destinations are listed; nil for all
	kinds   routeKinds
	where   query.Predicate
}

// planRoutes lists the address families, tables and exceptions that the conditions allow. Where they say nothing of
// tables or exceptions, one list has everything, which is the cheapest.
func planRoutes(request query.Request) query.Scan[route] {
	scan := routeScan{
		local: wantsLocal(request), kinds: planRouteKinds(request), where: request.Where,
	}
	if len(request.Where.Values("dst")) > 0 {
		scan.dst = func(dst netip.Prefix) bool { return mayBe(request.Where, "dst", dst) }
	}
	if !request.Columns.Has("position") {
		scan.device = onlyDevice(request)
	}
	for _, family := range []uint8{inet, inet6} {
		for _, table := range wantedTables(request) {
			known := map[string]any{"family": familyName(family)}
			if table.id != 0 {
				known["table_id"], known["table"] = int(table.id), table.name
			}
			if exceptions, wanted := wantedExceptions(request, known); wanted {
				scan.queries = append(scan.queries,
					rtnetlink.RouteQuery{Family: family, Table: table.id, Exceptions: exceptions})
			}
		}
	}
	return streamScan[route]{scan.String(), "routes", request, scan.rows}
}

// localTable is RT_TABLE_LOCAL of linux/rtnetlink.h.
const localTable = 255

// wantsLocal says whether the routes of the local table are listed: the query names a column that tells them from
// others, or has a condition on destinations, of which some are there alone, as the machine's own addresses are.
func wantsLocal(r query.Request) bool {
	return len(r.Named) > 0 || r.Tested.Has("dst")
}

// wantedTable is a routing table to list; the zero value stands for all tables.
type wantedTable struct {
	id   uint32
	name string
}

// wantedTables are the tables that the conditions name, by number or by name; all where they name none, or more than
// fewTables.
func wantedTables(r query.Request) []wantedTable {
	all := []wantedTable{{}}
	ids, byID := r.Where.Only("table_id")
	names, byName := r.Where.Only("table")
	if !byID && !byName {
		return all
	}
	known, err := routeTables.read(ofQuery(r.State).system.Files)
	if err != nil {
		return all
	}
	var numbers []uint32
	for _, id := range ids {
		if n, ok := id.(int); ok && n > 0 && n <= 1<<32-1 {
			numbers = append(numbers, uint32(n))
		}
	}
	if !byID {
		for _, name := range names {
			text, _ := name.(string)
			numbers = append(numbers, numbersOf(known, text)...)
		}
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	if len(numbers) > fewTables || slices.Contains(numbers, 0) {
		return all
	}
	var wanted []wantedTable
	for _, n := range numbers {
		wanted = append(wanted, wantedTable{n, numberName(known, n)})
	}
	return wanted
}

// wantedExceptions says whether the conditions allow routes, exceptions or both for rows with these values; wanted is
// false for neither.
func wantedExceptions(r query.Request, known map[string]any) (which rtnetlink.Exceptions, wanted bool) {
	routes := mayHold(r.Where, with(known, "cached", false))
	exceptions := mayHold(r.Where, with(exceptionValues(r, known), "cached", true))
	switch {
	case routes && exceptions:
		return rtnetlink.WithExceptions, true
	case routes:
		return rtnetlink.WithoutExceptions, true
	default:
		return rtnetlink.OnlyExceptions, exceptions
	}
}

// exceptionValues adds what an exception of IPv4 has for a protocol: RTPROT_UNSPEC, whatever its route has
// (rt_fill_info of net/ipv4/route.c).
func exceptionValues(r query.Request, known map[string]any) map[string]any {
	if known["family"] != familyName(inet) || len(r.Where.Values("protocol")) == 0 {
		return known
	}
	names, err := routeProtos.read(ofQuery(r.State).system.Files)
	if err != nil {
		return known
	}
	return with(known, "protocol", numberName(names, 0))
}

// String is what explain says: "rtnetlink RTM_GETROUTE, inet; inet6 table 254 without exceptions".
func (s routeScan) String() string {
	if len(s.queries) == 0 {
		return "nothing: no route can satisfy the conditions"
	}
	texts := make([]string, len(s.queries))
	for i, q := range s.queries {
		texts[i] = familyName(q.Family)
		if q.Table != 0 {
			texts[i] += " table " + strconv.FormatUint(uint64(q.Table), 10)
		}
		texts[i] += exceptionTexts[q.Exceptions]
	}
	text := "rtnetlink RTM_GETROUTE, " + strings.Join(texts, "; ")
	if s.device != "" {
		text += "; over " + strconv.Quote(s.device)
	}
	text += s.kinds.String()
	if !s.local {
		text += "; without the local table"
	}
	return text
}

var exceptionTexts = [...]string{
	rtnetlink.WithExceptions: "", rtnetlink.WithoutExceptions: " without exceptions",
	rtnetlink.OnlyExceptions: " exceptions only",
}

// rows lists the nexthops of all routes of an address family, then its exceptions, in whatever order the kernel sends
// them.
func (s routeScan) rows(state *scanState) iter.Seq2[*route, error] {
	return func(yield func(*route, error) bool) {
		l := routeList{facts: &routeFacts{scanState: state}, seen: map[routeException]bool{}}
		device := deviceIndex(state, s.device)
		for i, q := range s.queries {
			q.Interface, q.Dst = device, s.dst
			s.kinds.narrow(&q, s.where, state)
			for r, err := range rtnetlink.Routes(state.ctx, state.system.Netlink, q) {
				if err != nil {
					if !yield(nil, err) {
						return
					}
				} else if (s.local || r.Table != localTable) && !l.add(r, yield) {
					return
				}
			}
			if last := i+1 == len(s.queries) || s.queries[i+1].Family != q.Family; last && !l.flush(yield) {
				return
			}
		}
	}
}

// onlyDevice is the name of the interface whose rows alone can satisfy the conditions; "" where it may be any.
func onlyDevice(r query.Request) string {
	names, limited := r.Where.Only("dev")
	if !limited || len(names) != 1 {
		return ""
	}
	name, _ := names[0].(string)
	return name
}

// deviceIndex is the index of the interface of a name; 0, for all, where there is none, and for "": a row of an
// interface that has gone has its index for a name.
func deviceIndex(state *scanState, name string) uint32 {
	if name == "" {
		return 0
	}
	return state.interfaceIndex(name)
}
