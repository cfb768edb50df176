package tables

import (
	"iter"

	"netql/query"
	"netql/query/schema"
)

// pool is a row of memory. What does not apply to it, or is not known, is NULL.
type pool struct {
	kind, name, account                                string
	sockets, allocated, orphans, timeWait, datagrams   any
	memory, low, pressure, limit                       any // bytes
	underPressure                                      any
	orphanLimit, timeWaitLimit                         any
	receiveBuffer, receiveMax, sendBuffer, sendMax     any // bytes
	objectSize, objects, activeObjects, maxHeader, own any
	module                                             string
}

// poolKinds are the kinds of pools. All sockets is no pool, but the sum of the others' sockets.
var poolKinds = schema.Words("all", "transport", "fragments", "protocol", "slab")

// memoryTable declares the table of the network's memory.
func memoryTable() *query.Table {
	number := func(name string, unit schema.Unit, doc string, get func(*pool) any) query.Field[pool] {
		return query.Field[pool]{Name: name, Type: integer, Unit: unit, Doc: doc, Get: get}
	}
	level := func(name string, unit schema.Unit, doc string, get func(*pool) any) query.Field[pool] {
		f := number(name, unit, doc, get)
		f.Change = schema.Gauge
		return f
	}
	const global = " Of all network namespaces."
	return query.Define(query.Spec[pool]{
		Doc: "A pool of the network's memory: what the sockets of TCP, UDP and SCTP take together (kind transport), fragments that wait to be reassembled, " +
			"the sockets of one protocol, or a slab cache, which only root may see. Pools of different kinds overlap.",
		Examples: []string{
			"memory kind == transport",
			`memory name == "tcp" | select memory, pressure, limit, orphans, orphan_limit, time_wait`,
			"memory kind in [transport, fragments] and memory > 0.8 * limit",
			"memory under_pressure | select name, memory, pressure, limit",
			"memory kind == protocol and sockets > 0 | select name, sockets, object_size | sort sockets desc",
		},
		Fields: []query.Field[pool]{
			{Name: "kind", Type: enum(poolKinds), Get: func(p *pool) any { return p.kind },
				Doc: "What the row is: all (just the number of all sockets), transport, fragments, protocol, or slab."},
			{Name: "name", Type: text, Doc: "The pool's name: tcp, udp, sctp; ip, ip6; else the kernel's name of the protocol or cache.", Get: func(p *pool) any { return p.name }},
			{Name: "account", Type: text, Doc: "The pool of kind transport that the protocol's sockets take their memory from.", Get: func(p *pool) any { return nonEmpty(p.account) }},
			level("sockets", "", "Sockets of this network namespace that are in use (/proc/net/sockstat, protocols).", func(p *pool) any { return p.sockets }),
			level("allocated", "", "TCP sockets that there is memory for, those that nobody uses yet or any more included (sockstat alloc)."+global, func(p *pool) any { return p.allocated }),
			level("orphans", "", "TCP sockets that no program has open any more (sockstat orphan)."+global, func(p *pool) any { return p.orphans }),
			level("time_wait", "", "TCP connections of this network namespace in TIME_WAIT (sockstat tw).", func(p *pool) any { return p.timeWait }),
			level("datagrams", "", "Datagrams that wait for the rest of their fragments (sockstat FRAG inuse).", func(p *pool) any { return p.datagrams }),
			level("memory", schema.Bytes, "The memory in use: that of all network namespaces in kinds transport and slab; a protocol's only where its account does not have it.", func(p *pool) any { return p.memory }),
			number("low", schema.Bytes, "Below this, nothing is regulated (net.ipv4.tcp_mem, udp_mem, ipfrag_low_thresh); TCP's and UDP's can be read in the first network namespace only.", func(p *pool) any { return p.low }),
			number("pressure", schema.Bytes, "Above this, sockets have to save memory, until it is below low again (net.ipv4.tcp_mem, udp_mem).", func(p *pool) any { return p.pressure }),
			number("limit", schema.Bytes, "Above this, memory is refused (net.ipv4.tcp_mem, udp_mem, ipfrag_high_thresh).", func(p *pool) any { return p.limit }),
			{Name: "under_pressure", Type: boolean, Change: schema.Gauge, Doc: "Whether sockets have to save memory now; NULL where the protocol knows no pressure (/proc/net/protocols press).", Get: func(p *pool) any { return p.underPressure }},
			number("orphan_limit", "", "How many orphans there may be (net.ipv4.tcp_max_orphans); can be read in the first network namespace only.", func(p *pool) any { return p.orphanLimit }),
			number("time_wait_limit", "", "How many connections may be in TIME_WAIT (net.ipv4.tcp_max_tw_buckets).", func(p *pool) any { return p.timeWaitLimit }),
			number("receive_buffer", schema.Bytes, "The receive buffer of a new socket (net.ipv4.tcp_rmem, net.core.rmem_default).", func(p *pool) any { return p.receiveBuffer }),
			number("receive_buffer_max", schema.Bytes, "How large it can become: TCP's by itself (net.ipv4.tcp_rmem), others' by SO_RCVBUF (net.core.rmem_max).", func(p *pool) any { return p.receiveMax }),
			number("send_buffer", schema.Bytes, "The send buffer of a new socket (net.ipv4.tcp_wmem, net.core.wmem_default).", func(p *pool) any { return p.sendBuffer }),
			number("send_buffer_max", schema.Bytes, "How large it can become: TCP's by itself (net.ipv4.tcp_wmem), others' by SO_SNDBUF (net.core.wmem_max).", func(p *pool) any { return p.sendMax }),
			number("object_size", schema.Bytes, "The size of a socket's own structure, or of an object of the cache.", func(p *pool) any { return p.objectSize }),
			level("objects", "", "Objects that the cache has memory for (/proc/slabinfo).", func(p *pool) any { return p.objects }),
			level("active_objects", "", "Objects in use (/proc/slabinfo).", func(p *pool) any { return p.activeObjects }),
			number("max_header", schema.Bytes, "Room that the protocol wants before the data (/proc/net/protocols maxhdr).", func(p *pool) any { return p.maxHeader }),
			{Name: "own_slab", Type: boolean, Doc: "Whether the protocol's sockets have a slab cache of their own (/proc/net/protocols slab).", Get: func(p *pool) any { return p.own }},
			{Name: "module", Type: text, Doc: "The module that the protocol comes from; NULL where it is built into the kernel.", Get: func(p *pool) any { return nonEmpty(p.module) }},
		},
		Shown: []string{"kind", "name", "sockets", "memory", "pressure", "limit", "under_pressure"},
		Key:   []string{"kind", "name"},
		Scan:  planMemory,
	})
}

// memoryPart is how the pools of a kind are read.
type memoryPart struct {
	kind, files string // for explain
	pools       func(*memoryFiles) []pool
}

var memoryParts = []memoryPart{
	{"all", "/proc/net/sockstat", allSockets},
	{"transport", "/proc/net/sockstat, sockstat6, protocols, /proc/sys/net", accounts},
	{"fragments", "/proc/net/sockstat, sockstat6, /proc/sys/net", fragments},
	{"protocol", "/proc/net/protocols", protocolPools},
	{"slab", "/proc/slabinfo", slabs},
}

// planMemory reads only what the wanted kinds of pools need.
func planMemory(r query.Request) query.Scan[pool] {
	text, wanted := "", []memoryPart(nil)
	for _, part := range memoryParts {
		if mayBe(r.Where, "kind", part.kind) {
			wanted = append(wanted, part)
			text += "; " + part.kind + ": " + part.files
		}
	}
	if len(wanted) == 0 {
		text = "; nothing: no kind of pool can satisfy the conditions"
	}
	return streamScan[pool]{text[2:], "pools", r, func(s *scanState) iter.Seq2[*pool, error] { return poolRows(s, wanted) }}
}

func poolRows(s *scanState, wanted []memoryPart) iter.Seq2[*pool, error] {
	return func(yield func(*pool, error) bool) {
		files := newMemoryFiles(s.system.Files)
		for _, part := range wanted {
			for _, p := range part.pools(files) {
				if !yield(&p, nil) {
					return
				}
			}
		}
		for _, err := range files.faults {
			if !yield(nil, err) {
				return
			}
		}
	}
}
