package tables

import (
	"iter"

	"netql/query"
	"netql/query/schema"
	"netql/sources/procfs"
)

// softnetTable declares the table of the CPUs' processing of received packets.
func softnetTable() *query.Table {
	return query.Define(query.Spec[procfs.Softnet]{
		Doc: "What one CPU did with received packets before they reached a protocol, for all network namespaces; " +
			"CPUs that are offline are left out, and counters begin again at 0 above 4294967295.",
		Examples: []string{
			"softnet dropped > 0 or time_squeeze > 0",
			"softnet | stats sum(processed), max(processed), sum(dropped)",
			"softnet | select cpu, processed, received_rps | sort processed desc",
		},
		Columns: softnetColumns(),
		Shown: []string{"cpu", "processed", "dropped", "time_squeeze", "received_rps", "flow_limit_drops",
			"backlog"},
		Quiet: []string{"received_rps", "flow_limit_drops", "backlog"},
		Key:   []string{"cpu"},
		Scope: query.MachineScope,
		Scan: func(r query.Request) query.Scan[procfs.Softnet] {
			return streamScan[procfs.Softnet]{"/proc/net/softnet_stat", "CPUs", r,
				func(s *scanState) iter.Seq2[*procfs.Softnet, error] {
					return each(procfs.ReadSoftnet(s.system.Files))
				}}
		},
	})
}

func softnetColumns() []query.Column[procfs.Softnet] {
	type softnet = procfs.Softnet
	return []query.Column[softnet]{
		query.Opt("cpu", "The CPU's number.", func(s *softnet) (int, bool) { return notNegative(s.CPU) }),
		query.Opt("processed", "Packets taken from devices and from the backlog.",
			func(s *softnet) (int, bool) { return notNegative(s.Processed) }).In(schema.Packets).Counter(),
		query.Opt("dropped", "Packets dropped because the CPU's backlog was full (net.core.netdev_max_backlog).",
			func(s *softnet) (int, bool) { return notNegative(s.Dropped) }).In(schema.Packets).Counter().Alarm(),
		query.Opt("time_squeeze", "Times that packets were left for later because the budget was used up "+
			"(net.core.netdev_budget, netdev_budget_usecs).",
			func(s *softnet) (int, bool) { return notNegative(s.TimeSqueeze) }).In(schema.Times).Counter().Alarm(),
		query.Opt("received_rps", "Times that another CPU woke this one to process packets (receive packet steering).",
			func(s *softnet) (int, bool) { return notNegative(s.ReceivedRPS) }).In(schema.Times).Counter(),
		query.Opt("flow_limit_drops", "Packets dropped because their flow had more than its share of the backlog "+
			"(net.core.flow_limit_cpu_bitmap).",
			func(s *softnet) (int, bool) { return notNegative(s.FlowLimit) }).In(schema.Packets).Counter().Alarm(),
		query.Opt("backlog", "Packets that wait in the CPU's backlog now; NULL before Linux 5.10.",
			func(s *softnet) (int, bool) { return notNegative(s.Backlog) }).In(schema.Packets).Gauge(),
		query.Opt("input_backlog", "Of these, packets in the queue that is being filled; NULL before Linux 6.4.",
			func(s *softnet) (int, bool) { return notNegative(s.InputBacklog) }).In(schema.Packets).Gauge(),
		query.Opt("process_backlog", "Of these, packets in the queue that is being emptied; NULL before Linux 6.4.",
			func(s *softnet) (int, bool) { return notNegative(s.ProcessBacklog) }).In(schema.Packets).Gauge(),
	}
}

// notNegative is a number; false for a negative one, which stands for a field that an older kernel does not have.
func notNegative(n int) (int, bool) { return n, n >= 0 }
