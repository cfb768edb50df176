// Package tables has the tables that queries can ask: what the kernel says about the network. Each table is one
// declaration, a query.Spec with typed and documented columns, and the scan that fills it from a source.
package tables

import "netql/query"

// Catalog is the catalogue of the tables and the functions of queries. A query over it needs a QueryState.
func Catalog() *query.Catalog { return query.NewCatalog(declarations, functions()...) }

// declarations are the tables by their names, in the order in which help lists them.
var declarations = []query.Declaration{
	{Name: "sockets", Table: socketsTable, Synonyms: socketSynonyms},
	{Name: "routes", Table: routesTable, Synonyms: routeSynonyms},
	{Name: "route_to", Table: routeToTable},
	{Name: "interfaces", Table: interfacesTable, Synonyms: interfaceSynonyms},
	{Name: "proto_stats", Table: protoStatsTable, Synonyms: protoStatSynonyms},
	{Name: "ethernet", Table: ethernetTable},
	{Name: "unix_sockets", Table: unixSocketsTable, Synonyms: unixSocketSynonyms},
	{Name: "packet_sockets", Table: packetSocketsTable, Synonyms: packetSocketSynonyms},
	{Name: "netlink_sockets", Table: netlinkSocketsTable},
	{Name: "addresses", Table: addressesTable, Synonyms: addressSynonyms},
	{Name: "neighbors", Table: neighborsTable, Synonyms: neighborSynonyms},
	{Name: "rules", Table: rulesTable, Synonyms: ruleSynonyms},
	{Name: "nic_stats", Table: nicStatsTable},
	{Name: "multicast_groups", Table: multicastGroupsTable, Synonyms: multicastGroupSynonyms},
	{Name: "multicast_interfaces", Table: multicastInterfacesTable},
	{Name: "multicast_routes", Table: multicastRoutesTable, Synonyms: multicastRouteSynonyms},
	{Name: "memory", Table: memoryTable, Synonyms: memorySynonyms},
	{Name: "limits", Table: limitsTable, Synonyms: limitSynonyms},
	{Name: "sysctls", Table: sysctlsTable, Synonyms: sysctlSynonyms},
	{Name: "softnet", Table: softnetTable},
	{Name: "qdiscs", Table: qdiscsTable, Synonyms: qdiscSynonyms},
	{Name: "conntrack", Table: conntrackTable, Synonyms: conntrackSynonyms},
	{Name: "processes", Table: processesTable, Synonyms: processSynonyms},
	{Name: "namespaces", Table: namespacesTable, Synonyms: namespaceSynonyms},
	{Name: "containers", Table: containersTable, Synonyms: containerSynonyms},
	{Name: "services", Table: servicesTable},
	{Name: "findings", Table: findingsTable},
	{Name: "checks", Table: checksTable},
	{Name: "tables", Table: tablesTable},
	{Name: "columns", Table: columnsTable, Synonyms: columnSynonyms},
}
