package ss

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"netql/query/schema"
	"netql/shell/netstat"
)

// unixLayout shows unix sockets, whose ports are their inodes.
func (r *request) unixLayout() layout {
	parts := []part{
		{r.processes, ownerItems, values.users}, {r.memory, memoryItems, values.memory},
		{r.details, []string{"shutdown", "vfs_inode", "vfs_device"}, values.unixDetails},
	}
	items := []string{"type", "state"}
	if !r.noQueues {
		items = append(items, queueItems...)
	}
	return layout{
		slices.Concat(items, []string{"path", "inode", "peer"}, wantedItems(parts)),
		func(row netstat.Row) []string {
			v := values{row}
			return r.lines(socketLine{
				netid: unixNetids[v.Text("type")], state: v.shownState(),
				receive: v.Number("recv_queue"), send: v.Number("send_queue"),
				local: v.TextOr("path", "*") + " ", localPort: strconv.Itoa(v.Number("inode")),
				peer: "* ", peerPort: strconv.Itoa(v.Number("peer")), details: shown(parts, v),
			})
		},
	}
}

// unixDetails are those of -e: the directions that are open, and the file at the path.
func (v values) unixDetails() []string {
	if v.Row("vfs_inode") == nil {
		return []string{v.arrows()}
	}
	device := strings.Replace(v.Text("vfs_device"), ":", "/", 1)
	return []string{v.arrows(), fmt.Sprintf("ino:%d dev:%s", v.Number("vfs_inode"), device)}
}

// unixNetids are ss's names of the types of unix sockets.
var unixNetids = map[string]string{"stream": "u_str", "dgram": "u_dgr", "seqpacket": "u_seq"}

// packetLayout shows packet sockets: the protocol and the interface stand for address and port.
func (r *request) packetLayout() layout {
	parts := []part{
		{r.processes, ownerItems, values.users},
		{r.details, []string{"uid", "inode", "cookie"}, values.socketDetails},
	}
	below := []part{
		{r.details, []string{"ring_version", "flags", "running", "fanout_id", "fanout"}, values.packetDetails},
		{r.memory, slices.Concat(memoryItems, []string{"drops"}), values.memory},
	}
	items := []string{"type"}
	if !r.noQueues {
		items = append(items, "recv_queue = rmem")
	}
	return layout{
		slices.Concat(items, []string{"protocol", "ethertype", "interface"}, wantedItems(parts), wantedItems(below)),
		func(row netstat.Row) []string {
			v := values{row}
			return r.lines(socketLine{
				netid: packetNetids[v.Text("type")], state: "UNCONN", receive: v.Number("recv_queue"),
				local: shownEtherType(v.Number("ethertype")) + ":", localPort: v.TextOr("interface", "*"), peer: "*",
				details: shown(parts, v), hasBelow: r.details, below: shown(below, v),
			})
		},
	}
}

// packetDetails are those of -e that stand on a line of their own.
func (v values) packetDetails() []string {
	flags, _ := v.Row("flags").([]string)
	if v.yes("running") {
		flags = append([]string{"running"}, flags...)
	}
	if flags == nil {
		flags = []string{"0"}
	}
	list := []string{
		fmt.Sprintf("ver:%d flags( %s )", v.Number("ring_version")-1, strings.Join(flags, " ")), // as the kernel counts
	}
	if v.Row("fanout_id") != nil {
		list = append(list, fmt.Sprintf("fanout(id:%d,type:%s)", v.Number("fanout_id"), v.Text("fanout")))
	}
	return list
}

// packetNetids are ss's names of the types of packet sockets.
var packetNetids = map[string]string{"raw": "p_raw", "dgram": "p_dgr"}

// shownEtherType is an EtherType as ss shows it: * for all, its number in brackets where it has no name.
func shownEtherType(number int) string {
	if number == 3 {
		return "*"
	}
	i := slices.IndexFunc(etherTypes, func(p protocolName) bool { return p.number == number })
	if i < 0 {
		return fmt.Sprintf("[%d]", number)
	}
	return etherTypes[i].name
}

// netlinkLayout shows netlink sockets: the protocol and the port, which often is the number of a process.
func (r *request) netlinkLayout() layout {
	parts := []part{
		{!r.numeric || r.processes, ownerItems, func(values) []string { return nil }}, // -p adds nothing in ss
		{r.memory, slices.Concat(memoryItems, []string{"drops"}), values.memory},
	}
	items := []string{"protocol", "state"}
	if !r.noQueues {
		items = append(items, "recv_queue = rmem", "send_queue = wmem")
	}
	return layout{
		slices.Concat(items, []string{"port_id", "peer_group", "peer_port_id"}, wantedItems(parts)),
		func(row netstat.Row) []string {
			v := values{row}
			line := socketLine{
				netid: "nl", state: "UNCONN", receive: v.Number("recv_queue"), send: v.Number("send_queue"),
				local: r.shownNetlink(v.Text("protocol")) + ":", localPort: r.netlinkPort(v), peer: "*",
				details: shown(parts, v),
			}
			if v.Text("state") == "ESTABLISHED" {
				line.peer = strconv.Itoa(v.Number("peer_group")) + ":"
				line.peerPort = strconv.Itoa(int(int32(v.Number("peer_port_id"))))
			}
			return r.lines(line)
		},
	}
}

// netlinkPort is the port with the name of the process whose number it is.
func (r *request) netlinkPort(v values) string {
	port := int(int32(v.Number("port_id")))
	switch {
	case port == -1:
		return "*"
	case r.numeric:
	case port == 0:
		return "kernel"
	case port == v.Number("pid"):
		return schema.Visible(schema.Format(v.Row("process"))) + "/" + strconv.Itoa(port)
	}
	return strconv.Itoa(port)
}
