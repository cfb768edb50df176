package tables

import (
	"iter"

	"netql/query"
	"netql/query/schema"
	"netql/sources/procfs"
)

// softnetTable declares the table of the CPUs' processing of received packets.
func softnetTable() *query.Table {
	count := func(name string, unit schema.Unit, change schema.Change, alarm bool, doc string, get func(*procfs.Softnet) int) query.Field[procfs.Softnet] {
		return query.Field[procfs.Softnet]{Name: name, Type: integer, Unit: unit, Change: change, Alarm: alarm, Doc: doc, Get: func(s *procfs.Softnet) any {
			return orNull(get(s), get(s) >= 0)
		}}
	}
	return query.Define(query.Spec[procfs.Softnet]{
		Doc: "What one CPU did with received packets before they reached a protocol, for all network namespaces; " +
			"CPUs that are offline are left out, and counters begin again at 0 above 4294967295.",
		Examples: []string{
			"softnet dropped > 0 or time_squeeze > 0",
			"softnet | stats sum(processed), max(processed), sum(dropped)",
			"softnet | select cpu, processed, received_rps | sort processed desc",
		},
		Fields: []query.Field[procfs.Softnet]{
			count("cpu", "", schema.Steady, false, "The CPU's number.", func(s *procfs.Softnet) int { return s.CPU }),
			count("processed", schema.Packets, schema.Counter, false, "Packets taken from devices and from the backlog.", func(s *procfs.Softnet) int { return s.Processed }),
			count("dropped", schema.Packets, schema.Counter, true, "Packets dropped because the CPU's backlog was full (net.core.netdev_max_backlog).",
				func(s *procfs.Softnet) int { return s.Dropped }),
			count("time_squeeze", schema.Times, schema.Counter, true, "Times that packets were left for later because the budget was used up "+
				"(net.core.netdev_budget, netdev_budget_usecs).", func(s *procfs.Softnet) int { return s.TimeSqueeze }),
			count("received_rps", schema.Times, schema.Counter, false, "Times that another CPU woke this one to process packets (receive packet steering).",
				func(s *procfs.Softnet) int { return s.ReceivedRPS }),
			count("flow_limit_drops", schema.Packets, schema.Counter, true, "Packets dropped because their flow had more than its share of the backlog "+
				"(net.core.flow_limit_cpu_bitmap).", func(s *procfs.Softnet) int { return s.FlowLimit }),
			count("backlog", schema.Packets, schema.Gauge, false, "Packets that wait in the CPU's backlog now; NULL before Linux 5.10.",
				func(s *procfs.Softnet) int { return s.Backlog }),
			count("input_backlog", schema.Packets, schema.Gauge, false, "Of these, packets in the queue that is being filled; NULL before Linux 6.4.",
				func(s *procfs.Softnet) int { return s.InputBacklog }),
			count("process_backlog", schema.Packets, schema.Gauge, false, "Of these, packets in the queue that is being emptied; NULL before Linux 6.4.",
				func(s *procfs.Softnet) int { return s.ProcessBacklog }),
		},
		Shown:   []string{"cpu", "processed", "dropped", "time_squeeze", "received_rps", "flow_limit_drops", "backlog"},
		Key:     []string{"cpu"},
		Machine: true,
		Scan: func(r query.Request) query.Scan[procfs.Softnet] {
			return streamScan[procfs.Softnet]{"/proc/net/softnet_stat", "CPUs", r, func(s *scanState) iter.Seq2[*procfs.Softnet, error] {
				return each(procfs.ReadSoftnet(s.system.Files))
			}}
		},
	})
}
