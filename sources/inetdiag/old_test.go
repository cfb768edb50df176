package inetdiag

import (
	"errors"
	"iter"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/sockdiag"
)

// plain is a message without attributes.
func plain() []byte { return append([]byte{unix.AF_INET, 1}, make([]byte, socketMessage.Header-2)...) }

// with adds an attribute to a message.
func with(b []byte, a Attribute, value ...byte) []byte {
	return netlink.AppendAttribute(b, uint16(a), value)
}

// script makes a transport that answers every request alike.
func script(failure error, bodies ...[]byte) netlinktest.Func {
	return func(netlink.Request) (messages []netlink.Message, err error) {
		for _, b := range bodies {
			messages = append(messages, netlink.Message{Type: unix.SOCK_DIAG_BY_FAMILY, Data: b})
		}
		return messages, failure
	}
}

func collect(t *testing.T, rows iter.Seq2[*Socket, error]) (sockets []*Socket, failure error) {
	t.Helper()
	for s, err := range rows {
		if failure != nil {
			t.Fatal("an item follows the error")
		}
		if failure = err; err == nil {
			sockets = append(sockets, s)
		}
	}
	return sockets, failure
}

// TestOldKernel decodes what kernels before the newest send.
func TestOldKernel(t *testing.T) {
	query := Query{Protocol: TCP, States: AllStates}
	sockets, err := collect(t, Dump(t.Context(), script(nil,
		plain(),
		with(plain(), AttrInfo, make([]byte, 104)...),    // Linux 3.0's struct tcp_info
		with(plain(), AttrMemory, make([]byte, 32)...),   // before 4.7: no drops
		with(with(plain(), 1, 1, 2, 3), 256+AttrMark, 4), // attributes nobody reads
	), query))
	if err != nil || len(sockets) != 4 {
		t.Fatalf("%d sockets, %v", len(sockets), err)
	}
	for a := range Attribute(32) {
		if sockets[0].Has(a) || sockets[3].Has(a) {
			t.Errorf("attribute %d is said to be there", a)
		}
	}
	if s := sockets[0]; s.Memory != nil || s.Congestion != "" || s.ULP != "" {
		t.Errorf("something is there: %+v", s)
	}
	if _, ok := sockets[1].Info.Uint(TotalRetrans); !ok {
		t.Error("total_retrans is missing")
	}
	if _, ok := sockets[1].Info.Uint(PacingRate); ok {
		t.Error("pacing_rate is there")
	}
	if m := sockets[2].Memory; !has(m, sockdiag.Backlog) || has(m, sockdiag.Drops) {
		t.Errorf("memory %+v", m)
	}
}

func TestFailures(t *testing.T) {
	for name, test := range map[string]struct {
		transport netlink.Transport
		sockets   int
		want      error
	}{
		"interrupted":         {script(netlink.ErrInterrupted, plain(), plain()), 2, netlink.ErrInterrupted},
		"fails late":          {script(&netlink.Error{Errno: unix.ENOMEM}, plain()), 1, unix.ENOMEM},
		"no module":           {script(&netlink.Error{Errno: unix.ENOENT}), 0, netlink.ErrNoModule},
		"no inet_diag":        {script(&netlink.Error{Errno: unix.EOPNOTSUPP}), 0, netlink.ErrNoModule},
		"no netlink family":   {script(unix.EPROTONOSUPPORT), 0, netlink.ErrNoModule},
		"errno stays":         {script(&netlink.Error{Errno: unix.ENOENT}), 0, unix.ENOENT},
		"short message":       {script(nil, plain(), plain()[:71], plain()), 1, netlink.ErrTruncated},
		"empty message":       {script(nil, nil), 0, netlink.ErrTruncated},
		"torn attribute":      {script(nil, append(plain(), 9, 0, 8, 0, 1)), 0, netlink.ErrTruncated},
		"short mark":          {script(nil, with(plain(), AttrMark, 1, 2)), 0, netlink.ErrTruncated},
		"torn ULP":            {script(nil, with(plain(), AttrULP, 200, 0, 1, 0)), 0, netlink.ErrTruncated},
		"another's failure":   {script(&netlink.Error{Errno: unix.EPERM}), 0, unix.EPERM},
		"nothing, no failure": {script(nil), 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			sockets, err := collect(t, Dump(t.Context(), test.transport, Query{Protocol: TCP, States: AllStates}))
			if len(sockets) != test.sockets || !errors.Is(err, test.want) {
				t.Errorf("%d sockets, error %v; want %d, %v", len(sockets), err, test.sockets, test.want)
			}
			if name == "another's failure" && errors.Is(err, netlink.ErrNoModule) {
				t.Error("it looks like a missing module")
			}
		})
	}
}

// TestInfoOfOthers checks that MPTCP's and SCTP's own structures are not taken for struct tcp_info.
func TestInfoOfOthers(t *testing.T) {
	transport := script(nil, with(plain(), AttrInfo, make([]byte, 280)...))
	for _, protocol := range []int{MPTCP, SCTP, UDP} {
		sockets, err := collect(t, Dump(t.Context(), transport, Query{Protocol: protocol, Family: unix.AF_INET}))
		if err != nil || len(sockets) != 1 || sockets[0].Has(AttrInfo) {
			t.Errorf("protocol %d: %+v, %v", protocol, sockets, err)
		}
	}
}

// TestTwoDumps checks what UDP's two requests have in common: one stream, which ends where the consumer or a failure
// ends it, and not where the list merely changed meanwhile.
func TestTwoDumps(t *testing.T) {
	query := Query{Protocol: UDP, States: AllStates}
	for name, test := range map[string]struct {
		failure           error
		take              int
		sockets, requests int
	}{
		"complete":    {nil, 9, 4, 2},
		"interrupted": {netlink.ErrInterrupted, 9, 4, 2},
		"failed":      {unix.ENOMEM, 9, 2, 1},
		"stopped":     {nil, 1, 1, 1},
	} {
		requests, sockets := 0, 0
		var failure error
		transport := netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
			requests++
			return script(test.failure, plain(), plain())(r)
		})
		for _, err := range Dump(t.Context(), transport, query) {
			if failure = err; err == nil {
				sockets++
			}
			if sockets == test.take {
				break
			}
		}
		if sockets != test.sockets || requests != test.requests || !errors.Is(failure, test.failure) {
			t.Errorf("%s: %d sockets by %d requests, %v", name, sockets, requests, failure)
		}
	}
}

func has(m *sockdiag.Memory, f sockdiag.MemoryField) bool {
	_, ok := m.Get(f)
	return ok
}
