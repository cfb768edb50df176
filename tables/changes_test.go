package tables

// Counters and Gauges are the lists, for the law of the tables.
var (
	Counters = counters
	Gauges   = gauges
)
