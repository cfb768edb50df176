// Package tables has the tables that queries can ask: what the kernel says about the network. Each table is one
// declaration, a query.Spec with typed and documented columns, and the scan that fills it from a source.
package tables

import "netql/query"

// Catalog is the catalogue of the tables and the functions of queries. A query over it needs a QueryState.
func Catalog() *query.Catalog { return query.NewCatalog(declarations, functions()...) }

// declarations are the tables by their names, in the order in which help lists them.
var declarations = []query.Declaration{
	{Name: "sockets", Table: socketsTable},
	{Name: "routes", Table: routesTable},
	{Name: "interfaces", Table: interfacesTable},
	{Name: "proto_stats", Table: protoStatsTable},
	{Name: "ethernet", Table: ethernetTable},
	{Name: "unix_sockets", Table: unixSocketsTable},
	{Name: "packet_sockets", Table: packetSocketsTable},
	{Name: "netlink_sockets", Table: netlinkSocketsTable},
	{Name: "addresses", Table: addressesTable},
	{Name: "neighbors", Table: neighborsTable},
	{Name: "rules", Table: rulesTable},
	{Name: "nic_stats", Table: nicStatsTable},
	{Name: "multicast_groups", Table: multicastGroupsTable},
	{Name: "multicast_interfaces", Table: multicastInterfacesTable},
	{Name: "multicast_routes", Table: multicastRoutesTable},
	{Name: "memory", Table: memoryTable},
	{Name: "softnet", Table: softnetTable},
	{Name: "qdiscs", Table: qdiscsTable},
	{Name: "conntrack", Table: conntrackTable},
	{Name: "processes", Table: processesTable},
	{Name: "namespaces", Table: namespacesTable},
	{Name: "services", Table: servicesTable},
	{Name: "tables", Table: tablesTable},
	{Name: "columns", Table: columnsTable},
}
