package tables_test

import (
	"context"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"netql/query"
	"netql/sources/inetdiag"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/owners"
)

// aLife is when a socket is what, in seconds.
type aLife struct {
	made, closed, ended, told float64 // closed is when its owner closes it, told is when the event of its end is read
	cookie                    uint64
	late                      bool // it still has an inode when it is closed, as if it were closed after it was listed
}

// pastWorld is a kernel with sockets whose lives are known, and the owners of them: pid 100 and cookie.
type pastWorld struct {
	began time.Time
	lives []aLife
}

func (w *pastWorld) at(seconds float64) time.Time {
	return w.began.Add(time.Duration(seconds * float64(time.Second)))
}

func (w *pastWorld) sockets(now time.Time) (list []fakeSocket) {
	for _, l := range w.lives {
		if now.Before(w.at(l.made)) || !now.Before(w.at(l.ended)) {
			continue
		}
		s := fakeSocket{state: inetdiag.Established, local: "10.0.0.1:22", remote: "10.0.0.9:5000", cookie: l.cookie,
			inode: uint32(l.cookie)}
		if !now.Before(w.at(l.closed)) {
			s.state, s.inode = inetdiag.LastAck, 0
			if l.late {
				s.state, s.inode = inetdiag.Established, closedLate
			}
		}
		list = append(list, s)
	}
	return list
}

func (w *pastWorld) answer(r netlink.Request) ([]netlink.Message, error) {
	return fakeKernel{sockets: map[int][]fakeSocket{inetdiag.TCP: w.sockets(time.Now())}}.answer(r)
}

// closedLate is the inode of sockets that were listed before they were closed; nobody has it open.
const closedLate = 1

// Find sees no owner of cookie 1, and another number of processes that it may not look into each time.
func (w *pastWorld) Find(ctx context.Context) (*owners.Table, error) {
	f := fakeFinder{unreadable: 1 + int(time.Since(w.began).Seconds())}
	for _, s := range w.sockets(time.Now()) {
		if s.inode > closedLate {
			owner := owners.Owner{PID: 100 + int(s.cookie), Process: "p"}
			f.held = append(f.held, owners.SocketOwner{Inode: uint64(s.inode), Owner: owner})
		}
	}
	return f.Find(ctx)
}

func (w *pastWorld) Subscribe(ctx context.Context, s netlink.Subscription) iter.Seq2[netlink.Message, error] {
	return func(yield func(netlink.Message, error) bool) {
		s.Joined()
		for _, l := range w.lives {
			time.Sleep(time.Until(w.at(l.told)))
			end := fakeSocket{state: inetdiag.Closed, local: "10.0.0.1:22", remote: "10.0.0.9:5000", cookie: l.cookie}
			if l.told > 0 && !yield(netlink.Message{Data: end.message()}, nil) {
				return
			}
		}
		yield(netlink.Message{}, context.Canceled)
	}
}

// TestSocketsListedAgain: while sockets are followed they are listed every two seconds, and the owner of one that has
// ended is the one that it had when it was listed last. It ends with the following, or the bubble would not.
func TestSocketsListedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &pastWorld{began: time.Now(), lives: []aLife{
			{0, 3, 5, 5, 7, false},        // closed when it is listed last
			{0, 3, 5, 5.05, 4, true},      // listed, and closed before its owner was looked for
			{1, 5, 5, 5.1, 8, false},      // made after the first list
			{4.5, 5, 5, 5.2, 9, false},    // came and went between two lists
			{5, 6.5, 6.5, 8.5, 6, false},  // read when it is not listed any more
			{5, 6.5, 6.5, 10.5, 5, false}, // read too late
			{0, 99, 99, 0, 1, false},      // its owner cannot be seen
		}}
		system := fakeKernel{}.system(files(nil), w)
		system.Netlink, system.Events = netlinktest.Func(w.answer), w
		a, err := run(t.Context(), system, query.Compile, "sockets | follow | select cookie, pid, owner_status")
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"cookie=7 owner_status=partial pid=107", "cookie=4 owner_status=partial pid=104",
			"cookie=8 owner_status=partial pid=108", "cookie=9 owner_status=unlisted pid=-",
			"cookie=6 owner_status=partial pid=106", "cookie=5 owner_status=unlisted pid=-"}
		if got := lines(a.rows); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		if len(a.warnings) != 1 || !strings.HasPrefix(a.warnings[0], "the owners of some sockets are unknown") {
			t.Errorf("warnings %q", a.warnings)
		}
	})
}
