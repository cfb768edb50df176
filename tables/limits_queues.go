package tables

import (
	"iter"

	"netql/sources/rtnetlink"
)

// bandsKind is the kind of qdisc whose bands hold as many packets as the interface's txqueuelen says
// (pfifo_fast_init of net/sched/sch_generic.c).
const bandsKind = "pfifo_fast"

// qdiscQueues reads what waits in the queueing disciplines that have a limit.
func (l *limitReader) qdiscQueues() iter.Seq2[limit, error] {
	return func(yield func(limit, error) bool) {
		for q, err := range rtnetlink.Qdiscs(l.ctx, l.system.Netlink) {
			if err != nil {
				yield(limit{}, err)
				return
			}
			row, limited := l.qdiscQueue(q)
			if limited && !yield(row, nil) {
				return
			}
		}
	}
}

// qdiscQueue is the row of a queueing discipline; false for one without a queue, or without a limit of it.
func (l *limitReader) qdiscQueue(q *rtnetlink.Qdisc) (limit, bool) {
	row := limit{subject: l.interfaceName(q.Index) + " " + q.Kind + " " + parentName(q.Parent)}
	switch {
	case q.Queue == nil:
		return row, false
	case q.Limit != nil && q.Limit.Bytes:
		row.used, row.most, row.inBytes = known(int(q.Queue.Backlog)), known(int(q.Limit.Value)), true
	case q.Limit != nil:
		row.used, row.most = known(int(q.Queue.Packets)), known(int(q.Limit.Value))
	case q.Kind == bandsKind:
		row.used, row.changedBy = known(int(q.Queue.Packets)), "txqueuelen of ip-link(8)"
		row.most.value, row.most.known = l.transmitLengths()[q.Index]
	default:
		return row, false
	}
	return row, true
}

// transmitLengths are the txqueuelen of all interfaces by index, which are read once.
func (l *limitReader) transmitLengths() map[uint32]int {
	return l.lengths.get(func() map[uint32]int {
		lengths := map[uint32]int{}
		for d, err := range rtnetlink.Devices(l.ctx, l.system.Netlink, false) {
			if err != nil {
				l.report(err, "")
				return lengths
			}
			if d.Has(rtnetlink.AttrTxQueueLength) {
				lengths[uint32(d.Index)] = int(d.TxQueueLength)
			}
		}
		return lengths
	})
}
