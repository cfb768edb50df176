package shell

import (
	"fmt"
	"runtime/debug"
	"strings"
)

// question is something people often want to know, and the query that tells.
type question struct{ text, query string }

var questions = []question{
	{"Who listens?", "sockets state == LISTEN | select laddr, lport, pid, process | sort lport"},
	{"Who talks to whom?", "sockets state == ESTAB | count by process, raddr | limit 20"},
	{"How many sockets are in each state?", "sockets | count by state"},
	{"Which connections are slow?", "sockets rtt > 50ms | top 10 by rtt"},
	{"Where does data pile up?", "sockets recv_queue > 0 or send_queue > 0 | top 10 by recv_queue + send_queue"},
}

const usage = `netql shows the kernel's network data as tables and answers queries over them.

  netql                  a prompt; or, when stdin is no terminal, one query a line from there
  netql 'QUERY'          one query
  netql --file FILE      the query in a file
  netql record FILE      write all that the system says into a file, a capture
  netql --capture FILE ...
                         ask a capture instead of the system
  netql diff A [B]       what is new, gone and changed between two captures, or since one
  netql -tulpn           netstat's flags, of Linux, BSD and Windows: netql netstat --help
  netql completion bash|zsh|fish
                         print a completion script

`

// help is what --help prints.
func help() string {
	var b strings.Builder
	b.WriteString(usage)
	for _, f := range flags {
		fmt.Fprintf(&b, "  %-16s  %s\n", f.usage(), f.doc)
		if f.values != nil {
			fmt.Fprintf(&b, "  %-16s  %s\n", "", strings.Join(f.values, ", "))
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

const catalogueHelp = `UDP has no LISTEN: its servers are found by: sockets proto == udp and state == UNCONN
"tables" lists all tables and "columns" their columns; both are queries. | watch 1s asks again and again.
netql alone is a prompt that completes (Tab) and explains (help).
Exit status: 0 done, 1 failed, 2 wrong command or query, 3 partial answer under --strict, 124 timed out, 130 interrupted;
of diff 0 the same, 1 different, 2 wrong or failed.
`

// version is that of the module, as the go command knows it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "netql (unknown version)\n"
	}
	return fmt.Sprintf("netql %s %s\n", info.Main.Version, info.GoVersion)
}
