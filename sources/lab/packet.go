package lab

import (
	"encoding/binary"
	"testing"

	"golang.org/x/sys/unix"
)

// Packet makes a packet socket of a type, unix.SOCK_RAW or SOCK_DGRAM, for one protocol of linux/if_ether.h, on a link
// or, if that is empty, on all.
func Packet(t testing.TB, kind int, etherType uint16, link string) *Socket {
	t.Helper()
	s := ofFamily(t, packetFamily, unix.AF_PACKET, kind, 0)
	address := &unix.SockaddrLinklayer{Protocol: networkOrder(etherType)}
	if link != "" {
		address.Ifindex = interfaceIndex(t, link)
	}
	if link != "" || etherType != 0 {
		s.must("bind", unix.Bind(s.fd, address))
	}
	return s
}

// networkOrder is a number whose bytes stand in memory as they do in the network.
func networkOrder(n uint16) uint16 {
	return binary.NativeEndian.Uint16(binary.BigEndian.AppendUint16(nil, n))
}

// Promiscuous has a packet socket make a link promiscuous.
func Promiscuous(s *Socket, link string) {
	s.t.Helper()
	s.must("PACKET_ADD_MEMBERSHIP", unix.SetsockoptPacketMreq(s.fd, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP,
		&unix.PacketMreq{Ifindex: int32(interfaceIndex(s.t, link)), Type: unix.PACKET_MR_PROMISC}))
}

// Fanout puts a packet socket into a group, which shares packets out in turn.
func Fanout(s *Socket, group uint16) {
	s.t.Helper()
	s.must("PACKET_FANOUT", unix.SetsockoptInt(s.fd, unix.SOL_PACKET, unix.PACKET_FANOUT,
		int(group)|unix.PACKET_FANOUT_LB<<16))
}

// Ring gives a packet socket a ring, unix.PACKET_RX_RING or PACKET_TX_RING, of 2 blocks with 64 KiB and 32 frames
// each.
func Ring(s *Socket, which int) {
	s.t.Helper()
	s.must("ring", unix.SetsockoptTpacketReq(s.fd, unix.SOL_PACKET, which,
		&unix.TpacketReq{Block_size: 64 << 10, Block_nr: 2, Frame_size: 2048, Frame_nr: 64}))
}

// Filter gives a socket a filter of three instructions, which takes every packet.
func Filter(s *Socket) {
	s.t.Helper()
	nothing := unix.SockFilter{Code: unix.BPF_LD | unix.BPF_IMM}
	program := []unix.SockFilter{nothing, nothing, {Code: unix.BPF_RET | unix.BPF_K, K: 1 << 16}}
	s.must("filter", unix.SetsockoptSockFprog(s.fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
		&unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}))
}
