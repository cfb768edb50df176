package rtnetlink

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// A Notice is what the kernel tells, by itself, of an object.
type Notice[T any] struct {
	Object   T
	Gone     bool // it is no more, and was like this before
	Replaced bool // it took the place of another with the same key, or has more nexthops than before
}

// Listening says what to listen to, and whom to tell what else there is to know.
type Listening struct {
	Families []uint8                    // whose objects are wanted; those of interfaces have none
	Joined   func()                     // as in netlink.Subscription
	Link     func(link Link, gone bool) // called for every interface that is made, changed or gone, before the notices that follow; nil for none
}

// topic is a kind of objects that rtnetlink tells of.
type topic[T any] struct {
	what       string
	groups     map[uint8]uint32 // RTNLGRP_* of linux/rtnetlink.h, by family
	made, gone uint16           // the types of its messages
	parse      func([]byte) (T, error)
	replaced   func(T, uint16) bool // whether it was there before, by the message's flags
}

// The multicast groups, by family.
var (
	linkGroups    = map[uint8]uint32{unix.AF_UNSPEC: unix.RTNLGRP_LINK} // other families' are about ports of bridges
	addressGroups = map[uint8]uint32{unix.AF_INET: unix.RTNLGRP_IPV4_IFADDR, unix.AF_INET6: unix.RTNLGRP_IPV6_IFADDR}
	routeGroups   = map[uint8]uint32{unix.AF_INET: unix.RTNLGRP_IPV4_ROUTE, unix.AF_INET6: unix.RTNLGRP_IPV6_ROUTE}
	ruleGroups    = map[uint8]uint32{unix.AF_INET: unix.RTNLGRP_IPV4_RULE, unix.AF_INET6: unix.RTNLGRP_IPV6_RULE}
	neighGroups   = map[uint8]uint32{unix.AF_INET: unix.RTNLGRP_NEIGH, unix.AF_INET6: unix.RTNLGRP_NEIGH}
)

// ListenDevices tells of interfaces. Errors are those of a Subscriber. So it is with the others below.
func ListenDevices(ctx context.Context, s netlink.Subscriber, l Listening) iter.Seq2[Notice[*Device], error] {
	l.Families = []uint8{unix.AF_UNSPEC}
	notices := topic[*Device]{"interfaces", linkGroups, unix.RTM_NEWLINK, unix.RTM_DELLINK, parseDevice, nil}.listen(ctx, s, l)
	return func(yield func(Notice[*Device], error) bool) {
		for n, err := range notices {
			// Wireless drivers' own events have a name and nothing else of the interface (net/wireless/wext-core.c).
			if (err != nil || n.Gone || n.Object.Has(AttrMTU)) && !yield(n, err) {
				return
			}
		}
	}
}

// ListenAddresses tells of IP addresses.
func ListenAddresses(ctx context.Context, s netlink.Subscriber, l Listening) iter.Seq2[Notice[*Address], error] {
	return topic[*Address]{"addresses", addressGroups, unix.RTM_NEWADDR, unix.RTM_DELADDR, parseAddress, nil}.listen(ctx, s, l)
}

// ListenRoutes tells of routes. Those of IPv4 that go with their interface or their source address go without a word.
func ListenRoutes(ctx context.Context, s netlink.Subscriber, l Listening) iter.Seq2[Notice[*Route], error] {
	return topic[*Route]{"routes", routeGroups, unix.RTM_NEWROUTE, unix.RTM_DELROUTE, parseRoute, replacedRoute}.listen(ctx, s, l)
}

// replacedRoute: IPv6 tells of a nexthop that is added to a route as of one more route, with all the nexthops.
func replacedRoute(r *Route, flags uint16) bool {
	added := flags&unix.NLM_F_APPEND != 0 && r.Family == unix.AF_INET6 && len(r.Nexthops) > 1
	return added || flags&unix.NLM_F_REPLACE != 0
}

// ListenRules tells of rules.
func ListenRules(ctx context.Context, s netlink.Subscriber, l Listening) iter.Seq2[Notice[*Rule], error] {
	return topic[*Rule]{"rules", ruleGroups, unix.RTM_NEWRULE, unix.RTM_DELRULE, parseRule, nil}.listen(ctx, s, l)
}

// ListenNeighbors tells of neighbours, but not of proxy entries.
func ListenNeighbors(ctx context.Context, s netlink.Subscriber, l Listening) iter.Seq2[Notice[*Neighbor], error] {
	return topic[*Neighbor]{"neighbours", neighGroups, unix.RTM_NEWNEIGH, unix.RTM_DELNEIGH, parseNeighbor, nil}.listen(ctx, s, l)
}

func (t topic[T]) listen(ctx context.Context, subscriber netlink.Subscriber, l Listening) iter.Seq2[Notice[T], error] {
	subscription := netlink.Subscription{Protocol: unix.NETLINK_ROUTE, Joined: l.Joined}
	for _, family := range l.Families {
		subscription.Groups = append(subscription.Groups, t.groups[family])
	}
	if l.Link != nil {
		subscription.Groups = append(subscription.Groups, unix.RTNLGRP_LINK)
	}
	return func(yield func(Notice[T], error) bool) {
		decode := func(m netlink.Message) (Notice[T], bool, error) { return t.notice(m, l) }
		if _, err := netlink.Each(subscriber.Subscribe(ctx, subscription), decode, yield); err != nil {
			yield(Notice[T]{}, fmt.Errorf("listen to %s: %w", t.what, err))
		}
	}
}

// notice reads a message, if it tells of a wanted object.
func (t topic[T]) notice(m netlink.Message, l Listening) (n Notice[T], wanted bool, err error) {
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
