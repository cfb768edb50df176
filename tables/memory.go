package tables

import (
	"iter"

	"netql/query"
	"netql/query/schema"
)

// pool is a row of memory. Values that do not apply to it, or are unknown, are NULL.
type pool struct {
	kind, name, account                              string
	sockets, allocated, orphans, timeWait, datagrams optional[int]
	memory, low, pressure, limit                     optional[int] // bytes
	underPressure                                    optional[bool]
	orphanLimit, timeWaitLimit                       optional[int]
	receiveBuffer, receiveMax, sendBuffer, sendMax   optional[int] // bytes
	objectSize, maxHeader                            optional[int] // bytes
	objects, activeObjects                           optional[int]
	own                                              optional[bool] // it has a slab cache of its own
	module                                           string
}

// poolKinds are the kinds of pools. all is no pool: its row has the number of all sockets.
func poolKinds() *schema.Vocabulary {
	return schema.Words("all", "transport", "fragments", "protocol", "slab")
}

// memoryTable declares the table of the network's memory.
func memoryTable() *query.Table {
	return query.Define(query.Spec[pool]{
		Doc: "A pool of the network's memory: what the sockets of TCP, UDP and SCTP take together (kind " +
			"transport), fragments that wait to be reassembled, the sockets of one protocol, or a slab cache, " +
			"which only root may see. Pools of different kinds overlap.",
		Examples: []string{
			"memory kind == transport",
			`memory name == "tcp" | select memory, pressure, limit, orphans, orphan_limit, time_wait`,
			"memory kind in [transport, fragments] and memory > 0.8 * limit",
			"memory under_pressure | select name, memory, pressure, limit",
			"memory kind == protocol and sockets > 0 | select name, sockets, object_size | sort sockets desc",
		},
		Columns: poolColumns(),
		Shown:   []string{"kind", "name", "sockets", "memory", "pressure", "limit", "under_pressure"},
		Quiet:   []string{"under_pressure"},
		Spare:   []string{"pressure"},
		Key:     []string{"kind", "name"},
		Scan:    planMemory,
	})
}

func poolColumns() []query.Column[pool] {
	return []query.Column[pool]{
		query.Enum("kind", "What the row is: all (just the number of all sockets), transport, fragments, protocol, "+
			"or slab.", poolKinds(), func(p *pool) string { return p.kind }),
		query.Col("name", "The pool's name: tcp, udp, sctp; ip, ip6; else the kernel's name of the protocol or cache.",
			func(p *pool) string { return p.name }),
		query.NonZero("account", "The pool of kind transport that the protocol's sockets take their memory from.",
			func(p *pool) string { return p.account }),
		query.Opt("sockets", "Sockets of this network namespace that are in use (/proc/net/sockstat, protocols).",
			func(p *pool) (int, bool) { return p.sockets.get() }).Gauge(),
		query.Opt("allocated", "TCP sockets that there is memory for, those that nobody uses yet or any more "+
			"included (sockstat alloc). Of all network namespaces.",
			func(p *pool) (int, bool) { return p.allocated.get() }).Gauge(),
		query.Opt("orphans", "TCP sockets that no program has open any more (sockstat orphan). Of all network "+
			"namespaces.", func(p *pool) (int, bool) { return p.orphans.get() }).Gauge(),
		query.Opt("time_wait", "TCP connections of this network namespace in TIME_WAIT (sockstat tw).",
			func(p *pool) (int, bool) { return p.timeWait.get() }).Gauge(),
		query.Opt("datagrams", "Datagrams that wait for the rest of their fragments (sockstat FRAG inuse).",
			func(p *pool) (int, bool) { return p.datagrams.get() }).Gauge(),
		query.Opt("memory", "The memory in use: that of all network namespaces in kinds transport and slab; a "+
			"protocol's only where its account does not have it.",
			func(p *pool) (int, bool) { return p.memory.get() }).In(schema.Bytes).Gauge(),
		query.Opt("low", "Below this, nothing is regulated (net.ipv4.tcp_mem, udp_mem, ipfrag_low_thresh); TCP's "+
			"and UDP's can be read in the first network namespace only.",
			func(p *pool) (int, bool) { return p.low.get() }).In(schema.Bytes),
		query.Opt("pressure", "Above this, sockets have to save memory, until it is below low again "+
			"(net.ipv4.tcp_mem, udp_mem).", func(p *pool) (int, bool) { return p.pressure.get() }).In(schema.Bytes),
		query.Opt("limit", "Above this, memory is refused (net.ipv4.tcp_mem, udp_mem, ipfrag_high_thresh).",
			func(p *pool) (int, bool) { return p.limit.get() }).In(schema.Bytes),
		query.Opt("under_pressure", "Whether sockets have to save memory now; NULL where the protocol knows no "+
			"pressure (/proc/net/protocols press).",
			func(p *pool) (bool, bool) { return p.underPressure.get() }).Gauge(),
		query.Opt("orphan_limit", "How many orphans there may be (net.ipv4.tcp_max_orphans); can be read in the "+
			"first network namespace only.", func(p *pool) (int, bool) { return p.orphanLimit.get() }),
		query.Opt("time_wait_limit", "How many connections may be in TIME_WAIT (net.ipv4.tcp_max_tw_buckets).",
			func(p *pool) (int, bool) { return p.timeWaitLimit.get() }),
		query.Opt("receive_buffer", "The receive buffer of a new socket (net.ipv4.tcp_rmem, net.core.rmem_default).",
			func(p *pool) (int, bool) { return p.receiveBuffer.get() }).In(schema.Bytes),
		query.Opt("receive_buffer_max", "How large it can become: TCP's by itself (net.ipv4.tcp_rmem), others' by "+
			"SO_RCVBUF (net.core.rmem_max).",
			func(p *pool) (int, bool) { return p.receiveMax.get() }).In(schema.Bytes),
		query.Opt("send_buffer", "The send buffer of a new socket (net.ipv4.tcp_wmem, net.core.wmem_default).",
			func(p *pool) (int, bool) { return p.sendBuffer.get() }).In(schema.Bytes),
		query.Opt("send_buffer_max", "How large it can become: TCP's by itself (net.ipv4.tcp_wmem), others' by "+
			"SO_SNDBUF (net.core.wmem_max).", func(p *pool) (int, bool) { return p.sendMax.get() }).In(schema.Bytes),
		query.Opt("object_size", "The size of a socket's own structure, or of an object of the cache.",
			func(p *pool) (int, bool) { return p.objectSize.get() }).In(schema.Bytes),
		query.Opt("objects", "Objects that the cache has memory for (/proc/slabinfo).",
			func(p *pool) (int, bool) { return p.objects.get() }).Gauge(),
		query.Opt("active_objects", "Objects in use (/proc/slabinfo).",
			func(p *pool) (int, bool) { return p.activeObjects.get() }).Gauge(),
		query.Opt("max_header", "Room that the protocol wants before the data (/proc/net/protocols maxhdr).",
			func(p *pool) (int, bool) { return p.maxHeader.get() }).In(schema.Bytes),
		query.Opt("own_slab", "Whether the protocol's sockets have a slab cache of their own (/proc/net/protocols "+
			"slab).", func(p *pool) (bool, bool) { return p.own.get() }),
		query.NonZero("module", "The module that the protocol comes from; NULL where it is built into the kernel.",
			func(p *pool) string { return p.module }),
	}
}

// memoryPart says how the pools of one kind are read.
type memoryPart struct {
	kind, files string // files are those that it reads, for explain
	pools       func(*memoryFiles) []pool
}

var memoryParts = []memoryPart{
	{"all", "/proc/net/sockstat", allSockets},
	{"transport", "/proc/net/sockstat, sockstat6, protocols, /proc/sys/net", accounts},
	{"fragments", "/proc/net/sockstat, sockstat6, /proc/sys/net", fragments},
	{"protocol", "/proc/net/protocols", protocolPools},
	{"slab", "/proc/slabinfo", slabs},
}

// planMemory reads the files of the kinds of pools that the conditions allow.
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
	return streamScan[pool]{text[2:], "pools", r,
		func(s *scanState) iter.Seq2[*pool, error] { return poolRows(s, wanted) }}
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
