package conntrack

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// deleteFlow is IPCTNL_MSG_CT_DELETE.
const deleteFlow = 2

// A Notice is what netfilter tells, by itself, of a flow. What the message leaves out is absent in the flow.
type Notice struct {
	*Flow
	New, Gone bool // neither for one that has changed
}

// Listen tells of the flows of both families: new ones, those of which a state, a mark or the like changes, and those that
// end. The kernel does so for flows that begin while somebody listens (net.netfilter.nf_conntrack_events is 2), or for all
// (1). Errors are those of a Subscriber.
func Listen(ctx context.Context, subscriber netlink.Subscriber) iter.Seq2[Notice, error] {
	subscription := netlink.Subscription{
		Protocol: unix.NETLINK_NETFILTER,
		Groups:   []uint32{unix.NFNLGRP_CONNTRACK_NEW, unix.NFNLGRP_CONNTRACK_UPDATE, unix.NFNLGRP_CONNTRACK_DESTROY},
	}
	return func(yield func(Notice, error) bool) {
		for message, err := range subscriber.Subscribe(ctx, subscription) {
			notice := Notice{New: message.Flags&unix.NLM_F_CREATE != 0, Gone: message.Type&0xff == deleteFlow}
			if err == nil {
				notice.Flow, err = parseFlow(message.Data)
			}
			var overrun *netlink.Overrun
			if err != nil && !errors.As(err, &overrun) {
				yield(Notice{}, fmt.Errorf("listen to tracked flows: %w", explain(err)))
				return
			}
			if !yield(notice, err) {
				return
			}
		}
	}
}
