package ss

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"netql/query/schema"
)

// users are the processes that have the socket, the last of them first. ss finds none for a connection that nobody has
// accepted yet.
func (v values) users() []string {
	if status := v.Text("owner_status"); status != "ok" && status != "partial" {
		return nil
	}
	owners, _ := v.Row("owners").([]any)
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
	name := shownTimers[v.Text("timer")]
	if name == "" {
		return nil
	}
	return []string{fmt.Sprintf("timer:(%s,%s,%d)", name, shownTime(v.duration("timer_expires")),
		v.Number("retransmits"))}
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
	if v.Text("proto") == "raw" && v.Row("cookie") == nil {
		return nil
	}
	list = v.socketDetails()
	if mark := v.Number("mark"); mark != 0 {
		list = append(list, fmt.Sprintf("fwmark:%#x", mark))
	}
	list = append(list, v.controlGroup()...)
	if only, known := v.Row("v6only").(bool); known {
		list = append(list, fmt.Sprintf("v6only:%d", map[bool]int{true: 1}[only]))
	}
	if !v.whole() {
		return list
	}
	return append(list, v.arrows())
}

// whole says whether the kernel has a whole socket, and not the few facts that it keeps of a connection that begins, or
// that no process has open any more. Whoever is in FIN_WAIT_2 has closed its sending direction, as these do
// not tell.
func (v values) whole() bool {
	switch v.Text("state") {
	case "TIME_WAIT", "SYN_RECEIVED":
		return false
	case "FIN_WAIT_2":
		return v.Row("shutdown") != nil
	}
	return true
}

// socketDetails are those of sockets of several families.
func (v values) socketDetails() (list []string) {
	if uid := v.Number("uid"); uid != 0 {
		list = append(list, fmt.Sprintf("uid:%d", uid))
	}
	return append(list, fmt.Sprintf("ino:%d", v.Number("inode")),
		"sk:"+strconv.FormatUint(uint64(v.Number("cookie")), 16))
}

// arrows are the directions that are open: < to receive, > to send.
func (v values) arrows() string {
	closed, _ := v.Row("shutdown").([]string)
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
	if v.Row("cgroup") == nil {
		return nil
	}
	return []string{"cgroup:" + v.Text("cgroup")}
}

func (v values) serviceType() []string {
	if v.Row("tos") == nil {
		return nil
	}
	name := "tos"
	if v.Text("family") == "inet6" {
		name = "tclass"
	}
	return []string{name + ":" + alternateHex(v.Number("tos"))}
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
	if v.Row("rmem") == nil {
		return nil
	}
	return []string{fmt.Sprintf("skmem:(r%d,rb%d,t%d,tb%d,f%d,w%d,o%d,bl%d,d%d)",
		v.Number("rmem"), v.Number("rcvbuf"), v.Number("wmem"), v.Number("sndbuf"), v.Number("fwd_alloc"),
		v.Number("wmem_queued"), v.Number("opt_mem"), v.Number("backlog"), v.Number("drops"))}
}
