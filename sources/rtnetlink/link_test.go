package rtnetlink

import (
	"context"
	"encoding/binary"
	"errors"
	"iter"
	"os"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
)

func TestMain(m *testing.M) { os.Exit(lab.Main(m)) }

// message writes struct ifinfomsg and a name.
func message(index uint32, name string) []byte {
	b := make([]byte, unix.SizeofIfInfomsg)
	binary.NativeEndian.PutUint32(b[4:], index)
	b = netlink.AppendAttribute(b, unix.IFLA_MTU, []byte{0, 0, 1, 0})
	return netlink.AppendAttribute(b, unix.IFLA_IFNAME, append([]byte(name), 0))
}

func collect[T any](links iter.Seq2[T, error]) (list []T, failure error) {
	for link, err := range links {
		if err != nil {
			return list, err
		}
		list = append(list, link)
	}
	return list, nil
}

func TestLinks(t *testing.T) {
	busy := &netlink.Error{Errno: unix.EBUSY}
	for name, test := range map[string]struct {
		bodies  [][]byte
		failure error
		links   []Link
		want    error
	}{
		"two": {[][]byte{message(1, "lo"), message(7, "eth0.100")}, nil, []Link{{1, "lo"}, {7, "eth0.100"}},
			nil},
		"none":        {nil, nil, nil, nil},
		"interrupted": {[][]byte{message(1, "lo")}, netlink.ErrInterrupted, []Link{{1, "lo"}}, netlink.ErrInterrupted},
		"refused":     {nil, busy, nil, unix.EBUSY},
		"short":       {[][]byte{message(1, "lo")[:15]}, nil, nil, netlink.ErrTruncated},
		"torn": {[][]byte{message(1, "lo")[:18], message(1, "lo")[:30]}, nil, []Link{{1, ""}},
			netlink.ErrTruncated},
	} {
		transport := netlinktest.Func(func(r netlink.Request) (messages []netlink.Message, err error) {
			for _, b := range test.bodies {
				messages = append(messages, netlink.Message{Type: unix.RTM_NEWLINK, Data: b})
			}
			return messages, test.failure
		})
		links, err := collect(Links(t.Context(), transport))
		if !slices.Equal(links, test.links) || !errors.Is(err, test.want) {
			t.Errorf("%s: %v, %v; want %v, %v", name, links, err, test.links, test.want)
		}
	}
}

func TestLinksLive(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Link(t, "lab0")
		links, err := collect(Links(t.Context(), netlink.Kernel{}))
		if err != nil || len(links) < 2 || links[0] != (Link{1, "lo"}) {
			t.Fatalf("%v, %v", links, err)
		}
		if !slices.ContainsFunc(links, func(l Link) bool { return l.Name == "lab0" && l.Index > 1 }) {
			t.Errorf("no lab0 among %v", links)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := collect(Links(ctx, netlink.Kernel{})); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	})
}
