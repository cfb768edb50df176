package tables

import (
	"net/netip"
	"testing"
	"testing/fstest"

	"netql/sources"
)

// TestNetworkNames: the first name counts, a file that is not there is no fault, and one that cannot be read is told of.
func TestNetworkNames(t *testing.T) {
	file := func(text string) fstest.MapFS { return fstest.MapFS{"etc/networks": {Data: []byte(text)}} }
	for _, c := range []struct {
		files fstest.MapFS
		name  string
		tells bool
	}{
		{file("link-local 169.254.0.0\nother 169.254\n"), "link-local", false},
		{fstest.MapFS{}, "", false},
		{fstest.MapFS{"etc/networks/x": {}}, "", true},
	} {
		warned := false
		s := &scanState{QueryState: Ask(&sources.System{Files: c.files}), warn: func(string) { warned = true }}
		names := (&routeFacts{scanState: s}).readNetworks()
		if got := names[netip.MustParseAddr("169.254.0.0")]; got != c.name || warned != c.tells {
			t.Errorf("%v: %q, warned %v", c.files, got, warned)
		}
	}
}
