package rtnetlink

import (
	"context"
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// namespaceMessage is struct rtgenmsg, padded to four bytes, and the NETNSA_* of linux/net_namespace.h.
var namespaceMessage = netlink.MessageKind{
	What: "a namespace", Protocol: unix.NETLINK_ROUTE, Types: []uint16{unix.RTM_NEWNSID}, Header: 4,
	Attributes: []netlink.AttributeGroup{{Class: netlink.Keep, Types: []uint16{
		unix.NETNSA_NSID, unix.NETNSA_PID, unix.NETNSA_FD, unix.NETNSA_TARGET_NSID, unix.NETNSA_CURRENT_NSID,
	}}},
	Requests: []netlink.RequestKind{{Type: unix.RTM_GETNSID, Single: true}},
}

// NamespaceOfProcess asks for the nsid of the network namespace in which a process is: the number by which links of
// this namespace tell where their other end is (RTM_GETNSID, linux/net_namespace.h). It is false for a namespace that
// has no nsid here.
func NamespaceOfProcess(ctx context.Context, transport netlink.Transport, pid int) (id int32, ok bool, err error) {
	return namespaceOf(ctx, transport, namespaceRequest(unix.NETNSA_PID, uint32(pid)))
}

// NamespaceOfFile asks for the nsid of the network namespace that a file is. inode is the file's, and identifies it in
// the request.
func NamespaceOfFile(
	ctx context.Context, transport netlink.Transport, path string, inode uint64,
) (id int32, ok bool, err error) {
	r := namespaceRequest(unix.NETNSA_FD, uint32(inode))
	r.File = &netlink.File{Path: path, Offset: len(r.Payload) - 4}
	return namespaceOf(ctx, transport, r)
}

func namespaceRequest(by uint16, value uint32) netlink.Request {
	payload := make([]byte, namespaceMessage.Header)
	payload = netlink.AppendAttribute(payload, by, binary.NativeEndian.AppendUint32(nil, value))
	return netlink.Request{Protocol: unix.NETLINK_ROUTE, Type: unix.RTM_GETNSID, Payload: payload, Single: true}
}

func namespaceOf(
	ctx context.Context, transport netlink.Transport, r netlink.Request,
) (id int32, ok bool, err error) {
	id = unix.NETNSA_NSID_NOT_ASSIGNED
	for message, err := range transport.Dump(ctx, r) {
		if err == nil {
			id, err = parseNamespace(message.Data)
		}
		if err != nil {
			return 0, false, fmt.Errorf("the number of a network namespace: %w", err)
		}
	}
	return id, id >= 0, nil
}

// parseNamespace reads struct rtgenmsg and the attributes behind it.
func parseNamespace(b []byte) (int32, error) {
	attributes, err := namespaceMessage.Decode(b)
	if err != nil {
		return 0, err
	}
	id := int32(unix.NETNSA_NSID_NOT_ASSIGNED)
	for attributes.Next() {
		if attributes.Type() == unix.NETNSA_NSID {
			id = int32(attributes.Uint32())
		}
	}
	return id, attributes.Err()
}
