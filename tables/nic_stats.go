package tables

import (
	"errors"
	"iter"
	"regexp"
	"strconv"
	"sync"

	"netql/query"
	"netql/sources/ethtool"
)

// nicStatistic is a row of nic_stats.
type nicStatistic struct {
	device string // the interface
	ethtool.Statistic
	occurrence int // which of the driver's counters of this name it is, from 1
}

// nicStatsTable declares the table of the drivers' own counters.
func nicStatsTable() *query.Table {
	queueName := sync.OnceValue(compileQueueName)
	return query.Define(query.Spec[nicStatistic]{
		Doc: "A counter of a network driver's own, as ethtool -S shows it. What a name means is the driver's " +
			"affair; an interface whose driver has no counters has no rows.",
		Examples: []string{
			`nic_stats interface == "eth0"`,
			`nic_stats name matches "drop|err|miss|discard" and value > 0 | sort value desc`,
			"nic_stats queue != nil | group by interface, queue: total = sum(value)",
		},
		Columns: []query.Column[nicStatistic]{
			query.NonZero("interface", "The interface.", func(s *nicStatistic) string { return s.device }),
			query.NonZero("name", "The driver's name for the counter.",
				func(s *nicStatistic) string { return s.Name }),
			query.Col("value", "How much was counted; some drivers list levels and settings too.",
				func(s *nicStatistic) uint64 { return s.Value }).Counter(),
			query.Opt("queue", "The queue that the counter is about, where its name tells.",
				func(s *nicStatistic) (int, bool) { return queueOf(queueName(), s.Name) }),
			query.Col("occurrence", "Which of the driver's counters with this name it is, from 1: some drivers use "+
				"a name twice.", func(s *nicStatistic) int { return s.occurrence }),
		},
		Shown: []string{"interface", "name", "value"},
		Key:   []string{"interface", "name", "occurrence"},
		Scan: func(r query.Request) query.Scan[nicStatistic] {
			choice := chooseLinks(r.Where, "", "interface")
			text := "ethtool ETHTOOL_GSTATS of each interface"
			if choice.none() {
				text = choice.request()
			} else if !choice.all {
				text = "ethtool ETHTOOL_GSTATS of " + choice.String()
			}
			return streamScan[nicStatistic]{text, "driver counters", r,
				func(s *scanState) iter.Seq2[*nicStatistic, error] {
					return nicStatisticRows(s, r.Where, choice)
				}}
		},
	})
}

// nicStatisticRows lists the counters of each driver whose interface the conditions allow. An error of one driver does
// not end the list.
func nicStatisticRows(
	s *scanState, where query.Predicate, choice linkChoice,
) iter.Seq2[*nicStatistic, error] {
	return func(yield func(*nicStatistic, error) bool) {
		if s.system.Ethtool == nil {
			yield(nil, absence("drivers cannot be asked here"))
			return
		}
		for link, err := range choice.links(s) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !mayBe(where, "interface", link.Name) {
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

// compileQueueName compiles the expression that finds the number of a queue in the name of a counter, in the ways that
// drivers write it: rx_queue_0_drops, tx-3.bytes, rx0_packets, queue_1_tx_cnt, rxq2_bytes, ring_4_packets,
// "[5]: tx_discards". Numbers elsewhere are sizes of packets, as in rx_64_byte_packets, or priorities.
func compileQueueName() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:(?:^|[_.\- ])(?:[rt]x_?)?(?:queue|ring|q|ch)[_\-]?|(?:^|_)[rt]x-?|^\[)` +
		`(\d{1,5})(?:[_.:\] ]|$)`)
}

// queueOf is the number of the queue in the name of a counter; false where there is none.
func queueOf(queueName *regexp.Regexp, name string) (int, bool) {
	found := queueName.FindStringSubmatch(name)
	if found == nil {
		return 0, false
	}
	n, err := strconv.Atoi(found[1])
	return n, err == nil
}
