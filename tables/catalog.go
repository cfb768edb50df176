// Package tables is the catalogue: what the kernel says about the network, as tables. Each table is one declaration, a
// spec with typed and documented columns, and the scan that fills it from a source.
package tables

import (
	"netql/query"
	"netql/query/schema"
)

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

// The types that tables are made of.
var (
	boolean  = schema.Type{Kind: schema.Bool}
	integer  = schema.Type{Kind: schema.Int}
	port     = schema.Type{Kind: schema.Port}
	text     = schema.Type{Kind: schema.Text}
	address  = schema.Type{Kind: schema.Address}
	prefix   = schema.Type{Kind: schema.Prefix}
	mac      = schema.Type{Kind: schema.MAC}
	duration = schema.Type{Kind: schema.Duration}
)

func enum(words *schema.Vocabulary) schema.Type { return schema.Type{Kind: schema.Enum, Words: words} }

// orNull is the value, or NULL where it does not hold.
func orNull(value any, holds bool) any {
	if !holds {
		return nil
	}
	return value
}

// nonEmpty is the text, or NULL where there is none.
func nonEmpty(s string) any { return orNull(s, s != "") }

// nonZero is the number as an int, or NULL where zero means that there is none.
func nonZero[N int | uint32 | uint64](n N) any {
	if n == 0 {
		return nil
	}
	return saturate(uint64(n))
}

// saturate is a counter as an int; one above the largest int stays there.
func saturate(n uint64) int {
	const largest = 1<<63 - 1
	return int(min(n, largest))
}
