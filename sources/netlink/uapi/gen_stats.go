package uapi

// linux/gen_stats.h: attributes in TCA_STATS2.
const (
	TCA_STATS_BASIC      = 1
	TCA_STATS_RATE_EST   = 2
	TCA_STATS_QUEUE      = 3
	TCA_STATS_RATE_EST64 = 5
	TCA_STATS_PKT64      = 8
)
