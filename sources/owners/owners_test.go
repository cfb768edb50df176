package owners

import (
	"reflect"
	"testing"
)

func TestTable(t *testing.T) {
	held := func(inode uint64, pid, fd int) SocketOwner {
		return SocketOwner{inode, Owner{PID: pid, Process: "p", FD: fd}}
	}
	table := NewTable([]SocketOwner{held(7, 30, 4), held(9, 1, 3), held(7, 2, 9), held(7, 30, 3), held(0, 5, 5),
		held(8, 2, 4)})
	for inode, want := range map[uint64][]Owner{
		7:       {{2, "p", 9}, {30, "p", 3}, {30, "p", 4}},
		8:       {{2, "p", 4}},
		9:       {{1, "p", 3}},
		0:       nil,
		6:       nil,
		1 << 40: nil,
	} {
		if got := table.Owners(inode); !reflect.DeepEqual(got, want) {
			t.Errorf("inode %d: %v, want %v", inode, got, want)
		}
	}
	for pid, want := range map[int]int{1: 1, 2: 2, 30: 2, 5: 1, 6: 0} {
		if got, known := table.Count(pid); got != want || !known {
			t.Errorf("process %d has %d sockets, %v, want %d", pid, got, known, want)
		}
	}
	table.Unreadable = 1
	if _, known := table.Count(6); known {
		t.Error("the sockets of a process that may not be inspected are known")
	}
	if got := NewTable(nil).Owners(7); got != nil {
		t.Errorf("an empty table: %v", got)
	}
}

func TestParseLink(t *testing.T) {
	for text, want := range map[string]uint64{
		"socket:[12345]":                12345,
		"socket:[18446744073709551615]": 1<<64 - 1,
		"socket:[18446744073709551616]": 0,
		"socket:[]":                     0,
		"socket:[12":                    0,
		"socket:[-1]":                   0,
		"socket:[1]x":                   0,
		"pipe:[12345]":                  0,
		"/tmp/socket:[1]":               0,
		"":                              0,
	} {
		inode, ok := parseLink([]byte(text))
		if inode != want && ok || ok != (want != 0) {
			t.Errorf("%q: %d, %v", text, inode, ok)
		}
	}
}
