package lab

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"
)

// A row is a line of /proc/net/tcp and its siblings, read without any help of the code under test.
type row struct {
	local, remote netip.AddrPort
	state         string
	send, receive int // queues, in bytes
	inode         uint64
}

// rows reads one of these files in the network namespace of the calling thread.
func rows(t *testing.T, file string) (rows []row) {
	t.Helper()
	text, err := os.ReadFile("/proc/thread-self/net/" + file)
	if os.IsNotExist(err) {
		return nil
	} else if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		r, err := parseRow(strings.Fields(line))
		if err != nil {
			t.Fatalf("%s: %q: %v", file, line, err)
		}
		rows = append(rows, r)
	}
	return rows
}

func parseRow(f []string) (r row, err error) {
	if r.local, err = hexAddress(f[1]); err != nil {
		return r, err
	}
	if r.remote, err = hexAddress(f[2]); err != nil {
		return r, err
	}
	state, err := strconv.ParseUint(f[3], 16, 8)
	if err != nil {
		return r, err
	}
	r.state = tcpStates[state]
	if _, err := fmt.Sscanf(f[4], "%x:%x", &r.send, &r.receive); err != nil {
		return r, err
	}
	r.inode, err = strconv.ParseUint(f[9], 10, 64)
	return r, err
}

// hexAddress reads an address of these files: words of 4 bytes in host order, and a port.
func hexAddress(text string) (netip.AddrPort, error) {
	address, port, _ := strings.Cut(text, ":")
	raw, err := hex.DecodeString(address)
	if err != nil {
		return netip.AddrPort{}, err
	}
	for i := 0; i+4 <= len(raw); i += 4 {
		binary.NativeEndian.PutUint32(raw[i:], binary.BigEndian.Uint32(raw[i:]))
	}
	a, _ := netip.AddrFromSlice(raw)
	p, err := strconv.ParseUint(port, 16, 16)
	return netip.AddrPortFrom(a, uint16(p)), err
}

// family is an address's part of a file name: 6 for IPv6, v4-mapped addresses included.
func family(a netip.AddrPort) string {
	if a.Addr().Is6() {
		return "6"
	}
	return ""
}

// find returns the rows of a socket: its line, none, or more if something is wrong.
func find(rows []row, s *Socket) (found []row) {
	local, remote := bare(s.Local), bare(s.Remote)
	for _, r := range rows {
		samePeer := r.remote == remote || !s.Remote.IsValid() && r.remote.Addr().IsUnspecified()
		if r.local == local && samePeer && r.inode == s.Inode {
			found = append(found, r)
		}
	}
	return found
}

// bare is an address without its zone, which these files do not have.
func bare(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().WithZone(""), a.Port())
}
