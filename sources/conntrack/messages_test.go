package conntrack

import (
	"testing"

	"netql/sources/netlink/netlinktest"
)

// TestDescribed: the parser reads no attribute that is not described.
func TestDescribed(t *testing.T) {
	netlinktest.CheckDescribed(t, Messages, netlinktest.Parsers{&flowMessage: {netlinktest.Parse(parseFlow)}})
}
