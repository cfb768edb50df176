package rtnetlink

import (
	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// A Metric is one of RTAX_* (linux/rtnetlink.h): a parameter that a route sets for transport protocols.
type Metric uint8

// The metrics.
const (
	Lock             Metric = unix.RTAX_LOCK // a bit for every metric that the kernel must not change
	MTU              Metric = unix.RTAX_MTU
	Window           Metric = unix.RTAX_WINDOW
	RTT              Metric = unix.RTAX_RTT    // in eighths of a millisecond
	RTTVar           Metric = unix.RTAX_RTTVAR // in quarters of a millisecond
	SSThresh         Metric = unix.RTAX_SSTHRESH
	Cwnd             Metric = unix.RTAX_CWND
	AdvMSS           Metric = unix.RTAX_ADVMSS
	Reordering       Metric = unix.RTAX_REORDERING
	HopLimit         Metric = unix.RTAX_HOPLIMIT
	InitCwnd         Metric = unix.RTAX_INITCWND
	Features         Metric = unix.RTAX_FEATURES
	RTOMin           Metric = unix.RTAX_RTO_MIN // in milliseconds
	InitRwnd         Metric = unix.RTAX_INITRWND
	QuickAck         Metric = unix.RTAX_QUICKACK
	FastOpenNoCookie Metric = unix.RTAX_FASTOPEN_NO_COOKIE

	metricCount = unix.RTAX_FASTOPEN_NO_COOKIE + 1
)

// Metrics are a route's metrics.
type Metrics struct {
	Congestion string // the congestion control algorithm; "" for the system's

	values [metricCount]uint32
	has    uint32 // a bit for each value that is there
}

// Get gives a metric; false where the route has none, or no metrics at all.
func (m *Metrics) Get(metric Metric) (uint32, bool) {
	if m == nil || m.has>>metric&1 == 0 {
		return 0, false
	}
	return m.values[metric], true
}

// parseMetrics reads RTA_METRICS, whose attributes are RTAX_*.
func parseMetrics(a *netlink.Attributes) *Metrics {
	m := new(Metrics)
	a.Nested(func(inner *netlink.Attributes) {
		for inner.Next() {
			switch kind := inner.Type(); {
			case kind == unix.RTAX_CC_ALGO:
				m.Congestion = inner.String()
			case kind < metricCount:
				m.values[kind] = inner.Uint32()
				m.has |= 1 << kind
			}
		}
	})
	return m
}
