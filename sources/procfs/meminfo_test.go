package procfs

import (
	"testing"

	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

func TestAvailableMemory(t *testing.T) {
	for text, want := range map[string]int64{
		"MemTotal:       24683732 kB\nMemFree:        1 kB\nMemAvailable:   23584768 kB\n": 23584768 << 10,
		"MemAvailable: 0 kB\n": 0,
		"MemTotal: 1 kB\n":     -1, "MemAvailable: -1 kB\n": -1, "MemAvailable: 9223372036854775807 kB\n": -1, "": -1,
		"MemAvailable: x\n": -1,
	} {
		got, err := ReadAvailableMemory(vfstest.Files{"/proc/meminfo": {Text: text}})
		if (err != nil) != (want < 0) || err == nil && got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	if got, err := ReadAvailableMemory(vfs.Machine); err != nil || got < 1<<20 {
		t.Errorf("of this machine: %d, %v", got, err)
	}
}
