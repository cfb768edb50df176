package owners_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"netql/sources/owners"
)

// slow is a Finder that takes a second, and fails at first.
type slow struct{ looks int }

func (s *slow) Find(context.Context) (*owners.Table, error) {
	s.looks++
	first := s.looks == 1
	time.Sleep(time.Second)
	if first {
		return nil, errors.ErrUnsupported
	}
	return owners.NewTable(nil), nil
}

// TestRenewed: who asks while somebody looks gets no part of that answer, but shares the next one with all who waited.
func TestRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		finder := &slow{}
		shared := owners.Shared(finder)
		if _, err := shared.Find(t.Context()); err == nil {
			t.Error("it did not fail")
		}
		for round, want := range []int{1 + 2, 1 + 2 + 2} {
			var group sync.WaitGroup
			for n := range 5 {
				group.Go(func() {
					time.Sleep(time.Duration(n) * 100 * time.Millisecond)
					if table, err := owners.Renewed(shared).Find(t.Context()); table == nil || err != nil {
						t.Errorf("%v, %v", table, err)
					}
				})
			}
			if group.Wait(); finder.looks != want {
				t.Errorf("round %d: looked %d times", round, finder.looks)
			}
		}
		if _, err := shared.Find(t.Context()); err == nil || finder.looks != 5 {
			t.Errorf("the shared answer changed: %v, %d looks", err, finder.looks)
		}
		alone := &slow{looks: 1}
		for range 2 {
			if _, err := owners.Renewed(alone).Find(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if alone.looks != 3 {
			t.Errorf("alone: looked %d times", alone.looks)
		}
	})
}
