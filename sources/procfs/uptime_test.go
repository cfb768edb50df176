package procfs

import (
	"testing"
	"time"

	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

func TestUptime(t *testing.T) {
	for text, want := range map[string]time.Duration{"350735.47 234388.90\n": 350735470 * time.Millisecond,
		"0.00 0.00": 0, "12": 12 * time.Second} {
		if got, err := ParseUptime([]byte(text)); got.Round(time.Millisecond) != want || err != nil {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "x 1", "-1 0", "NaN 0", "Inf 0", "1e300 0"} {
		if got, err := ParseUptime([]byte(text)); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
	if got, err := ReadUptime(vfs.Machine); got <= 0 || err != nil {
		t.Errorf("of this machine: %v, %v", got, err)
	}
	if _, err := ReadUptime(vfstest.Files{"/proc/uptime": {Text: "torn"}}); err == nil {
		t.Error("a torn file is accepted")
	}
}
