package query

import "netql/query/syntax"

// Language is the stages of the query language, in the order in which people are told of them. The words of the
// parser, the order in which stages may stand, help, completion and the table in docs/language.md come from here. The
// rest of a stage is in a file of its own: its parser, its node, which prints itself, and the operator that it
// compiles to.
var Language = syntax.Language{
	{
		Name: "where", Aliases: []string{"filter"}, Usage: "where CONDITION",
		Doc:     "keep the rows for which it is true",
		Details: "Right after the table the word may be left out.",
		Example: "sockets | where lport < 1024",
		Parse:   parseWhere, Filter: true,
	},
	{
		Name: "select", Aliases: []string{"project"}, Usage: "select ITEM, ...",
		Doc:     "show these columns only; * is all of them",
		Example: "sockets | select process, local, idle = last_data_recv",
		Parse:   parseSelect,
	},
	{
		Name: "extend", Usage: "extend NAME = EXPRESSION, ...",
		Doc:     "add columns",
		Example: "sockets | extend again = total_retrans / segs_out",
		Parse:   parseExtend,
	},
	{
		Name: "drop", Usage: "drop COLUMN, ...",
		Doc:     "leave columns out",
		Example: "sockets | drop pid, process",
		Parse:   parseDrop,
	},
	{
		Name: "sort", Aliases: []string{"order"}, Usage: "sort KEY [desc], ...",
		Doc: "order the rows",
		Details: "Rows with equal keys keep their order, NULL comes last either way. A key is an expression, " +
			"ascending unless it has - before it or desc after it. The word by may stand before the keys.",
		Example: "sockets | sort state, rtt desc",
		Parse:   parseSort, Words: []string{"by"}, NeedsEnd: true,
	},
	{
		Name: "limit", Aliases: []string{"take", "head"}, Usage: "limit N",
		Doc:     "keep the first rows",
		Details: "Then the source is closed. head alone is limit 10.",
		Example: "sockets | limit 10",
		Parse:   parseLimit,
	},
	{
		Name: "top", Usage: "top N by KEY, ...",
		Doc:     "keep the rows with the largest keys",
		Details: "In memory for N rows. asc after a key turns it round. The word by may be left out.",
		Example: "sockets | top 10 by rtt",
		Parse:   parseTop, Words: []string{"by"}, NeedsEnd: true,
	},
	{
		Name: "count", Usage: "count by ITEM, ...",
		Doc:     "count the rows of each group, the largest first",
		Details: "Without by it counts all rows.",
		Example: "sockets | count by state",
		Parse:   parseCount, Words: []string{"by"}, NeedsEnd: true,
	},
	{
		Name: "group", Usage: "group by ITEM, ...: AGGREGATE, ...",
		Doc: "compute something of each group",
		Details: "One row for all rows that agree on the items, in the order of the items; without aggregates, " +
			"their number. The word by may be left out.",
		Example: "sockets | group by process: n = count(), p95(rtt)",
		Parse:   parseGroup, Words: []string{"by"}, NeedsEnd: true,
	},
	{
		Name: "stats", Aliases: []string{"summarize"}, Usage: "stats AGGREGATE, ... by ITEM, ...",
		Doc:     "the same in the other order",
		Details: "As group; without by it gives one row for all rows.",
		Example: "sockets | stats n = count(), p95(rtt) by process",
		Parse:   parseStats, Words: []string{"by"}, NeedsEnd: true,
	},
	{
		Name: "histogram", Usage: "histogram EXPRESSION [log] [by ITEM]",
		Doc: "count how many values lie in each range",
		Details: "A row for each of about 10 to 20 bins, empty ones in between too, with bars: lower belongs to the " +
			"bin, upper to the next. Bins are round: 1, 2 or 5 times a power of ten wide, of sizes a power of two; " +
			"with log their bounds are such numbers. The last row counts NULL. by makes one for each, with the same " +
			"bins.",
		Example: "sockets | histogram rtt",
		Parse:   parseHistogram, Words: []string{"log", "by"}, NeedsEnd: true,
	},
	{
		Name: "distinct", Aliases: []string{"uniq"}, Usage: "distinct ITEM, ...",
		Doc:     "show each combination once",
		Details: "Without items, each of the shown columns.",
		Example: "sockets | distinct raddr",
		Parse:   parseDistinct,
	},
	{
		Name: "join", Usage: "join [left] [all] TABLE on COLUMN == COLUMN, ...",
		Doc: "put the rows of another table beside",
		Details: "Beside each row stand the rows of the other table that agree with it in all pairs of columns. join " +
			"left keeps rows without a partner, with NULL for the other's columns; join inner is join. Where " +
			"both columns have one name, on COLUMN is enough. NULL agrees with nothing; a name that is taken " +
			"gets _2. on ADDRESS in PREFIX joins the rows with the longest prefix in which the address lies, " +
			"with join all those of every such prefix. A query in brackets, or a named one, may stand for TABLE.",
		Example: "sockets state == LISTEN | join left services on lport == port, proto",
		Parse:   parseJoin, Words: []string{"left", "inner", "all", "on", "in"},
	},
	{
		Name: "bars", Usage: "bars [ITEM[, ITEM]] [log] [share]",
		Doc: "draw numbers as bars",
		Details: "That of the last column where nothing is said; of two, the bars grow away from each other. log has " +
			"bars as long as the number's logarithm, share writes what per cent of the sum of all bars each is. A " +
			"bar has the colour of its row's state. Programs' formats have none. Only watch may come after it.",
		Example: "sockets | count by state | bars",
		Parse:   parseBars, Words: []string{"log", "share"}, NeedsEnd: true, Last: 1,
	},
	{
		Name: "graph", Usage: "graph FROM, TO [: AGGREGATE, ...]",
		Doc: "show who talks to whom",
		Details: "As group by FROM, TO, with their number where nothing else is said; people see it as a tree, in " +
			"which a node that is shown is not shown again, and the formats dot and mermaid draw it. NULL is a node " +
			"of its own; where both ends are of one kind, what has no FROM is a root.",
		Example: "sockets | graph process, raddr",
		Parse:   parseGraph, NeedsEnd: true,
	},
	{
		Name: "watch", Usage: "watch [2s] [until CONDITION]",
		Doc:     "ask again and again, and show what changes",
		Details: "Every 2 s where nothing is said. Always the last stage.",
		Example: "sockets state == SYN_SENT | watch 500ms until count() == 0",
		Parse:   parseWatch, Words: []string{"until"}, Last: 2,
	},
	{
		Name: "follow", Usage: "follow",
		Doc:     "show what happens, as it happens",
		Details: "What happens to the rows instead of the rows; right after the table and its filter.",
		Example: "sockets | follow",
		Parse:   parseFollow, First: true,
	},
}

// stage is a node as the engine knows it.
type stage interface {
	syntax.Node
	// compile adds what the stage does to the plan.
	compile(*compiler) error
	// cut says which part of it each of several hosts does, and what becomes of their answers.
	cut(*cutting) split
}
