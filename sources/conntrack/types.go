// Package conntrack lists the flows that netfilter tracks (linux/netfilter/nfnetlink_conntrack.h,
// net/netfilter/nf_conntrack_netlink.c).
package conntrack

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
	"time"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// A Flow is a tracked flow. It owns its memory.
type Flow struct {
	Family          uint8  // unix.AF_INET or unix.AF_INET6
	Original, Reply Tuple  // of the packets of each direction; they mirror each other unless addresses are translated
	Status          uint32 // IPS_*
	Zone            uint16 // of both directions; 0 is the default zone. A zone of one direction is in its tuple
	Use             uint32 // references in the kernel

	// The fields below are valid only if Has is true for their attributes.

	ID       uint32        // a hash of the flow: a large table holds some twice
	State    uint8         // of the protocol's state machine, such as enum tcp_conntrack
	Timeout  time.Duration // until the flow is forgotten without another packet, in seconds' precision
	Mark     uint32
	Labels   []byte // a bit for each label, in the kernel's words; see LabelNumbers
	Helper   string // the connection tracking helper of the flow, such as "ftp"
	Start    uint64 // nanoseconds since 1970; 0 for a flow that user space made
	Sent     Counters
	Answered Counters

	netlink.Present[Attribute]
}

// LabelNumbers are the numbers of the labels that are set. The kernel keeps the bits in words of the machine:
// unsigned long in struct nf_conn_labels.
func (f *Flow) LabelNumbers() (numbers []int) {
	const wordSize = bits.UintSize / 8
	for i := 0; i+wordSize <= len(f.Labels); i += wordSize {
		word := uint64(binary.NativeEndian.Uint32(f.Labels[i:]))
		if wordSize == 8 {
			word = binary.NativeEndian.Uint64(f.Labels[i:])
		}
		for ; word != 0; word &= word - 1 {
			numbers = append(numbers, i*8+bits.TrailingZeros64(word))
		}
	}
	return numbers
}

// A Tuple is what the packets of one direction have in common.
type Tuple struct {
	Src, Dst         netip.Addr // invalid if the kernel sent none; v4-mapped ones stay so
	Protocol         uint8      // the IP protocol
	SrcPort, DstPort uint16     // of protocols with ports; GRE's keys; 0 for others
	Zone             uint16     // of this direction alone

	HasICMP            bool
	ICMPType, ICMPCode uint8
	ICMPID             uint16
}

// Counters count packets and bytes of one direction.
type Counters struct{ Packets, Bytes uint64 }

// Attribute is an attribute of a flow: CTA_* of linux/netfilter/nfnetlink_conntrack.h.
type Attribute uint16

// The attributes read.
const (
	AttrOriginal Attribute = uapi.CTA_TUPLE_ORIG
	AttrReply    Attribute = uapi.CTA_TUPLE_REPLY
	AttrStatus   Attribute = uapi.CTA_STATUS
	AttrState    Attribute = uapi.CTA_PROTOINFO // of TCP, SCTP, DCCP; absent while a flow is offloaded
	AttrHelper   Attribute = uapi.CTA_HELP
	AttrTimeout  Attribute = uapi.CTA_TIMEOUT // absent while a flow is offloaded
	AttrMark     Attribute = uapi.CTA_MARK
	AttrSent     Attribute = uapi.CTA_COUNTERS_ORIG  // while net.netfilter.nf_conntrack_acct was on when it began
	AttrAnswered Attribute = uapi.CTA_COUNTERS_REPLY // likewise
	AttrUse      Attribute = uapi.CTA_USE
	AttrID       Attribute = uapi.CTA_ID
	AttrZone     Attribute = uapi.CTA_ZONE
	AttrStart    Attribute = uapi.CTA_TIMESTAMP // while net.netfilter.nf_conntrack_timestamp was on when it began
	AttrLabels   Attribute = uapi.CTA_LABELS
)

// The bits of a status: IPS_* of linux/netfilter/nf_conntrack_common.h.
const (
	Expected     = 1 << iota // a helper foresaw it, as the data connection of FTP
	SeenReply                // packets went both ways
	Assured                  // it is not dropped early when the table is full
	Confirmed                // its first packet has left the machine
	SrcNAT                   // its source address is translated
	DstNAT                   // its destination address is translated
	SeqAdjust                // its TCP sequence numbers are shifted
	SrcNATDone               // it has been decided whether to translate
	DstNATDone               // likewise
	Dying                    // it has been removed from the table
	FixedTimeout             // packets do not prolong it
	Template                 // it is a model for others, set by a rule
	NATClash                 // it lost a race for its addresses
	Helper                   // a rule gave it its helper
	Offload                  // a flow table forwards it past netfilter
	HWOffload                // the device forwards it
)
