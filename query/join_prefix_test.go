package query_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"netql/query"
)

// destination and network are records of the tables that TestJoinInPrefix joins.
type destination struct {
	id    int
	to    netip.Addr
	group string
}

type network struct {
	id     int
	prefix netip.Prefix
	group  string
}

// sliceScan gives the records that the predicate may want by group.
type sliceScan[T any] struct {
	records []T
	group   func(*T) string
	request query.Request
}

func (sliceScan[T]) String() string { return "made up" }

func (s sliceScan[T]) Rows(context.Context) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for i := range s.records {
			wanted := s.request.Where.May(func(name string) (any, bool) {
				return s.group(&s.records[i]), name == "group"
			})
			if wanted && !yield(&s.records[i], nil) {
				return
			}
		}
	}
}

func destinationsTable(rows []destination) *query.Table {
	return query.Define(query.Spec[destination]{
		Doc: "D.", Key: []string{"id"}, Shown: []string{"id", "to"},
		Columns: []query.Column[destination]{
			query.Col("id", "x.", func(d *destination) int { return d.id }),
			query.Col("to", "x.", func(d *destination) netip.Addr { return d.to }),
			query.Col("whole", "x.", func(d *destination) netip.Prefix {
				prefix, _ := d.to.Prefix(min(20, d.to.BitLen()))
				return prefix
			}),
			query.Col("group", "x.", func(d *destination) string { return d.group }),
		},
		Scan: func(r query.Request) query.Scan[destination] {
			return sliceScan[destination]{rows, func(d *destination) string { return d.group }, r}
		},
	})
}

func networksTable(rows []network) *query.Table {
	return query.Define(query.Spec[network]{
		Doc: "D.", Key: []string{"net"}, Shown: []string{"net", "prefix"},
		Columns: []query.Column[network]{
			query.Col("net", "x.", func(n *network) int { return n.id }),
			query.Col("prefix", "x.", func(n *network) netip.Prefix { return n.prefix }),
			query.Col("group", "x.", func(n *network) string { return n.group }),
		},
		Scan: func(r query.Request) query.Scan[network] {
			return sliceScan[network]{rows, func(n *network) string { return n.group }, r}
		},
	})
}

// randomAddress is an address of few networks, of either family, with a zone, mapped, or NULL.
func randomAddress(r *rand.Rand) netip.Addr {
	switch r.IntN(8) {
	case 0:
		return netip.Addr{}
	case 1:
		return netip.AddrFrom16([16]byte{0xfe, 0x80, 15: byte(r.IntN(4))}).WithZone("eth0")
	case 2, 3:
		return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, byte(r.IntN(3)), byte(r.IntN(3)), 15: byte(r.IntN(4))})
	case 4:
		return netip.AddrFrom16([16]byte{10: 0xff, 11: 0xff, 12: 10, 13: byte(r.IntN(3)), 15: byte(r.IntN(4))})
	}
	return netip.AddrFrom4([4]byte{10, byte(r.IntN(3)), byte(r.IntN(3)), byte(r.IntN(4))})
}

func randomNetwork(r *rand.Rand) netip.Prefix {
	a := randomAddress(r)
	return netip.PrefixFrom(a.WithZone(""), r.IntN(a.BitLen()+1))
}

// byHand is the answer to a join by comparing each row with each other.
func byHand(left []destination, right []network, whole, grouped, outer, all bool) (lines []string) {
	for _, d := range left {
		found := slices.DeleteFunc(slices.Clone(right), func(n network) bool {
			return !holds(n.prefix, d.to, whole) || grouped && n.group != d.group
		})
		slices.SortStableFunc(found, func(a, b network) int { return b.prefix.Bits() - a.prefix.Bits() })
		for _, n := range found {
			if all || n.prefix.Bits() == found[0].prefix.Bits() {
				lines = append(lines, fmt.Sprint(d.id, " ", n.id))
			}
		}
		if len(found) == 0 && outer {
			lines = append(lines, fmt.Sprint(d.id, " <nil>"))
		}
	}
	return lines
}

// holds says whether a prefix has an address, or the prefix of 20 bits around it, in it.
func holds(prefix netip.Prefix, a netip.Addr, whole bool) bool {
	if !whole {
		return prefix.Contains(a.WithZone("").Unmap())
	}
	return a.IsValid() && prefix.Bits() <= 20 && prefix.Contains(a.WithZone(""))
}

// TestJoinInPrefix compares joins on an address in a prefix with comparing each row with each other: of both families,
// mapped addresses, zones, NULL, prefixes with bits behind their length, equal prefixes, within groups.
func TestJoinInPrefix(t *testing.T) {
	matched := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 7))
		left, right := make([]destination, r.IntN(30)), make([]network, r.IntN(30))
		for i := range left {
			left[i] = destination{i, randomAddress(r), string(rune('a' + r.IntN(2)))}
		}
		for i := range right {
			right[i] = network{i, randomNetwork(r), string(rune('a' + r.IntN(2)))}
		}
		whole, grouped, outer, all := r.IntN(3) == 0, r.IntN(2) == 0, r.IntN(2) == 0, r.IntN(2) == 0
		text := "destinations | join " + map[bool]string{true: "left "}[outer] + map[bool]string{true: "all "}[all] +
			"networks on " + map[bool]string{true: "whole", false: "to"}[whole] + " in prefix" +
			map[bool]string{true: ", group"}[grouped] + " | select id, net"
		catalog := query.NewCatalog([]query.Declaration{declare("destinations", destinationsTable(left)),
			declare("networks", networksTable(right))})
		plan, err := query.Compile(text, catalog, nil)
		got, want := rowsOf(t, plan, err), strings.Join(byHand(left, right, whole, grouped, outer, all), "\n")
		if got != want {
			t.Fatalf("seed %d: %s\n%s\nwant\n%s", seed, text, got, want)
		}
		matched += strings.Count(want, "\n")
		filtered := strings.Replace(text, " | select", " | where net != 3 and "+
			map[bool]string{true: "group", false: "group_2"}[grouped]+` == "a" | select`, 1)
		hinted, err := query.Compile(filtered, catalog, nil)
		with := rowsOf(t, hinted, err)
		unhinted, err := query.CompileUnhinted(filtered, catalog, nil)
		if without := rowsOf(t, unhinted, err); with != without {
			t.Fatalf("seed %d: %s\n%s\nand without hints\n%s", seed, filtered, with, without)
		}
	}
	if matched < 1000 {
		t.Errorf("only %d rows agree", matched)
	}
}
