package tables_test

import (
	"testing"

	"netql/sources/lab"
)

// populations fill an empty namespace, so that every table has rows and every column a value. Each is its own file's.
var populations = []func(testing.TB){
	routeWorld, // before other routes and rules are there
	func(t testing.TB) { lab.AllStates(t) },
	lab.Neighbors,
	lab.Qdiscs,
	lab.Flows,
	func(t testing.TB) { makeUnixWorld(t) },
	func(t testing.TB) { makePacketWorld(t) },
	func(t testing.TB) { makeNetlinkWorld(t) },
	func(t testing.TB) { makeNamespaces(t) },
	lab.Containers,
	func(t testing.TB) { lab.Hostile(t) },
	makeLinks,
	populateMulticast,
}

// populate makes all of it, in one namespace.
func populate(t testing.TB) {
	t.Helper()
	for _, add := range populations {
		add(t)
	}
	awaitAddresses(t)
}

// awaitAddresses waits until every address is in use, which changes routes.
func awaitAddresses(t testing.TB) {
	t.Helper()
	lab.Await(t, "no tentative address", func() bool { return ip(t, "-6", "address", "show", "tentative") == "" })
}

// rare columns, TABLE.COLUMN, have no value on a machine as the tests know it.
var rare = map[string]bool{
	"multicast_groups.timer":  true,
	"sockets.unit":            true,
	"sockets.end":             true, // of events
	"sockets.container":       true,
	"sockets.ssthresh":        true,
	"sockets.max_pacing_rate": true,
	"sockets.rcv_rtt":         true,
	"routes.network":          true, // as /etc/networks has it
	"routes.lookup":           true, // a query asks for it
	"memory.pressure":         true, // the first network namespace only
	"memory.orphan_limit":     true,
	"memory.objects":          true, // root only
	"memory.active_objects":   true,
	"memory.module":           true,

	"unix_sockets.unit": true, "unix_sockets.container": true, "packet_sockets.unit": true,
	"packet_sockets.container": true,
	// Of cgroups with containers there are none here; TestContainerNames has them.
	"sockets.container_name": true, "sockets.image": true, "sockets.pod": true, "sockets.pod_namespace": true,
	"unix_sockets.container_name": true, "unix_sockets.image": true, "unix_sockets.pod": true,
	"unix_sockets.pod_namespace": true, "packet_sockets.container_name": true, "packet_sockets.image": true,
	"packet_sockets.pod": true, "packet_sockets.pod_namespace": true, "netlink_sockets.container_name": true,
	"netlink_sockets.image": true, "netlink_sockets.pod": true, "netlink_sockets.pod_namespace": true,
	"processes.container_name": true, "processes.image": true, "processes.pod": true, "processes.pod_namespace": true,
	"namespaces.container_name": true, "namespaces.image": true, "namespaces.pod": true,
	"namespaces.pod_namespace": true,
	"sockets.socket_unit":      true, "sockets.forwards_to": true, "sockets.forwards_to_name": true,
	"containers.pid": true, "containers.process": true, "containers.netns": true,
	"netlink_sockets.unit": true, "netlink_sockets.container": true, "processes.unit": true,
	"processes.container": true,
	"namespaces.unit":     true, "namespaces.container": true,
	"interfaces.permanent_mac":     true,
	"interfaces.xdp":               true,
	"interfaces.xdp_program":       true,
	"interfaces.lower":             true,
	"interfaces.mode":              true,
	"interfaces.vlan_id":           true,
	"interfaces.vni":               true,
	"interfaces.vrf_table":         true,
	"interfaces.tunnel_local":      true,
	"interfaces.tunnel_remote":     true,
	"interfaces.parent_device":     true,
	"interfaces.parent_bus":        true,
	"interfaces.lanes":             true,
	"interfaces.rx_ring":           true,
	"interfaces.rx_ring_max":       true,
	"interfaces.tx_ring":           true,
	"interfaces.tx_ring_max":       true,
	"interfaces.combined_channels": true,
	"interfaces.pause_autoneg":     true,
	"interfaces.rx_pause":          true,
	"interfaces.tx_pause":          true,
	"interfaces.firmware":          true,
	"interfaces.bus_info":          true,
}
