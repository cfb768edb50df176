package tables

import (
	"errors"
	"iter"
	"regexp"
	"strconv"
	"sync"

	"netql/query"
	"netql/query/schema"
	"netql/sources/ethtool"
	"netql/sources/rtnetlink"
)

// nicStatistic is a row of nic_stats.
type nicStatistic struct {
	device string
	ethtool.Statistic
	occurrence int
}

// nicStats declares the table of the drivers' own counters.
func nicStats() *query.Table {
	return query.Define(query.Spec[nicStatistic]{
		Doc: "A counter of a network driver's own, as ethtool -S shows it. What a name means is the driver's affair; " +
			"an interface whose driver has no counters has no rows.",
		Examples: []string{
			`nic_stats interface == "eth0"`,
			`nic_stats name matches "drop|err|miss|discard" and value > 0 | sort value desc`,
			"nic_stats queue != nil | group by interface, queue: total = sum(value)",
		},
		Fields: []query.Field[nicStatistic]{
			{Name: "interface", Type: text, Doc: "The interface.", Get: func(s *nicStatistic) any { return nonEmpty(s.device) }},
			{Name: "name", Type: text, Doc: "The driver's name for the counter.", Get: func(s *nicStatistic) any { return nonEmpty(s.Name) }},
			{Name: "value", Type: integer, Change: schema.Counter, Doc: "How much was counted; some drivers list levels and settings too.", Get: func(s *nicStatistic) any { return saturate(s.Value) }},
			{Name: "queue", Type: integer, Doc: "The queue that the counter is about, where its name tells.", Get: func(s *nicStatistic) any { return queueOf(s.Name) }},
			{Name: "occurrence", Type: integer, Doc: "Which of the driver's counters with this name it is, from 1: some drivers use a name twice.", Get: func(s *nicStatistic) any { return s.occurrence }},
		},
		Shown: []string{"interface", "name", "value"},
		Key:   []string{"interface", "name", "occurrence"},
		Scan: func(r query.Request) query.Scan[nicStatistic] {
			return streamScan[nicStatistic]{"ethtool ETHTOOL_GSTATS of each interface", "driver counters", r, func(s *scanState) iter.Seq2[*nicStatistic, error] {
				return nicStatisticRows(s, r.Where)
			}}
		},
	})
}

// nicStatisticRows asks the driver of every interface that can be wanted. One that fails is an error among the rows.
func nicStatisticRows(s *scanState, where query.Predicate) iter.Seq2[*nicStatistic, error] {
	return func(yield func(*nicStatistic, error) bool) {
		if s.system.Ethtool == nil {
			yield(nil, absence("drivers cannot be asked here"))
			return
		}
		for link, err := range rtnetlink.Links(s.ctx, s.system.Netlink) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !mayBe(where, "interface", nonEmpty(link.Name)) {
				continue
			}
			list, err := s.system.Ethtool.Statistics(s.ctx, link.Name)
			if err != nil && !errors.Is(err, ethtool.ErrUnsupported) && !yield(nil, err) {
				return
			}
			seen := map[string]int{}
			for _, statistic := range list {
				seen[statistic.Name]++
				if !yield(&nicStatistic{link.Name, statistic, seen[statistic.Name]}, nil) {
					return
				}
			}
		}
	}
}

// queueNames find the number of a queue in the name of a counter, in the ways that drivers write it: rx_queue_0_drops,
// tx-3.bytes, rx0_packets, queue_1_tx_cnt, rxq2_bytes, ring_4_packets, [5]: tx_discards. Numbers elsewhere are sizes
// of packets, as in rx_64_byte_packets, or priorities.
var queueNames = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:(?:^|[_.\- ])(?:[rt]x_?)?(?:queue|ring|q|ch)[_\-]?|(?:^|_)[rt]x-?|^\[)(\d{1,5})(?:[_.:\] ]|$)`)
})

func queueOf(name string) any {
	found := queueNames().FindStringSubmatch(name)
	if found == nil {
		return nil
	}
	n, err := strconv.Atoi(found[1])
	return orNull(n, err == nil)
}
