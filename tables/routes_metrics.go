package tables

import (
	"math"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// routeMetric is a metric of routes (RTAX_* of linux/rtnetlink.h) that is a number, and its column.
type routeMetric struct {
	name   string
	metric rtnetlink.Metric
	column func(routeMetric) query.Column[route] // metricNumber, metricExact, metricTime or metricBool
	unit   schema.Unit                           // for metricNumber and metricExact
	scale  time.Duration                         // the kernel's unit, for metricTime
	doc    string
}

var routeMetrics = []routeMetric{
	{"mtu", rtnetlink.MTU, metricExact, schema.Bytes, 0, "The path MTU (RTAX_MTU)."},
	{"advmss", rtnetlink.AdvMSS, metricExact, schema.Bytes, 0,
		"The largest segment that TCP announces to peers there (RTAX_ADVMSS)."},
	{"rtt", rtnetlink.RTT, metricTime, "", time.Millisecond / 8,
		"The round-trip time that TCP starts with (RTAX_RTT)."},
	{"rttvar", rtnetlink.RTTVar, metricTime, "", time.Millisecond / 4,
		"The variation of the round-trip time that TCP starts with (RTAX_RTTVAR)."},
	{"rto_min", rtnetlink.RTOMin, metricTime, "", time.Millisecond,
		"The smallest retransmission timeout (RTAX_RTO_MIN)."},
	{"window", rtnetlink.Window, metricNumber, schema.Bytes, 0,
		"The largest window that TCP announces (RTAX_WINDOW)."},
	{"ssthresh", rtnetlink.SSThresh, metricNumber, schema.Segments, 0,
		"The slow start threshold that TCP starts with (RTAX_SSTHRESH)."},
	{"cwnd", rtnetlink.Cwnd, metricNumber, schema.Segments, 0,
		"The limit of the congestion window, if it is locked (RTAX_CWND)."},
	{"initcwnd", rtnetlink.InitCwnd, metricNumber, schema.Segments, 0,
		"The congestion window that TCP starts with (RTAX_INITCWND)."},
	{"initrwnd", rtnetlink.InitRwnd, metricNumber, schema.Segments, 0,
		"The receive window that TCP starts with (RTAX_INITRWND)."},
	{"reordering", rtnetlink.Reordering, metricNumber, schema.Segments, 0,
		"How far segments may be out of order before they count as lost (RTAX_REORDERING)."},
	{"hoplimit", rtnetlink.HopLimit, metricNumber, "", 0,
		"The hop limit, or time to live, of what is sent (RTAX_HOPLIMIT)."},
	{"quickack", rtnetlink.QuickAck, metricBool, "", 0, "Whether acknowledgements are never delayed (RTAX_QUICKACK)."},
	{"fastopen_no_cookie", rtnetlink.FastOpenNoCookie, metricBool, "", 0,
		"Whether TCP Fast Open needs no cookie (RTAX_FASTOPEN_NO_COOKIE)."},
}

func metricNumber(m routeMetric) query.Column[route] {
	return query.Opt(m.name, m.doc, func(r *route) (uint32, bool) { return r.metric(m.metric) }).In(m.unit)
}

// metricExact is a metricNumber of which people see all digits.
func metricExact(m routeMetric) query.Column[route] { return metricNumber(m).ForPeople(exactNumber) }

func metricTime(m routeMetric) query.Column[route] {
	return query.Opt(m.name, m.doc, func(r *route) (time.Duration, bool) {
		n, ok := r.metric(m.metric)
		return time.Duration(n) * m.scale, ok
	})
}

func metricBool(m routeMetric) query.Column[route] {
	return query.Opt(m.name, m.doc, func(r *route) (bool, bool) {
		n, ok := r.metric(m.metric)
		return n != 0, ok
	})
}

// routeFeatures are RTAX_FEATURE_* of linux/rtnetlink.h.
func routeFeatures() codes { return bits(1, "ecn", "sack", "timestamp", "allfrag", "tcp_usec_ts") }

// routeLocks are the names of the metrics for the bits of RTAX_LOCK.
func routeLocks() codes {
	locks := make(codes, len(routeMetrics))
	for i, m := range routeMetrics {
		locks[i] = named(1<<m.metric, m.name)
	}
	return locks
}

// routeMetricColumns are the columns that only routes with metrics have.
func routeMetricColumns() []query.Column[route] {
	var columns []query.Column[route]
	for _, m := range routeMetrics {
		columns = append(columns, m.column(m))
	}
	return append(columns,
		query.NonZero("congestion", "The congestion control algorithm for connections there; NULL for the system's "+
			"(RTAX_CC_ALGO).", (*route).congestion),
		flagsOf("features", "What TCP may use there though the system does not (RTAX_FEATURES); NULL for nothing.",
			routeFeatures(), func(r *route) uint32 { return r.metricBits(rtnetlink.Features) }),
		flagsOf("locked", "The metrics that the kernel may not change by what it learns (RTAX_LOCK); NULL for none.",
			routeLocks(), func(r *route) uint32 { return r.metricBits(rtnetlink.Lock) }),
	)
}

// metric is a metric of the route; false where it has none, or -1, which stands for the system's own.
func (r *route) metric(metric rtnetlink.Metric) (uint32, bool) {
	n, ok := r.Metrics.Get(metric)
	return n, ok && n != math.MaxUint32
}

// metricBits is a metric that is a set of bits; 0 where the route has none.
func (r *route) metricBits(metric rtnetlink.Metric) uint32 {
	set, _ := r.Metrics.Get(metric)
	return set
}

// congestion is the congestion control algorithm of the route; "" for the system's own.
func (r *route) congestion() string {
	if r.Metrics == nil {
		return ""
	}
	return r.Metrics.Congestion
}
