package shell

import (
	"fmt"
	"runtime/debug"
	"strings"
)

// question is a question in words, and the query that answers it.
type question struct{ text, query string }

// questions are examples for --help and for "help examples".
var questions = []question{
	{"Who listens? (TCP servers are in LISTEN, those of UDP in UNCONN)",
		"sockets state in [LISTEN, UNCONN] | select proto, laddr, lport, pid, process | sort lport"},
	{"Who talks to whom, and which connections are slow?",
		"sockets state == ESTAB | top 20 by rtt | select process, remote, rtt, bytes_sent, bytes_received"},
	{"Which way do packets to an address take?", "route_to dst == 192.0.2.1"},
	{"How busy are the interfaces, again every second? (Ctrl-C ends a watch)",
		"interfaces | select name, rx = rate(rx_bytes), tx = rate(tx_bytes) | watch 1s"},
	{"What goes wrong?", "proto_stats trouble and value > 0 | select proto, name, value, doc"},
}

const usage = `netql shows the kernel's network data as tables and answers queries over them.

  netql                  a prompt; or, when stdin is no terminal, one query a line from there
  netql 'QUERY'          one query
  netql --file FILE      the query in a file
  netql record FILE      write all that the system says into a file, a capture
  netql --capture FILE ...
                         ask a capture instead of the system
  netql diff A [B]       what is new, gone and changed between two captures, or since one
  netql report FILE.html what is wrong, what fills up, who talks to whom: a page to forward
  netql -tulpn           netstat's flags, of Linux, BSD and Windows: netql netstat --help
  netql ss -tlnp         ss's options and filters: netql ss --help
  netql help TOPIC       about pictures, watch ..., a stage, a function or a table
  netql schema TABLE     the columns of a table, or of a query's answer
  netql explain 'QUERY'  what a query would read and do; so does --explain
  netql completion bash|zsh|fish
                         print a completion script

`

// help is the text of --help.
func help() string {
	var b strings.Builder
	b.WriteString(usage)
	for _, f := range flags {
		fmt.Fprintf(&b, "  %-16s  %s\n", f.usage(), f.doc)
		if f.values != nil {
			fmt.Fprintf(&b, "  %-16s  %s\n", "", strings.Join(f.values(), ", "))
		}
	}
	b.WriteString("\n")
	for _, q := range questions {
		fmt.Fprintf(&b, "%s\n  netql '%s'\n", q.text, q.query)
	}
	b.WriteString("\n")
	b.WriteString(catalogueHelp)
	return b.String()
}

const catalogueHelp = `"tables" lists all tables and "columns" their columns; both are queries.
| watch 1s behind any query asks it again every second.
netql alone is a prompt that completes (Tab) and explains (help).
Exit status: 0 done; 1 failed, or nothing of a table could be read; 2 wrong command or query;
3 partial answer under --strict; 4 rows, or none, against --expect; 124 timed out; 130 interrupted.
Of diff: 0 the same, 1 different, 2 wrong or failed.
`

// version is the text of --version: the module's version, which the go command puts into the binary.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "netql (unknown version)\n"
	}
	return fmt.Sprintf("netql %s %s\n", info.Main.Version, info.GoVersion)
}
