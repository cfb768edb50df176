package owners

import (
	"math/rand/v2"
	"slices"
	"testing"

	"netql/sources/taskfile"
)

// TestIndex: look-ups by the index give what a search through the list gives, also for inode numbers that many sockets
// share, and for those that differ in their upper halves alone.
func TestIndex(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, count := range []int{0, 1, 2, 100, 5000} {
		var sockets []socket
		for i := range count {
			inode := uint64(random.IntN(count)) + 1
			if i%5 == 0 {
				inode |= 1 << 32
			}
			sockets = append(sockets, socket{inode, int32(i), int32(i)})
		}
		x := indexInodes(sockets)
		for inode := range uint64(count) + 2 {
			for _, inode := range []uint64{inode, inode | 1<<32, inode | 1<<33} {
				var want []socket
				for _, s := range sockets {
					if s.inode == inode {
						want = append(want, s)
					}
				}
				got := x.appendOf(nil, inode)
				if slices.SortFunc(got, compareSockets); !slices.Equal(got, want) {
					t.Fatalf("%d of %d: %v, want %v", inode, count, got, want)
				}
			}
		}
		all := x.all()
		slices.SortFunc(all, compareSockets)
		if slices.SortFunc(sockets, compareSockets); !slices.Equal(all, sockets) {
			t.Errorf("%d sockets, want %d", len(all), count)
		}
	}
}

// TestLister: processes are sorted though a thread is listed before the process, and copies that a thread has are there
// once.
func TestLister(t *testing.T) {
	l := lister{index: map[int]int32{}}
	for _, s := range []taskfile.Socket{
		{PID: 30, Thread: 5, FD: 3, Inode: 7}, // the numbers of threads start again at their limit
		{PID: 10, Thread: 10, FD: 4, Inode: 7}, {PID: 10, Thread: 10, FD: 3, Inode: 8},
		{PID: 30, Thread: 31, FD: 3, Inode: 7}, {PID: 30, Thread: 32, FD: 4, Inode: 8},
	} {
		l.add(&s)
	}
	l.sort()
	table := newTable(l.processes, l.sockets)
	for inode, want := range map[uint64][]Owner{
		7: {{PID: 10, FD: 4}, {PID: 30, FD: 3}}, 8: {{PID: 10, FD: 3}, {PID: 30, FD: 4}}, 9: nil, 0: nil,
	} {
		if got := table.Owners(inode); !slices.Equal(got, want) {
			t.Errorf("%d: %v, want %v", inode, got, want)
		}
	}
	for _, pid := range []int{10, 30} {
		if count, known := table.Count(pid); count != 2 || !known {
			t.Errorf("%d has %d sockets, %v", pid, count, known)
		}
	}
}
