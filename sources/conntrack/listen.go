package conntrack

import (
	"context"
	"fmt"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// A Notification is a message that netfilter sends by itself about a flow. Attributes that it lacks are absent in Flow.
type Notification struct {
	*Flow
	New, Gone bool // neither for one that has changed
}

// Listen yields notifications of flows of both families: of new ones, of changes of a state, a mark and the like, and
// of those that end. With net.netfilter.nf_conntrack_events = 2 the kernel sends them only for flows that begin while
// somebody listens, with 1 for all. Errors are those of a Subscriber.
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
