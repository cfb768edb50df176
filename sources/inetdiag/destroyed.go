package inetdiag

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// destroyGroups are SKNLGRP_* of linux/sock_diag.h: the sockets of a protocol and family that the kernel destroys.
var destroyGroups = []struct {
	protocol int
	family   uint8
	group    uint32
}{
	{TCP, unix.AF_INET, 1}, {UDP, unix.AF_INET, 2}, {TCP, unix.AF_INET6, 3}, {UDP, unix.AF_INET6, 4},
}

// attrProtocol is INET_DIAG_PROTOCOL: the protocol of a socket that was not asked for by it.
const attrProtocol = 10

// Destroyed tells of sockets when the kernel destroys them, with what tcp_info says at the end. A connection in TIME_WAIT is
// told when it enters that state, for what is left then is no socket any more. Only TCP and UDP are told
// (sock_diag_broadcast_destroy in net/core/sock_diag.c, Linux 4.3). Errors are those of a Subscriber.
func Destroyed(ctx context.Context, subscriber netlink.Subscriber, protocols []int) iter.Seq2[*Socket, error] {
	return func(yield func(*Socket, error) bool) {
		subscription := netlink.Subscription{Protocol: unix.NETLINK_SOCK_DIAG}
		for _, d := range destroyGroups {
			if slices.Contains(protocols, d.protocol) {
				subscription.Groups = append(subscription.Groups, d.group)
			}
		}
		decoders := map[int]*decoder{}
		for message, err := range subscriber.Subscribe(ctx, subscription) {
			var s *Socket
			if err == nil {
				s, err = destroyed(decoders, message.Data)
			}
			var overrun *netlink.Overrun
			if err != nil && !errors.As(err, &overrun) {
				yield(nil, fmt.Errorf("listen to closing sockets: %w", netlink.OrNoModule(err)))
				return
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

// destroyed decodes a message, which says itself of which protocol it is.
func destroyed(decoders map[int]*decoder, b []byte) (*Socket, error) {
	protocol, err := protocolOf(b)
	if err != nil {
		return nil, err
	}
	if decoders[protocol] == nil {
		decoders[protocol] = newDecoder(protocol)
	}
	s, err := decoders[protocol].socket(b)
	if err == nil && s.State == BoundInactive {
		s.State = Closed
	}
	return s, err
}

func protocolOf(b []byte) (int, error) {
	if len(b) < messageSize {
		return 0, fmt.Errorf("%w: a socket of %d bytes, not %d", netlink.ErrTruncated, len(b), messageSize)
	}
	protocol := TCP
	attributes := netlink.DecodeAttributes(b[messageSize:])
	for attributes.Next() {
		if attributes.Type() == attrProtocol {
			protocol = int(attributes.Uint8())
		}
	}
	return protocol, attributes.Err()
}
