package rtnetlink

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// A Notification is a message that the kernel sends by itself about an object.
type Notification[T any] struct {
	Object   T
	Gone     bool // it was removed; Object is what it was
	Replaced bool // it took the place of another with the same key, or has more nexthops than before
}

// A Subscription says which notifications are wanted.
type Subscription struct {
	Families []uint8 // of the objects; ListenDevices ignores them
	Joined   func()  // as in netlink.Subscription

	// Link is called, unless nil, for every interface that is added, changed or removed, in order with the
	// notifications.
	Link func(link Link, gone bool)
}

// A notificationKind describes the notifications of rtnetlink about one kind of objects.
type notificationKind[T any] struct {
	what       string
	groups     []multicastGroup
	made, gone uint16 // the types of its messages
	parse      func([]byte) (T, error)
	replaced   func(T, uint16) bool // whether it was there before, by the message's flags
}

// A multicastGroup is one of RTNLGRP_* of linux/rtnetlink.h, for the objects of a family.
type multicastGroup struct {
	family uint8
	number uint32
}

// ListenDevices yields notifications of interfaces. As with the functions below, errors are those of a Subscriber.
func ListenDevices(ctx context.Context, s netlink.Subscriber, l Subscription) iter.Seq2[Notification[*Device], error] {
	l.Families = []uint8{unix.AF_UNSPEC}
	notifications := notificationKind[*Device]{
		what: "interfaces", made: unix.RTM_NEWLINK, gone: unix.RTM_DELLINK, parse: parseDevice,
		groups: []multicastGroup{{unix.AF_UNSPEC, unix.RTNLGRP_LINK}}, // other families' are about ports of bridges
	}.listen(ctx, s, l)
	return func(yield func(Notification[*Device], error) bool) {
		for n, err := range notifications {
			// Wireless drivers' own events have a name and nothing else of the interface (net/wireless/wext-core.c).
			if (err != nil || n.Gone || n.Object.Has(AttrMTU)) && !yield(n, err) {
				return
			}
		}
	}
}

// ListenAddresses yields notifications of IP addresses.
func ListenAddresses(
	ctx context.Context, s netlink.Subscriber, l Subscription,
) iter.Seq2[Notification[*Address], error] {
	return notificationKind[*Address]{
		what: "addresses", made: unix.RTM_NEWADDR, gone: unix.RTM_DELADDR, parse: parseAddress,
		groups: []multicastGroup{{unix.AF_INET, unix.RTNLGRP_IPV4_IFADDR}, {unix.AF_INET6, unix.RTNLGRP_IPV6_IFADDR}},
	}.listen(ctx, s, l)
}

// ListenRoutes yields notifications of routes. There is none for a route of IPv4 that goes with its interface or its
// source address.
func ListenRoutes(ctx context.Context, s netlink.Subscriber, l Subscription) iter.Seq2[Notification[*Route], error] {
	return notificationKind[*Route]{
		what: "routes", made: unix.RTM_NEWROUTE, gone: unix.RTM_DELROUTE, parse: parseRoute, replaced: replacedRoute,
		groups: []multicastGroup{{unix.AF_INET, unix.RTNLGRP_IPV4_ROUTE}, {unix.AF_INET6, unix.RTNLGRP_IPV6_ROUTE}},
	}.listen(ctx, s, l)
}

// replacedRoute: IPv6 tells of a nexthop that is added to a route as of one more route, with all the nexthops.
func replacedRoute(r *Route, flags uint16) bool {
	added := flags&unix.NLM_F_APPEND != 0 && r.Family == unix.AF_INET6 && len(r.Nexthops) > 1
	return added || flags&unix.NLM_F_REPLACE != 0
}

// ListenRules yields notifications of rules.
func ListenRules(ctx context.Context, s netlink.Subscriber, l Subscription) iter.Seq2[Notification[*Rule], error] {
	return notificationKind[*Rule]{
		what: "rules", made: unix.RTM_NEWRULE, gone: unix.RTM_DELRULE, parse: parseRule,
		groups: []multicastGroup{{unix.AF_INET, unix.RTNLGRP_IPV4_RULE}, {unix.AF_INET6, unix.RTNLGRP_IPV6_RULE}},
	}.listen(ctx, s, l)
}

// ListenNeighbors yields notifications of neighbours; proxy entries have none.
func ListenNeighbors(
	ctx context.Context, s netlink.Subscriber, l Subscription,
) iter.Seq2[Notification[*Neighbor], error] {
	return notificationKind[*Neighbor]{
		what: "neighbours", made: unix.RTM_NEWNEIGH, gone: unix.RTM_DELNEIGH, parse: parseNeighbor,
		groups: []multicastGroup{{unix.AF_INET, unix.RTNLGRP_NEIGH}, {unix.AF_INET6, unix.RTNLGRP_NEIGH}},
	}.listen(ctx, s, l)
}

func (t notificationKind[T]) listen(
	ctx context.Context, subscriber netlink.Subscriber, l Subscription,
) iter.Seq2[Notification[T], error] {
	subscription := netlink.Subscription{Protocol: unix.NETLINK_ROUTE, Joined: l.Joined}
	for _, g := range t.groups {
		if slices.Contains(l.Families, g.family) {
			subscription.Groups = append(subscription.Groups, g.number)
		}
	}
	if l.Link != nil {
		subscription.Groups = append(subscription.Groups, unix.RTNLGRP_LINK)
	}
	return func(yield func(Notification[T], error) bool) {
		decode := func(m netlink.Message) (Notification[T], bool, error) { return t.notification(m, l) }
		if _, err := netlink.Each(subscriber.Subscribe(ctx, subscription), decode, yield); err != nil {
			yield(Notification[T]{}, fmt.Errorf("listen to %s: %w", t.what, err))
		}
	}
}

// notification reads a message, if it tells of a wanted object.
func (t notificationKind[T]) notification(m netlink.Message, l Subscription) (n Notification[T], wanted bool,
	err error) {
	if len(m.Data) == 0 {
		return n, false, nil
	}
	family := m.Data[0]
	if l.Link != nil && family == unix.AF_UNSPEC && (m.Type == unix.RTM_NEWLINK || m.Type == unix.RTM_DELLINK) {
		link, err := parseLink(m.Data)
		if err != nil {
			return n, false, err
		}
		l.Link(link, m.Type == unix.RTM_DELLINK)
	}
	if m.Type != t.made && m.Type != t.gone || !slices.Contains(l.Families, family) {
		return n, false, nil
	}
	n.Object, err = t.parse(m.Data)
	n.Gone = m.Type == t.gone
	n.Replaced = err == nil && t.replaced != nil && t.replaced(n.Object, m.Flags)
	return n, true, err
}
