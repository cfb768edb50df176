package asker

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

// TestRemember: hosts that two askers remember at the same time are all remembered, each once.
func TestRemember(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	var askers sync.WaitGroup
	for n := range 4 {
		askers.Go(func() {
			if err := remember("server", []string{"web", fmt.Sprint("db", n)}); err != nil {
				t.Error(err)
			}
		})
	}
	askers.Wait()
	names, _, err := remembered("server")
	if want := []string{"db0", "db1", "db2", "db3", "web"}; !slices.Equal(names, want) || err != nil {
		t.Errorf("%q, %v; want %q", names, err, want)
	}
}
