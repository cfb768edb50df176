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
	items := []string{"type", "state"}
	if !r.noQueues {
		items = append(items, "recv_queue = recv_queue ?? accept_queue", "send_queue = send_queue ?? accept_backlog")
	}
	items = append(items, "path", "inode", "peer")
	if r.processes {
		items = append(items, ownerItems...)
	}
	if r.memory {
		items = append(items, memoryItems...)
	}
	if r.details {
		items = append(items, "shutdown", "vfs_inode", "vfs_device")
	}
	return layout{items, func(row netstat.Row) []string { return r.lines(r.unixLine(values{row})) }}
}

func (r *request) unixLine(v values) socketLine {
	line := socketLine{
		netid: unixNetids[v.text("type")], state: v.shownState(),
		receive: v.number("recv_queue"), send: v.number("send_queue"),
		local: v.textOr("path", "*") + " ", localPort: strconv.Itoa(v.number("inode")),
		peer: "* ", peerPort: strconv.Itoa(v.number("peer")),
	}
	if r.processes {
		line.details = append(line.details, v.users()...)
	}
	if r.memory {
		line.details = append(line.details, v.memory()...)
	}
	if r.details {
		line.details = append(line.details, v.arrows())
		if v.row("vfs_inode") != nil {
			line.details = append(line.details, fmt.Sprintf("ino:%d dev:%s", v.number("vfs_inode"),
				strings.Replace(v.text("vfs_device"), ":", "/", 1)))
		}
	}
	return line
}

// unixNetids are ss's names of the types of unix sockets.
var unixNetids = map[string]string{"stream": "u_str", "dgram": "u_dgr", "seqpacket": "u_seq"}

// textOr is a text, with a word for NULL.
func (v values) textOr(column, otherwise string) string {
	if v.row(column) == nil {
		return otherwise
	}
	return v.text(column)
}

// packetLayout shows packet sockets: the protocol and the interface stand for address and port.
func (r *request) packetLayout() layout {
	items := []string{"type"}
	if !r.noQueues {
		items = append(items, "recv_queue = rmem")
	}
	items = append(items, "protocol", "ethertype", "interface")
	if r.processes {
		items = append(items, ownerItems...)
	}
	if r.details {
		items = append(items, "uid", "inode", "cookie", "ring_version", "flags", "running", "fanout_id", "fanout")
	}
	if r.memory {
		items = append(items, append(memoryItems, "drops")...)
	}
	return layout{items, func(row netstat.Row) []string { return r.lines(r.packetLine(values{row})) }}
}

func (r *request) packetLine(v values) socketLine {
	line := socketLine{
		netid: map[string]string{"raw": "p_raw", "dgram": "p_dgr"}[v.text("type")], state: "UNCONN",
		receive: v.number("recv_queue"),
		local:   shownEtherType(v.number("ethertype")) + ":", localPort: v.textOr("interface", "*"), peer: "*",
	}
	if r.processes {
		line.details = append(line.details, v.users()...)
	}
	if r.memory {
		line.details = append(line.details, v.memory()...)
	}
	return line
}

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
	items := []string{"protocol", "state"}
	if !r.noQueues {
		items = append(items, "recv_queue = rmem", "send_queue = wmem")
	}
	items = append(items, "port_id", "peer_group", "peer_port_id")
	if !r.numeric || r.processes {
		items = append(items, ownerItems...)
	}
	if r.memory {
		items = append(items, append(memoryItems, "drops")...)
	}
	return layout{items, func(row netstat.Row) []string { return r.lines(r.netlinkLine(values{row})) }}
}

func (r *request) netlinkLine(v values) socketLine {
	line := socketLine{
		netid: "nl", state: "UNCONN", receive: v.number("recv_queue"), send: v.number("send_queue"),
		local: r.shownNetlink(v.text("protocol")) + ":", localPort: r.netlinkPort(v), peer: "*",
	}
	if v.text("state") == "ESTABLISHED" {
		line.peer = strconv.Itoa(v.number("peer_group")) + ":"
		line.peerPort = strconv.Itoa(int(int32(v.number("peer_port_id"))))
	}
	if r.memory {
		line.details = append(line.details, v.memory()...)
	}
	return line
}

// netlinkPort is the port with the name of the process whose number it is.
func (r *request) netlinkPort(v values) string {
	port := int(int32(v.number("port_id")))
	switch {
	case port == -1:
		return "*"
	case r.numeric:
	case port == 0:
		return "kernel"
	case port == v.number("pid"):
		return schema.Visible(schema.Format(v.row("process"))) + "/" + strconv.Itoa(port)
	}
	return strconv.Itoa(port)
}
