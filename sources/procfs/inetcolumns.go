package procfs

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// inetColumns are the columns in use. Below the header "tx_queue rx_queue" stands one field, "00000000:00000000".
var inetColumns = []column[InetSocket]{
	{"local_address", own, func(s *InetSocket, v string) (err error) { s.Local, err = hexAddress(v); return }},
	{"rem_address", own, func(s *InetSocket, v string) (err error) { s.Remote, err = hexAddress(v); return }},
	{"remote_address", own, func(s *InetSocket, v string) (err error) { s.Remote, err = hexAddress(v); return }},
	{"st", own, func(s *InetSocket, v string) error { return number(&s.State, v, 16) }},
	{"tx_queue", own, func(s *InetSocket, v string) error { return number(&s.SendQueue, before(v), 16) }},
	{"rx_queue", shared, func(s *InetSocket, v string) error { return number(&s.RecvQueue, after(v), 16) }},
	{"tr", own, func(s *InetSocket, v string) error { return number(&s.Timer, before(v), 16) }},
	{"tm->when", shared, func(s *InetSocket, v string) (err error) { s.Expires, err = ticks(after(v)); return }},
	{"retrnsmt", own, func(s *InetSocket, v string) error { return number(&s.Retransmits, v, 16) }},
	{"uid", own, func(s *InetSocket, v string) error { return number(&s.UID, v, 10) }},
	{"inode", own, func(s *InetSocket, v string) error { return number(&s.Inode, v, 10) }},
	{"drops", own, func(s *InetSocket, v string) error { s.HasDrops = true; return number(&s.Drops, v, 10) }},
}

func before(pair string) string { first, _, _ := strings.Cut(pair, ":"); return first }
func after(pair string) string  { _, second, _ := strings.Cut(pair, ":"); return second }

// number parses an unsigned number that fits its destination.
func number[T uint8 | uint16 | uint32 | uint64](to *T, text string, base int) error {
	n, err := strconv.ParseUint(text, base, binary.Size(*to)*8)
	*to = T(n)
	return err
}

// ticks reads a time in USER_HZ, which is 100 on every architecture netql runs on (asm-generic/param.h).
func ticks(text string) (time.Duration, error) {
	n, err := strconv.ParseUint(text, 16, 32)
	return time.Duration(n) * (time.Second / 100), err
}

// hexAddress reads "0100007F:0035". The port is a plain number.
func hexAddress(text string) (netip.AddrPort, error) {
	ip, port, found := strings.Cut(text, ":")
	if !found {
		return netip.AddrPort{}, fmt.Errorf("%q has no port", text)
	}
	address, err := hexIP(ip)
	if err != nil {
		return netip.AddrPort{}, err
	}
	var n uint16
	err = number(&n, port, 16)
	return netip.AddrPortFrom(address, n), err
}

// hexIP reads "0100007F". An address is one or four words, each printed as a number of the machine's byte order
// although its bytes stand in network order.
func hexIP(text string) (netip.Addr, error) {
	b, err := hex.DecodeString(text)
	if err != nil {
		return netip.Addr{}, err
	}
	for word := b; len(word) >= 4; word = word[4:] {
		binary.NativeEndian.PutUint32(word, binary.BigEndian.Uint32(word))
	}
	address, ok := netip.AddrFromSlice(b)
	if !ok {
		return netip.Addr{}, fmt.Errorf("%q is no address", text)
	}
	return address, nil
}
