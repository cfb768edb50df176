package tables_test

import (
	"context"
	"encoding/binary"
	"errors"
	"iter"
	"net/netip"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/inetdiag"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/owners"
	"netql/sources/vfs/vfstest"
)

// fakeSocket is a socket of a fake kernel.
type fakeSocket struct {
	state         inetdiag.State
	local, remote string // addresses with ports; remote "" is none
	index         uint32 // of its interface
	cookie        uint64
	recv, send    uint32
	uid, inode    uint32
	timer         inetdiag.Timer
	attributes    map[inetdiag.Attribute][]byte
}

// fakeKernel is a kernel's socket diagnostics: what it lists of each protocol, and how each list ends.
type fakeKernel struct {
	sockets  map[int][]fakeSocket
	failures map[int]error
	onlyIn   int        // the family of the lists that fail; 0 is all
	asked    *[]request // what it has been asked for, if somebody wants to know
}

// request is a request for a dump, decoded.
type request struct {
	protocol, family int // family 0 is both
	states           inetdiag.StateSet
	extensions       inetdiag.Extensions
}

// absent are the failures of a kernel without any socket diagnostics.
var absent = map[int]error{
	inetdiag.TCP: unix.ENOENT, inetdiag.UDP: unix.ENOENT, inetdiag.UDPLite: unix.ENOENT, inetdiag.Raw: unix.ENOENT,
	inetdiag.MPTCP: unix.ENOENT, inetdiag.SCTP: unix.ENOENT,
}

// system is a machine with that kernel, whose files and owners are given.
func (k fakeKernel) system(files vfstest.Files, finder owners.Finder) *sources.System {
	return &sources.System{Name: "fake", Netlink: netlinktest.Func(k.answer), Files: files, Owners: finder}
}

// answer filters by family and state, as the kernel does.
func (k fakeKernel) answer(r netlink.Request) (messages []netlink.Message, err error) {
	if r.Protocol != unix.NETLINK_SOCK_DIAG {
		return nil, nil // there are no interfaces
	}
	q := decode(r)
	if k.asked != nil {
		*k.asked = append(*k.asked, q)
	}
	failure := k.failures[q.protocol]
	if k.onlyIn != 0 && k.onlyIn != q.family {
		failure = nil
	}
	if errors.Is(failure, unix.ENOENT) || errors.Is(failure, unix.EPERM) {
		return nil, failure // the kernel's answer to the request, in place of a list
	}
	for _, s := range k.sockets[q.protocol] {
		if b := s.message(); (q.family == 0 || int(b[0]) == q.family) && q.states.Has(s.state) {
			messages = append(messages, netlink.Message{Type: unix.SOCK_DIAG_BY_FAMILY, Data: b})
		}
	}
	return messages, failure
}

// decode reads struct inet_diag_req, or struct inet_diag_req_v2 with an attribute for large protocol numbers.
func decode(r netlink.Request) request {
	const legacy, idSize = 18, 48
	b := r.Payload
	if r.Type == legacy {
		states := binary.NativeEndian.Uint32(b[4+idSize:])
		return request{inetdiag.TCP, int(b[0]), inetdiag.StateSet(states), inetdiag.Extensions(b[3])}
	}
	q := request{int(b[1]), int(b[0]), inetdiag.StateSet(binary.NativeEndian.Uint32(b[4:])), inetdiag.Extensions(b[2])}
	for a := netlink.DecodeAttributes(b[8+idSize:]); a.Next(); {
		q.protocol = int(a.Uint32())
	}
	return q
}

// message is the socket as struct inet_diag_msg and attributes.
func (s fakeSocket) message() []byte {
	b := make([]byte, 72)
	local, remote := netip.MustParseAddrPort(s.local), netip.AddrPort{}
	if s.remote != "" {
		remote = netip.MustParseAddrPort(s.remote)
	}
	b[0], b[1], b[2] = unix.AF_INET, byte(s.state), byte(s.timer)
	if local.Addr().Is6() {
		b[0] = unix.AF_INET6
	}
	binary.BigEndian.PutUint16(b[4:], local.Port())
	binary.BigEndian.PutUint16(b[6:], remote.Port())
	copy(b[8:], local.Addr().AsSlice())
	copy(b[24:], remote.Addr().AsSlice())
	for offset, value := range map[int]uint32{
		40: s.index, 44: uint32(s.cookie), 48: uint32(s.cookie >> 32), 56: s.recv, 60: s.send, 64: s.uid, 68: s.inode,
	} {
		binary.NativeEndian.PutUint32(b[offset:], value)
	}
	for kind, value := range s.attributes {
		b = netlink.AppendAttribute(b, uint16(kind), value)
	}
	return b
}

// fakeFinder sees some owners, on a machine where that is all there is.
type fakeFinder struct {
	held       []owners.SocketOwner
	unreadable int
	hidden     bool // other pid namespaces
	unlisted   bool // processes that /proc does not list
	err        error
	looking    func() // called when it is asked
}

func (f fakeFinder) Find(context.Context) (*owners.Table, error) {
	if f.looking != nil {
		f.looking()
	}
	if f.err != nil {
		return nil, f.err
	}
	table := owners.NewTable(f.held)
	table.Unreadable, table.Complete, table.Hidden = f.unreadable, !f.hidden, f.unlisted
	return table, nil
}

// procNetHeader begins the files of /proc/net that list sockets; tcp's end there.
const procNetHeader = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"

// files is a /proc that has these files, by their names under /proc/net, and nothing else.
func files(contents map[string]string) vfstest.Files {
	system := vfstest.Files{"/proc/net": {Dir: true}}
	for name, content := range contents {
		header := procNetHeader + " ref pointer drops\n"
		if name == "tcp" {
			header = procNetHeader + "\n"
		}
		system["/proc/net/"+name] = vfstest.File{Text: header + content}
	}
	return system
}

// failing is a kernel that knows no interfaces.
type failing struct {
	netlink.Transport
	err error
}

func (f failing) Dump(ctx context.Context, r netlink.Request) iter.Seq2[netlink.Message, error] {
	if r.Protocol == unix.NETLINK_ROUTE {
		return func(yield func(netlink.Message, error) bool) { yield(netlink.Message{}, f.err) }
	}
	return f.Transport.Dump(ctx, r)
}
