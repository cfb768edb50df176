// Package tables is the catalogue: what the kernel says about the network, as tables. Each table is one declaration, a
// spec with typed and documented columns, and the scan that fills it from a source.
package tables

import "netql/query"

// Catalog declares the tables and the functions of queries. A query asks them with a QueryState.
func Catalog() *query.Catalog { return query.NewCatalog(declarations, functions()...) }

// declarations are the tables by their names, in the order in which help lists them.
var declarations = []query.Declaration{
	{Name: "sockets", Table: sockets},
	{Name: "routes", Table: routes},
	{Name: "interfaces", Table: interfaces},
	{Name: "proto_stats", Table: protoStats},
	{Name: "ethernet", Table: ethernet},
	{Name: "unix_sockets", Table: unixSockets},
	{Name: "packet_sockets", Table: packetSockets},
	{Name: "netlink_sockets", Table: netlinkSockets},
	{Name: "addresses", Table: addresses},
	{Name: "neighbors", Table: neighbors},
	{Name: "rules", Table: rules},
	{Name: "nic_stats", Table: nicStats},
	{Name: "multicast_groups", Table: multicastGroups},
	{Name: "multicast_interfaces", Table: multicastInterfaces},
	{Name: "multicast_routes", Table: multicastRoutes},
	{Name: "memory", Table: memoryTable},
	{Name: "softnet", Table: softnetTable},
	{Name: "qdiscs", Table: qdiscs},
	{Name: "conntrack", Table: flows},
	{Name: "processes", Table: processesTable},
	{Name: "namespaces", Table: namespaces},
	{Name: "services", Table: servicesTable},
	{Name: "tables", Table: tables},
	{Name: "columns", Table: columns},
}
