package shell

import (
	"strings"
	"syscall"
	"testing"

	"netql/query"
	"netql/sources"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/vfs/vfstest"
	"netql/tables"
)

// TestDiffUnreadable: where nothing of a table could be read it is told of which of the two systems that is so.
func TestDiffUnreadable(t *testing.T) {
	t.Parallel()
	system := func(name string, failure error) *sources.System {
		return &sources.System{Name: name, Files: vfstest.Files{}, Netlink: netlinktest.Func(
			func(netlink.Request) ([]netlink.Message, error) { return nil, failure },
		)}
	}
	const failure = syscall.EMFILE
	for _, test := range []struct {
		old, new error
		want     string
	}{{failure, nil, "monday: no routes could be read: "}, {nil, failure, "tuesday: no routes could be read: "}} {
		systems := []*sources.System{system("monday", test.old), system("tuesday", test.new)}
		for level, names := range map[string][]string{"error: ": {"routes"}, "warning: ": {"routes", "rules"}} {
			var out, messages strings.Builder
			s := newSession(strings.NewReader(""), &out, &messages)
			var comparisons []*query.Comparison
			for _, name := range names {
				old, new := tables.Ask(systems[0]), tables.Ask(systems[1])
				c, err := query.CompareTable(name, tables.Catalog(), old, new, false)
				if err != nil {
					t.Fatal(err)
				}
				comparisons = append(comparisons, c)
			}
			s.compare(t.Context(), comparisons, []string{"monday", "tuesday"})
			if !strings.Contains(messages.String(), level+test.want) {
				t.Errorf("%v: no %q in\n%s", names, level+test.want, messages.String())
			}
		}
	}
}
