package report

// A section is one part of the page: the answer of a query, and how it is drawn.
type section struct {
	title string
	about string // what it shows, in a sentence
	query string
	empty string // what it means that there are no rows, in a sentence
	most  int    // how many rows are shown; the others are counted. 0 for mostRows
	draw  func(*page, *answer)
	// samples is how many samples are read, a second apart; 0 for one answer. A capture has one.
	samples int
}

// mostRows is how many rows a section shows where it does not say.
const mostRows = 40

// rateSamples is how many samples there are of what is drawn over time. The first has no rate.
const rateSamples = 6

// sections are the parts of the page, in their order.
var sections = []section{
	{title: "Findings", query: "findings | select severity, check, subject, finding, advice, query",
		about: "What netql's checks found, the worst first; each with the rows behind it.",
		empty: "No check found anything.", draw: drawFindings},
	{title: "Limits", query: "limits share >= 0.01 | sort share desc | select name, subject, share, used, limit, " +
		"unit, setting",
		about: "What fills up, the fullest first.", empty: "Nothing uses a hundredth of its limit.", most: 15,
		draw: drawShares},
	{title: "Interfaces over time", samples: rateSamples,
		query: "interfaces | select name, rate(rx_bytes), rate(tx_bytes) | watch 1s",
		about: "What each received, above the line, and sent, below it, second by second, on a scale of its own.",
		empty: "There is no interface.", most: 16, draw: drawRates},
	{title: "Interfaces",
		query: "interfaces | select name, operstate, carrier, mtu, addresses, rx_errors, rx_dropped, tx_errors, " +
			"tx_dropped",
		about: "How each is set up, and what it has counted since it is there.", empty: "There is no interface.",
		draw: drawTable},
	{title: "Sockets by state", query: "sockets | count by proto, state",
		about: "How many sockets are in each state.", empty: "There is no socket.", draw: drawBars},
	{title: "Listeners", query: "sockets state == LISTEN | sort lport | select proto, local, accept_queue, " +
		"accept_backlog, process, pid, unit",
		about: "What accepts connections, and how many wait.", empty: "Nothing accepts connections.", draw: drawTable},
	{title: "Most data", query: "sockets bytes_sent + bytes_received > 0 | top 15 by bytes_sent + bytes_received | " +
		"select local, remote, process, bytes_sent, bytes_received, rtt",
		about: "The connections of TCP that have carried most, since each began.",
		empty: "No connection has carried data.", draw: drawTable},
	{title: "Slow peers",
		query: "sockets rtt > 50ms | group by raddr: connections = count(), fastest = min(min_rtt), rtt = max(rtt) | " +
			"top 15 by rtt",
		about: "Peers whose round-trip time is above 50 ms.", empty: "No peer is that slow.", draw: drawTable},
	{title: "Lossy peers", query: "sockets loss > 0 | group by raddr: connections = count(), worst = max(loss), " +
		"sent = sum(bytes_sent), sent_again = sum(bytes_retrans) | top 15 by worst",
		about: "Peers to which data had to be sent again; worst is the share of one connection's data.",
		empty: "Nothing had to be sent again.", draw: drawTable},
	{title: "Who talks to whom", query: "sockets state == ESTABLISHED | graph process, raddr | sort count desc",
		most:  60,
		about: "Processes and the peers of their connections; a thicker line is more connections.",
		empty: "There is no connection.", draw: drawGraph},
	{title: "Routes", query: "routes table != local | select dst, gateway, dev, src, metric, type, table",
		about: "The routing tables, without the table local.", empty: "There is no route.", draw: drawTable},
	{title: "Neighbors that do not answer", query: "neighbors state in [FAILED, INCOMPLETE] | select addr, dev, state",
		about: "Addresses on a link for which nobody answers.", empty: "All that were asked for answered.",
		draw: drawTable},
	{title: "Counters of trouble", query: "proto_stats trouble and value > 0 | sort value desc | " +
		"select proto, name, value, unit, doc",
		about: "What the protocols have counted since the machine or the namespace began.",
		empty: "They have counted no trouble.", most: 25, draw: drawTable},
}
