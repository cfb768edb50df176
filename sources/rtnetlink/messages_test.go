package rtnetlink

import (
	"testing"

	"netql/sources/netlink/netlinktest"
)

// TestDescribed: the parsers read no attribute that is not described.
func TestDescribed(t *testing.T) {
	parsers := netlinktest.Parsers{
		&linkMessage:           {netlinktest.Parse(parseLink), netlinktest.Parse(parseDevice)},
		&multicastTableMessage: {netlinktest.Parse(parseMulticastInterfaces)},
		&addressMessage:        {netlinktest.Parse(parseAddress)},
		&routeMessage:          {netlinktest.Parse(parseRoute), netlinktest.Parse(parseMulticastRoute)},
		&ruleMessage:           {netlinktest.Parse(parseRule)},
		&neighborMessage:       {netlinktest.Parse(parseNeighbor)},
		&qdiscMessage:          {netlinktest.Parse(parseQdisc)},
		&nexthopMessage:        {netlinktest.Parse(parseNexthopObject)},
		&namespaceMessage:      {netlinktest.Parse(parseNamespace)},
	}
	netlinktest.CheckDescribed(t, Messages, parsers)
}
