package owners_test

import (
	"context"
	"testing"

	"netql/sources/owners"
)

// starter is a Finder that counts how often it is started.
type starter struct {
	slow
	starts *int
}

func (s *starter) Start(context.Context) owners.Finder {
	*s.starts++
	return owners.Shared(&s.slow)
}

func (s *starter) String() string { return "telling" }

// TestStart: who shares a Finder starts it once, and one that cannot start is itself.
func TestStart(t *testing.T) {
	starts := 0
	shared := owners.Shared(&starter{slow{looks: 1}, &starts})
	for range 3 {
		if table, err := owners.Start(t.Context(), shared).Find(t.Context()); table == nil || err != nil {
			t.Errorf("%v, %v", table, err)
		}
	}
	if starts != 1 {
		t.Errorf("started %d times", starts)
	}
	plain := &slow{}
	if got := owners.Start(t.Context(), plain); got != owners.Finder(plain) {
		t.Errorf("%v", got)
	}
	for want, finder := range map[string]owners.Finder{"telling": &starter{}, "": plain} {
		if got := owners.Way(owners.Shared(finder)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
