package inetdiag

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// destroyGroups are the multicast groups of the sockets that the kernel destroys (linux/sock_diag.h).
var destroyGroups = []struct {
	protocol int
	group    uint32
}{
	{TCP, unix.SKNLGRP_INET_TCP_DESTROY}, {UDP, unix.SKNLGRP_INET_UDP_DESTROY},
	{TCP, unix.SKNLGRP_INET6_TCP_DESTROY}, {UDP, unix.SKNLGRP_INET6_UDP_DESTROY},
}

// Destroyed yields sockets of TCP and UDP when the kernel destroys them (sock_diag_broadcast_destroy in
// net/core/sock_diag.c, Linux 4.3), with their last tcp_info. A connection comes when it enters TIME_WAIT, because what
// is left then is no socket any more. joined is called, unless nil, when it listens. Errors are those of a Subscriber.
func Destroyed(
	ctx context.Context, subscriber netlink.Subscriber, protocols []int, joined func(),
) iter.Seq2[*Socket, error] {
	return func(yield func(*Socket, error) bool) {
		subscription := netlink.Subscription{Protocol: unix.NETLINK_SOCK_DIAG, Joined: joined}
		for _, d := range destroyGroups {
			if slices.Contains(protocols, d.protocol) {
				subscription.Groups = append(subscription.Groups, d.group)
			}
		}
		decoders := map[int]*decoder{}
		decode := func(m netlink.Message) (s *Socket, wanted bool, err error) {
			s, err = destroyed(decoders, m.Data)
			return s, true, err
		}
		if _, err := netlink.Each(subscriber.Subscribe(ctx, subscription), decode, yield); err != nil {
			yield(nil, fmt.Errorf("listen to closing sockets: %w", netlink.OrNoModule(err)))
		}
	}
}

// destroyed decodes a message with the decoder of the protocol that it names.
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
	attributes, err := socketMessage.Decode(b)
	if err != nil {
		return 0, err
	}
	protocol := TCP
	for attributes.Next() {
		if attributes.Type() == uapi.INET_DIAG_PROTOCOL {
			protocol = int(attributes.Uint8())
		}
	}
	return protocol, attributes.Err()
}
