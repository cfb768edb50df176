package tables

import (
	"net/netip"
	"testing"

	"netql/sources"
	"netql/sources/vfs/vfstest"
)

// TestNetworkNames: the first name counts, a file that is not there is no fault, and one that cannot be read is told
// of.
func TestNetworkNames(t *testing.T) {
	file := func(text string) vfstest.Files { return vfstest.Files{"/etc/networks": {Text: text}} }
	for _, c := range []struct {
		files vfstest.Files
		name  string
		tells bool
	}{
		{file("link-local 169.254.0.0\nother 169.254\n"), "link-local", false},
		{vfstest.Files{}, "", false},
		{vfstest.Files{"/etc/networks/x": {}}, "", true},
	} {
		warned := false
		s := &scanState{QueryState: Ask(&sources.System{Files: c.files}), warn: func(string) { warned = true }}
		names := (&routeFacts{scanState: s}).readNetworks()
		if got := names[netip.MustParseAddr("169.254.0.0")]; got != c.name || warned != c.tells {
			t.Errorf("%v: %q, warned %v", c.files, got, warned)
		}
	}
}
