package shell

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"netql/sources/lab"
)

// TestFlatMemory lets follow and watch run for ten minutes under churn. What they need then is what they needed after
// the first minute: nothing piles up. It is a test for the night (.ci/long).
func TestFlatMemory(t *testing.T) {
	if !long() {
		t.Skip("takes ten minutes, with NETQL_LONG alone")
	}
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "ip")
		c := newChurn(t)
		time.Sleep(flatTime / 10)
		first := map[string]int{}
		for text, pid := range c.waiting {
			first[text] = residentMemory(t, pid)
		}
		time.Sleep(flatTime * 9 / 10)
		for text, pid := range c.waiting {
			last := residentMemory(t, pid)
			t.Logf("%s: %d MB after %v, %d MB after %v", text, first[text]>>10, flatTime/10, last>>10, flatTime)
			if last > first[text]*3/2+(16<<10) {
				t.Errorf("%s grows from %d to %d kB", text, first[text], last)
			}
		}
		c.stop()
		t.Logf("meanwhile %v", c)
	})
}

const flatTime = 10 * time.Minute

// residentMemory is that of a process, in kB.
func residentMemory(t *testing.T, pid int) (kilobytes int) {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kilobytes); n == 1 {
			return kilobytes
		}
	}
	t.Fatalf("process %d has no memory", pid)
	return 0
}
