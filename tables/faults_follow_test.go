package tables_test

import (
	"context"
	"errors"
	"testing"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/sources/netlink"
	"netql/tables"
)

// notices are what the kernel tells of the tables that can be followed.
var notices = map[string]struct {
	kind   uint16 // of message
	family byte   // that a message begins with
	listed bool   // what is there is read first, so that new is told from changed
}{
	"addresses":  {unix.RTM_NEWADDR, unix.AF_INET, true},
	"interfaces": {unix.RTM_NEWLINK, unix.AF_UNSPEC, true},
	"neighbors":  {unix.RTM_NEWNEIGH, unix.AF_INET, true},
	"routes":     {unix.RTM_NEWROUTE, unix.AF_INET, false},
	"rules":      {unix.RTM_NEWRULE, unix.AF_INET, true},
	"sockets":    {unix.SOCK_DIAG_BY_FAMILY, unix.AF_INET, false},
	"conntrack":  {unix.NFNL_SUBSYS_CTNETLINK << 8, unix.AF_INET, false},
}

// TestFollowFaults: events end with the error that ended the subscription, and what was lost or torn is said.
func TestFollowFaults(t *testing.T) {
	for _, table := range tables.Catalog().Tables() {
		text := table.Name + " | follow"
		if _, err := query.Compile(text, tables.Catalog(), tables.Ask(answering(nil))); err != nil {
			continue // there are no events of it
		}
		notice, known := notices[table.Name]
		if !known {
			t.Errorf("%s: add what the kernel tells of it", table.Name)
		}
		follow := func(kernel told, lists netlink.Transport) answer {
			system := answering(nil)
			system.Events = kernel
			if lists != nil {
				system.Netlink = lists
			}
			a, err := run(t.Context(), system, query.Compile, text)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		for _, errno := range errnos {
			if a := follow(told{&netlink.Error{Errno: errno}}, nil); a.err == nil ||
				errors.Is(a.err, context.Canceled) {
				t.Errorf("%s: a subscription that fails with %v ends with %v", table.Name, errno, a.err)
			}
			if a := follow(told{}, silent(errno)); notice.listed && errors.Is(a.err, context.Canceled) &&
				len(a.warnings) == 0 {
				t.Errorf("%s: a list that fails with %v is not missed", table.Name, errno)
			}
		}
		if a := follow(told{&netlink.Overrun{Lost: 5}}, nil); len(a.warnings) != 1 {
			t.Errorf("%s: events were lost: warnings %q", table.Name, a.warnings)
		}
		if a := follow(told{netlink.Message{Type: notice.kind, Data: []byte{notice.family}}}, nil); a.err == nil ||
			errors.Is(a.err, context.Canceled) {
			t.Errorf("%s: a torn message: %v", table.Name, a.err)
		}
	}
}
