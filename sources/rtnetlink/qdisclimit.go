package rtnetlink

import (
	"encoding/binary"
	"slices"

	"netql/sources/netlink"
)

// A QdiscLimit is how much may wait in a queueing discipline.
type QdiscLimit struct {
	Value uint32
	Bytes bool // else packets
}

// qdiscLimit says where the limit of some kinds stands in TCA_OPTIONS (linux/pkt_sched.h): in an attribute, or in the
// struct that the options are where that is 0, behind some bytes.
type qdiscLimit struct {
	kinds     []string
	attribute uint16
	offset    int
	bytes     bool
}

var qdiscLimits = []qdiscLimit{
	{kinds: []string{"pfifo", "pfifo_head_drop"}},                   // struct tc_fifo_qopt
	{kinds: []string{"bfifo"}, bytes: true},                         //
	{kinds: []string{"netem"}, offset: 4},                           // struct tc_netem_qopt
	{kinds: []string{"sfq"}, offset: 8},                             // struct tc_sfq_qopt
	{kinds: []string{"tbf"}, attribute: 1, offset: 24, bytes: true}, // TCA_TBF_PARMS, struct tc_tbf_qopt
	{kinds: []string{"red"}, attribute: 1, bytes: true},             // TCA_RED_PARMS, struct tc_red_qopt
	{kinds: []string{"fq", "fq_pie"}, attribute: 1},                 // TCA_FQ_PLIMIT, TCA_FQ_PIE_LIMIT
	{kinds: []string{"fq_codel", "codel", "pie"}, attribute: 2},     // TCA_FQ_CODEL_LIMIT ...
}

// parseQdiscLimit finds the limit in the options of a kind; nil for a kind that has none, or none that is known here.
func parseQdiscLimit(kind string, options []byte) *QdiscLimit {
	i := slices.IndexFunc(qdiscLimits, func(l qdiscLimit) bool { return slices.Contains(l.kinds, kind) })
	if i < 0 {
		return nil
	}
	where := qdiscLimits[i]
	value := options
	if where.attribute != 0 {
		value = nil
		for a := netlink.DecodeAttributes(options); a.Next(); {
			if a.Type() == where.attribute {
				value = a.Bytes()
			}
		}
	}
	if len(value) < where.offset+4 {
		return nil
	}
	return &QdiscLimit{binary.NativeEndian.Uint32(value[where.offset:]), where.bytes}
}
