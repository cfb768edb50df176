package sources_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"testing"

	"netql/sources"
	"netql/sources/lab"
	"netql/sources/netns"
	"netql/sources/owners"
	"netql/sources/rtnetlink"
)

// TestFieldsInNamespace: whoever adds something to ask of a system decides what it is in another namespace (within).
func TestFieldsInNamespace(t *testing.T) {
	known := []string{"Name", "Live", "Netlink", "Files", "Owners", "Events", "Ethtool", "Names", "Own", "PID",
		"Advice", "Entered"}
	for i := range reflect.TypeFor[sources.System]().NumField() {
		if name := reflect.TypeFor[sources.System]().Field(i).Name; !slices.Contains(known, name) {
			t.Errorf("System.%s is what it is outside, even in a system that was entered", name)
		}
	}
}

// TestEnter: netlink and the files are those of the namespace, and the namespace says which it is.
func TestEnter(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.NameNamespaces(t, "own", "blue")
		lab.Link(t, "lab0")
		for target, want := range map[string]struct {
			name  string
			links []string
		}{
			"blue": {"blue", []string{"lo"}}, "own": {"own", []string{"lo", "lab0"}},
			fmt.Sprint(os.Getpid()): {"own", []string{"lo", "lab0"}},
		} {
			system, leave, err := sources.Enter(target)
			if err != nil {
				t.Error(err)
				continue
			}
			got, err := system.Namespace()
			if err != nil || got.Name != want.name || system.Name != "netns "+target {
				t.Errorf("%s: %+v, %v, %s", target, got, err, system.Name)
			}
			links := names(t, system)
			for _, name := range want.links {
				if !slices.Contains(links, name) {
					t.Errorf("%s has %v, want %v", target, links, want.links)
				}
			}
			if want.name == "blue" && len(links) != 1 {
				t.Errorf("%s has %v", target, links)
			}
			leave()
		}
		if _, _, err := sources.Enter("green"); !errors.Is(err, netns.ErrUnknown) {
			t.Error(err)
		}
	})
}

func names(t *testing.T, system *sources.System) (names []string) {
	t.Helper()
	for link, err := range rtnetlink.Links(t.Context(), system.Netlink) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, link.Name)
	}
	return names
}

// TestEverywhere: our own namespace comes first, the others by name; one that has gone is no error, and nothing is
// left open.
func TestEverywhere(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.NameNamespaces(t, "own", "blue", "abc")
		process := lab.Start(t, lab.Helper{Comm: "elsewhere", OtherNamespace: true})
		before := files(t)
		all := &sources.AllNamespaces{}
		stacks, err := all.List()
		var hidden *netns.Hidden
		if err != nil && !errors.As(err, &hidden) {
			t.Error(err)
		}
		var order []string
		var gone sources.Stack
		for _, s := range stacks {
			if s.PID == process.Pid {
				gone = s
			}
			if s.Name != "" {
				order = append(order, s.Name)
			}
		}
		if !slices.Equal(order, []string{"own", "abc", "blue"}) || gone.Inode == 0 {
			t.Errorf("%+v", stacks)
		}
		finder := owners.Shared(owners.Proc{})
		for _, s := range stacks[:3] {
			for range 2 {
				system, err := all.Enter(s, finder)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := system.Namespace(); err != nil || got != s.Namespace || system.Owners != finder {
					t.Errorf("%+v, %v; want %+v", got, err, s.Namespace)
				}
			}
		}
		if got := files(t); got != before+2 {
			t.Errorf("%d files are open, %d before", got, before)
		}
		process.Stop()
		if system, err := all.Enter(gone, finder); system != nil || err != nil {
			t.Errorf("a namespace that has gone: %v, %v", system, err)
		}
		opened := files(t)
		all.Close()
		if got := files(t); got != opened-2 {
			t.Errorf("%d files are open after the end, %d before", got, opened)
		}
	})
}

func files(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// counting is a finder that counts how often it looks.
type counting struct{ n int }

func (c *counting) Find(context.Context) (*owners.Table, error) {
	c.n++
	return owners.NewTable(nil), errors.ErrUnsupported
}

func TestShared(t *testing.T) {
	c := &counting{}
	finder := owners.Shared(c)
	for range 3 {
		if table, err := finder.Find(t.Context()); table == nil || !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%v, %v", table, err)
		}
	}
	if c.n != 1 {
		t.Errorf("looked %d times", c.n)
	}
}
