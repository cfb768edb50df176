package rtnetlink

import "netql/sources/netlink"

// Messages are the messages that this package reads.
var Messages = []*netlink.MessageKind{
	&linkMessage, &multicastTableMessage, &addressMessage, &routeMessage, &ruleMessage, &neighborMessage,
	&qdiscMessage, &nexthopMessage, &namespaceMessage,
}
