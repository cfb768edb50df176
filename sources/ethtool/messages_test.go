package ethtool

import (
	"testing"

	"netql/sources/netlink/netlinktest"
)

// TestDescribed: the parsers read no attribute that is not described.
func TestDescribed(t *testing.T) {
	netlinktest.CheckDescribed(t, Messages, netlinktest.Parsers{
		&familyMessage: {netlinktest.Parse(func(b []byte) ([]any, error) {
			name, id, err := ParseFamily(b)
			return []any{name, id}, err
		})},
		&linkModesMessage: {netlinktest.Parse(parseLinkModes)},
		&ringsMessage:     {netlinktest.Parse(parseRings)},
		&channelsMessage:  {netlinktest.Parse(parseChannels)},
		&pauseMessage:     {netlinktest.Parse(parsePause)},
	})
}
