package tables_test

import (
	"testing"

	"netql/sources/lab"
)

// populations fill an empty namespace, so that every table has rows and every column a value. Each is its own file's.
var populations = []func(testing.TB){
	func(t testing.TB) { lab.AllStates(t) },
	routeWorld,
}

// populate makes all of it, in one namespace.
func populate(t testing.TB) {
	t.Helper()
	for _, add := range populations {
		add(t)
	}
}

// rare columns, TABLE.COLUMN, have no value on a machine as the tests know it.
var rare = map[string]bool{
	"sockets.unit":            true,
	"sockets.container":       true,
	"sockets.ssthresh":        true,
	"sockets.max_pacing_rate": true,
	"sockets.rcv_rtt":         true,
}
