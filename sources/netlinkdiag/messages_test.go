package netlinkdiag

import (
	"testing"

	"netql/sources/netlink/netlinktest"
)

// TestDescribed: the parser reads no attribute that is not described.
func TestDescribed(t *testing.T) {
	netlinktest.CheckDescribed(t, Messages, netlinktest.Parsers{&socketMessage: {netlinktest.Parse(parseSocket)}})
}
