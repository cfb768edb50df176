package ethtool

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// A Family is the generic netlink family "ethtool" of one network stack.
type Family struct {
	transport netlink.Transport
	id        uint16 // the kernel numbers its families as they come
}

// Find asks the kernel for the family. Kernels before 5.6 have none: netlink.ErrNoModule.
func Find(ctx context.Context, transport netlink.Transport) (Family, error) {
	payload := []byte{unix.CTRL_CMD_GETFAMILY, 1, 0, 0} // struct genlmsghdr
	payload = netlink.AppendAttribute(payload, unix.CTRL_ATTR_FAMILY_NAME, append([]byte(unix.ETHTOOL_GENL_NAME), 0))
	r := netlink.Request{Protocol: unix.NETLINK_GENERIC, Type: unix.GENL_ID_CTRL, Payload: payload, Single: true}
	id, err := one(ctx, transport, r, parseFamilyID)
	if err != nil {
		return Family{}, fmt.Errorf("find the netlink family ethtool: %w", netlink.OrNoModule(err))
	}
	return Family{transport, id}, nil
}

// LinkModes asks how fast the link of an interface is.
func (f Family) LinkModes(ctx context.Context, index int) (LinkModes, error) {
	return get(ctx, f, unix.ETHTOOL_MSG_LINKMODES_GET, index, parseLinkModes)
}

// Rings asks how long the queues of an interface's hardware are.
func (f Family) Rings(ctx context.Context, index int) (Rings, error) {
	return get(ctx, f, unix.ETHTOOL_MSG_RINGS_GET, index, parseRings)
}

// Channels asks how many queues an interface's hardware has.
func (f Family) Channels(ctx context.Context, index int) (Channels, error) {
	return get(ctx, f, unix.ETHTOOL_MSG_CHANNELS_GET, index, parseChannels)
}

// Pause asks whether an interface's flow control is on.
func (f Family) Pause(ctx context.Context, index int) (Pause, error) {
	return get(ctx, f, unix.ETHTOOL_MSG_PAUSE_GET, index, parsePause)
}

// get asks one thing about one interface.
func get[T any](ctx context.Context, f Family, command uint8, index int, parse func([]byte) (T, error)) (T, error) {
	// The header of every request is attribute 1: ETHTOOL_A_LINKMODES_HEADER, ETHTOOL_A_RINGS_HEADER ...
	native := binary.NativeEndian
	header := netlink.AppendAttribute(nil, unix.ETHTOOL_A_HEADER_DEV_INDEX, native.AppendUint32(nil, uint32(index)))
	flags := native.AppendUint32(nil, unix.ETHTOOL_FLAG_COMPACT_BITSETS) // bits instead of the names of all link modes
	header = netlink.AppendAttribute(header, unix.ETHTOOL_A_HEADER_FLAGS, flags)
	payload := []byte{command, unix.ETHTOOL_GENL_VERSION, 0, 0} // struct genlmsghdr
	payload = netlink.AppendAttribute(payload, unix.ETHTOOL_A_LINKMODES_HEADER|unix.NLA_F_NESTED, header)
	r := netlink.Request{Protocol: unix.NETLINK_GENERIC, Type: f.id, Payload: payload, Single: true}
	return one(ctx, f.transport, r, parse)
}

// one is the answer to a request that has one.
func one[T any](
	ctx context.Context, transport netlink.Transport, r netlink.Request, parse func([]byte) (T, error),
) (answer T, err error) {
	found := false
	for message, err := range transport.Dump(ctx, r) {
		if err != nil {
			return answer, orUnsupported(err)
		}
		if answer, err = parse(message.Data); err != nil {
			return answer, err
		}
		found = true
	}
	if !found {
		return answer, errors.New("the kernel does not answer")
	}
	return answer, nil
}

// orUnsupported adds ErrUnsupported to the answers of a driver that does not know what was asked, and of a kernel
// where the device has gone meanwhile.
func orUnsupported(err error) error {
	if errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENODEV) {
		return fmt.Errorf("%w (%w)", ErrUnsupported, err)
	}
	return err
}
