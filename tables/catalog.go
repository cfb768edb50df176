// Package tables is the catalogue: what the kernel says about the network, as tables. Each table is one declaration, a
// spec with typed and documented columns, and the scan that fills it from a source.
package tables

import (
	"sync"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
)

// Catalog builds the tables, and the functions that need more than a row, for one network stack. It serves one query: what
// its functions have looked up, and the time that they may still take, are its own.
func Catalog(system *sources.System) *query.Catalog {
	services := sync.OnceValue(func() services { return readServices(system.Files) })
	c := &query.Catalog{
		Tables: []*query.Table{
			query.Define(sockets(system)),
			query.Define(routes(system)),
			query.Define(interfaces(system)),
			query.Define(protoStats(system)),
			query.Define(ethernet(system)),
			query.Define(unixSockets(system)),
			query.Define(packetSockets(system)),
			query.Define(netlinkSockets(system)),
			query.Define(addresses(system)),
			query.Define(neighbors(system)),
			query.Define(rules(system)),
			query.Define(nicStats(system)),
			query.Define(multicastGroups(system)),
			query.Define(multicastInterfaces(system)),
			query.Define(multicastRoutes(system)),
			query.Define(memoryTable(system)),
			query.Define(softnetTable(system)),
			query.Define(qdiscs(system)),
			query.Define(flows(system)),
			query.Define(processesTable(system)),
			query.Define(namespaces(system)),
			query.Define(servicesTable(system)),
		},
		Functions: functions(services, system.Names),
		Protocols: protocolNames(system),
		Ports:     func(name string) (int, bool) { return services().port(name) },
	}
	return described(c)
}

// described adds the tables that tell of the catalogue itself.
func described(c *query.Catalog) *query.Catalog {
	c.Tables = append(c.Tables, query.Define(tables(c)), query.Define(columns(c)))
	return c
}

// The types that tables are made of.
var (
	boolean  = schema.Of(schema.Bool)
	integer  = schema.Of(schema.Int)
	port     = schema.Of(schema.Port)
	text     = schema.Of(schema.Text)
	address  = schema.Of(schema.Address)
	prefix   = schema.Of(schema.Prefix)
	mac      = schema.Of(schema.MAC)
	endpoint = schema.Of(schema.Endpoint)
	duration = schema.Of(schema.Duration)
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
