package inetdiag

import (
	"testing"

	"netql/sources/netlink/netlinktest"
)

// TestDescribed: the parsers read no attribute that is not described.
func TestDescribed(t *testing.T) {
	netlinktest.CheckDescribed(t, Messages, netlinktest.Parsers{&socketMessage: {
		netlinktest.Parse(newDecoder(TCP).socket), netlinktest.Parse(newDecoder(UDP).socket),
		netlinktest.Parse(newDecoder(MPTCP).socket),
		netlinktest.Parse(func(b []byte) (*Socket, error) { return destroyed(map[int]*decoder{}, b) }),
	}})
}
