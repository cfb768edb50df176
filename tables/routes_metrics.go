package tables

import (
	"math"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// routeMetric is a column that is a metric of a route (RTAX_* of linux/rtnetlink.h).
type routeMetric struct {
	name   string
	metric rtnetlink.Metric
	typ    schema.Type
	unit   schema.Unit
	scale  time.Duration // of a duration: the kernel's unit
	doc    string
}

var routeMetrics = []routeMetric{
	{"mtu", rtnetlink.MTU, integer, schema.Bytes, 0, "The path MTU (RTAX_MTU)."},
	{"advmss", rtnetlink.AdvMSS, integer, schema.Bytes, 0, "The largest segment that TCP announces to peers there (RTAX_ADVMSS)."},
	{"rtt", rtnetlink.RTT, duration, "", time.Millisecond / 8, "The round-trip time that TCP starts with (RTAX_RTT)."},
	{"rttvar", rtnetlink.RTTVar, duration, "", time.Millisecond / 4, "The variation of the round-trip time that TCP starts with (RTAX_RTTVAR)."},
	{"rto_min", rtnetlink.RTOMin, duration, "", time.Millisecond, "The smallest retransmission timeout (RTAX_RTO_MIN)."},
	{"window", rtnetlink.Window, integer, schema.Bytes, 0, "The largest window that TCP announces (RTAX_WINDOW)."},
	{"ssthresh", rtnetlink.SSThresh, integer, schema.Segments, 0, "The slow start threshold that TCP starts with (RTAX_SSTHRESH)."},
	{"cwnd", rtnetlink.Cwnd, integer, schema.Segments, 0, "The limit of the congestion window, if it is locked (RTAX_CWND)."},
	{"initcwnd", rtnetlink.InitCwnd, integer, schema.Segments, 0, "The congestion window that TCP starts with (RTAX_INITCWND)."},
	{"initrwnd", rtnetlink.InitRwnd, integer, schema.Segments, 0, "The receive window that TCP starts with (RTAX_INITRWND)."},
	{"reordering", rtnetlink.Reordering, integer, schema.Segments, 0, "How far segments may be out of order before they count as lost (RTAX_REORDERING)."},
	{"hoplimit", rtnetlink.HopLimit, integer, "", 0, "The hop limit, or time to live, of what is sent (RTAX_HOPLIMIT)."},
	{"quickack", rtnetlink.QuickAck, boolean, "", 0, "Whether acknowledgements are never delayed (RTAX_QUICKACK)."},
	{"fastopen_no_cookie", rtnetlink.FastOpenNoCookie, boolean, "", 0, "Whether TCP Fast Open needs no cookie (RTAX_FASTOPEN_NO_COOKIE)."},
}

// routeFeatures are RTAX_FEATURE_*.
var routeFeatures = bits(1, "ecn", "sack", "timestamp", "allfrag", "tcp_usec_ts")

// routeMetricFields are the columns that only routes with metrics have.
func routeMetricFields() []query.Field[route] {
	var fields []query.Field[route]
	var names []string
	for _, m := range routeMetrics {
		fields = append(fields, query.Field[route]{Name: m.name, Type: m.typ, Unit: m.unit, Doc: m.doc, Get: func(r *route) any { return m.value(r) }})
		names = append(names, m.name)
	}
	return append(fields,
		query.Field[route]{Name: "congestion", Type: text, Doc: "The congestion control algorithm for connections there; NULL for the system's (RTAX_CC_ALGO).", Get: (*route).congestion},
		query.Field[route]{Name: "features", Type: routeFeatures.set(), Doc: "What TCP may use there though the system does not (RTAX_FEATURES); NULL for nothing.", Get: func(r *route) any {
			set, _ := r.Metrics.Get(rtnetlink.Features)
			return routeFeatures.flags(set)
		}},
		query.Field[route]{Name: "locked", Type: schema.Type{Kind: schema.Flags, Words: schema.Words(names...)}, Doc: "The metrics that the kernel may not change by what it learns (RTAX_LOCK); NULL for none.", Get: (*route).locked},
	)
}

// value is NULL where the route has no such metric, or -1 for the system's own.
func (m routeMetric) value(r *route) any {
	raw, ok := r.Metrics.Get(m.metric)
	switch {
	case !ok || raw == math.MaxUint32:
		return nil
	case m.typ.Kind == schema.Bool:
		return raw != 0
	case m.typ.Kind == schema.Duration:
		return time.Duration(raw) * m.scale
	}
	return int(raw)
}

func (r *route) congestion() any {
	if r.Metrics == nil {
		return nil
	}
	return nonEmpty(r.Metrics.Congestion)
}

func (r *route) locked() any {
	set, _ := r.Metrics.Get(rtnetlink.Lock)
	var names []string
	for _, m := range routeMetrics {
		if set>>m.metric&1 != 0 {
			names = append(names, m.name)
		}
	}
	return orNull(names, names != nil)
}
