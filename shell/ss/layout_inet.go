package ss

import (
	"slices"
	"strings"

	"netql/shell/netstat"
)

// part is something that an option adds to a line: the columns that it reads, and how it shows them.
type part struct {
	wanted bool
	items  []string
	show   func(v values) []string
}

// inetParts are what options add to the line of an IP socket, in ss's order.
func (r *request) inetParts() []part {
	return []part{
		{r.processes, ownerItems, values.users},
		{r.timers, []string{"timer", "timer_expires", "retransmits"}, values.timer},
		{r.details, []string{"uid", "inode", "cookie", "mark", "cgroup", "shutdown"}, values.inetDetails},
		{r.tos, []string{"tos"}, values.serviceType},
		{r.cgroup && !r.details, []string{"cgroup"}, values.controlGroup},
	}
}

// inetPartsBelow are what options add to the line below it.
func (r *request) inetPartsBelow() []part {
	return []part{
		{r.memory, slices.Concat(memoryItems, []string{"drops"}), values.memory},
		{r.info, infoItems(), r.tcpInfo()},
	}
}

// wantedItems are the columns of the parts that are wanted.
func wantedItems(parts []part) (items []string) {
	for _, p := range parts {
		if p.wanted {
			items = append(items, p.items...)
		}
	}
	return items
}

// inetLayout shows IP sockets.
func (r *request) inetLayout() layout {
	parts, below := r.inetParts(), r.inetPartsBelow()
	items := []string{"proto", "family", "state"}
	if !r.noQueues {
		items = append(items, queueItems...)
	}
	items = append(items, r.named("laddr"), r.service("lport"), "interface", r.named("raddr"), r.service("rport"),
		"v6only")
	return layout{
		slices.Concat(items, wantedItems(parts), wantedItems(below)),
		func(row netstat.Row) []string { return r.lines(r.inetLine(values{row}, parts, below)) },
	}
}

// queueItems are the columns Recv-Q and Send-Q: of a listener, the connections that wait, and how many may.
var queueItems = []string{
	"recv_queue = recv_queue ?? accept_queue", "send_queue = send_queue ?? accept_backlog",
}

// ownerItems are the columns of the processes that have a socket.
var ownerItems = []string{"pid", "process", "owners", "owner_status"}

// named is the item for an address: with the host's name, if -r is given.
func (r *request) named(column string) string {
	if r.resolve {
		return column + " = host(" + column + ")"
	}
	return column
}

// service is the item for a port: with its name, unless -n is given.
func (r *request) service(column string) string {
	if r.numeric {
		return column
	}
	return column + " = service(" + column + ", proto)"
}

func (r *request) inetLine(v values, parts, below []part) socketLine {
	line := socketLine{
		netid: v.Text("proto"), state: v.shownState(),
		receive: v.Number("recv_queue"), send: v.Number("send_queue"),
		local: v.inetAddress("laddr") + v.device() + ":", localPort: r.localPort(v),
		peer: v.inetAddress("raddr") + ":", peerPort: v.Port("rport"),
	}
	line.details = shown(parts, v)
	switch line.netid {
	case "raw": // of which /proc/net/raw tells, which has neither memory nor anything else
		return line
	case "udp":
		line.hasBelow = r.memory
	default:
		line.hasBelow = r.memory || r.info
	}
	line.below = shown(below, v)
	return line
}

// shown are the texts of the parts that are wanted.
func shown(parts []part, v values) (texts []string) {
	for _, p := range parts {
		if p.wanted {
			texts = append(texts, p.show(v)...)
		}
	}
	return texts
}

// localPort is the local port. That of a raw socket is a protocol, which ss names in some way.
func (r *request) localPort(v values) string {
	port := v.Port("lport")
	if v.Text("proto") == "raw" && !r.numeric && strings.Trim(port, "0123456789") == "" {
		return "ipproto-" + port
	}
	return port
}
