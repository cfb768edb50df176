package ss

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"netql/query/schema"
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
		{r.info, infoItems(), r.tcpInfo},
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
		netid: v.text("proto"), state: v.shownState(),
		receive: v.number("recv_queue"), send: v.number("send_queue"),
		local: v.inetAddress("laddr") + v.device() + ":", localPort: r.localPort(v),
		peer: v.inetAddress("raddr") + ":", peerPort: v.port("rport"),
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
	port := v.port("lport")
	if v.text("proto") == "raw" && !r.numeric && strings.Trim(port, "0123456789") == "" {
		return "ipproto-" + port
	}
	return port
}

// values gives the values of a row as ss writes them.
type values struct{ row netstat.Row }

func (v values) text(column string) string { return schema.Visible(schema.Format(v.row(column))) }

// number is a number; 0 where it is NULL.
func (v values) number(column string) int {
	n, _ := v.row(column).(int)
	return n
}

// yes is a flag; false where it is NULL.
func (v values) yes(column string) bool {
	yes, _ := v.row(column).(bool)
	return yes
}

func (v values) duration(column string) time.Duration {
	d, _ := v.row(column).(time.Duration)
	return d
}

func (v values) shownState() string {
	state := v.text("state")
	if shown := shownStates[state]; shown != "" {
		return shown
	}
	return state
}

// inetAddress is an address: of IPv6 in brackets, or * for all of a socket that takes IPv4 as well. A host's name is as
// it is.
func (v values) inetAddress(column string) string {
	six := v.text("family") == "inet6"
	addr, isAddress := v.row(column).(netip.Addr)
	if name, ok := v.row(column).(string); ok {
		var err error
		if addr, err = netip.ParseAddr(name); err != nil {
			return v.text(column)
		}
		isAddress = true
	}
	switch {
	case !isAddress && !six:
		return "0.0.0.0"
	case !isAddress:
		addr = netip.IPv6Unspecified()
	}
	switch addr = addr.WithZone(""); {
	case !six:
		return addr.String()
	case addr.Is4():
		return "[::ffff:" + addr.String() + "]"
	case addr.IsUnspecified() && !v.yes("v6only"):
		return "*"
	}
	return "[" + addr.String() + "]"
}

// device is the interface that the socket is bound to, behind a %.
func (v values) device() string {
	if v.row("interface") == nil {
		return ""
	}
	return "%" + v.text("interface")
}

// port is a port; * where there is none.
func (v values) port(column string) string {
	if text := v.text(column); text != "" && text != "0" {
		return text
	}
	return "*"
}

// users are the processes that have the socket, the last of them first. ss finds none for a connection that nobody has
// accepted yet.
func (v values) users() []string {
	if status := v.text("owner_status"); status != "ok" && status != "partial" {
		return nil
	}
	owners, _ := v.row("owners").([]any)
	var list []string
	for i := len(owners) - 1; i >= 0; i-- {
		owner, _ := owners[i].(schema.Record)
		list = append(list, fmt.Sprintf(`("%s",pid=%v,fd=%v)`,
			schema.Visible(schema.Format(owner.Field("process"))), owner.Field("pid"), owner.Field("fd")))
	}
	if list == nil {
		return nil
	}
	return []string{"users:(" + strings.Join(list, ",") + ")"}
}

// shownTimers are ss's names of timers.
var shownTimers = map[string]string{
	"retransmit": "on", "keepalive": "keepalive", "time_wait": "timewait", "probe": "persist",
}

func (v values) timer() []string {
	name := shownTimers[v.text("timer")]
	if name == "" {
		return nil
	}
	return []string{fmt.Sprintf("timer:(%s,%s,%d)", name, shownTime(v.duration("timer_expires")), v.number("retransmits"))}
}

// shownTime is the time of a timer as ss has it, which leaves parts out that matter little: 1min59sec, 9.500ms, 200ms.
func shownTime(d time.Duration) string {
	minutes, seconds, millis := int(d.Minutes()), int(d.Seconds())%60, int(d.Milliseconds())%1000
	text := ""
	if minutes > 0 {
		millis = 0
		text = fmt.Sprintf("%dmin", minutes)
		if minutes > 9 {
			seconds = 0
		}
	}
	if seconds > 9 {
		millis = 0
	}
	switch {
	case seconds > 0 && millis > 0:
		text += fmt.Sprintf("%d.", seconds)
	case seconds > 0:
		text += fmt.Sprintf("%dsec", seconds)
	}
	if millis > 0 {
		text += fmt.Sprintf("%03dms", millis)
	}
	return text
}

// inetDetails are those of -e. What the kernel does not tell of raw sockets is not there.
func (v values) inetDetails() (list []string) {
	if v.text("proto") == "raw" && v.row("cookie") == nil {
		return nil
	}
	list = v.socketDetails()
	if mark := v.number("mark"); mark != 0 {
		list = append(list, fmt.Sprintf("fwmark:%#x", mark))
	}
	list = append(list, v.controlGroup()...)
	if only, known := v.row("v6only").(bool); known {
		list = append(list, fmt.Sprintf("v6only:%d", map[bool]int{true: 1}[only]))
	}
	switch v.text("state") {
	case "TIME_WAIT", "SYN_RECEIVED": // which are no whole sockets
		return list
	}
	return append(list, v.arrows())
}

// socketDetails are those of sockets of several families.
func (v values) socketDetails() (list []string) {
	if uid := v.number("uid"); uid != 0 {
		list = append(list, fmt.Sprintf("uid:%d", uid))
	}
	return append(list, fmt.Sprintf("ino:%d", v.number("inode")),
		"sk:"+strconv.FormatUint(uint64(v.number("cookie")), 16))
}

// arrows are the directions that are open: < to receive, > to send.
func (v values) arrows() string {
	closed, _ := v.row("shutdown").([]string)
	receive, send := "<", ">"
	for _, direction := range closed {
		switch direction {
		case "receive":
			receive = "-"
		case "send":
			send = "-"
		}
	}
	return receive + "-" + send
}

func (v values) controlGroup() []string {
	if v.row("cgroup") == nil {
		return nil
	}
	return []string{"cgroup:" + v.text("cgroup")}
}

func (v values) serviceType() []string {
	if v.row("tos") == nil {
		return nil
	}
	name := "tos"
	if v.text("family") == "inet6" {
		name = "tclass"
	}
	return []string{name + ":" + alternateHex(v.number("tos"))}
}

// alternateHex is C's %#x, which has no 0x before 0.
func alternateHex(n int) string {
	if n == 0 {
		return "0"
	}
	return fmt.Sprintf("%#x", n)
}

// memoryItems are the columns of the memory of sockets.
var memoryItems = []string{"rmem", "rcvbuf", "wmem", "sndbuf", "fwd_alloc", "wmem_queued", "opt_mem", "backlog"}

// memory is the memory of the socket; nothing where the kernel does not tell it.
func (v values) memory() []string {
	if v.row("rmem") == nil {
		return nil
	}
	return []string{fmt.Sprintf("skmem:(r%d,rb%d,t%d,tb%d,f%d,w%d,o%d,bl%d,d%d)",
		v.number("rmem"), v.number("rcvbuf"), v.number("wmem"), v.number("sndbuf"), v.number("fwd_alloc"),
		v.number("wmem_queued"), v.number("opt_mem"), v.number("backlog"), v.number("drops"))}
}
