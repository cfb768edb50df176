package conntrack

import (
	"context"
	"fmt"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// A Notification is what netfilter tells, by itself, of a flow. What the message leaves out is absent in the flow.
type Notification struct {
	*Flow
	New, Gone bool // neither for one that has changed
}

// Listen tells of the flows of both families: new ones, those of which a state, a mark or the like changes, and those
// that end. The kernel does so for flows that begin while somebody listens (net.netfilter.nf_conntrack_events is 2),
// or for all (1). Errors are those of a Subscriber.
func Listen(ctx context.Context, subscriber netlink.Subscriber) iter.Seq2[Notification, error] {
	subscription := netlink.Subscription{
		Protocol: unix.NETLINK_NETFILTER,
		Groups:   []uint32{unix.NFNLGRP_CONNTRACK_NEW, unix.NFNLGRP_CONNTRACK_UPDATE, unix.NFNLGRP_CONNTRACK_DESTROY},
	}
	return func(yield func(Notification, error) bool) {
		if _, err := netlink.Each(subscriber.Subscribe(ctx, subscription), parseNotification, yield); err != nil {
			yield(Notification{}, fmt.Errorf("listen to tracked flows: %w", explain(err)))
		}
	}
}

func parseNotification(m netlink.Message) (n Notification, wanted bool, err error) {
	n = Notification{New: m.Flags&unix.NLM_F_CREATE != 0, Gone: m.Type == deleteType}
	n.Flow, err = parseFlow(m.Data)
	return n, true, err
}
