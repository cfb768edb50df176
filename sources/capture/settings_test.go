package capture

import (
	"strings"
	"testing"

	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

// TestManySettings: of more settings than a capture takes, those that are one too many are not kept, and say so; other
// files are, and what is kept is read again.
func TestManySettings(t *testing.T) {
	made := vfstest.Files{"/proc/sys/net/a": {Text: "1"}, "/proc/sys/net/b": {Text: "2"}, "/proc/stat": {Text: "3"}}
	r := &recordingFiles{files: made, known: map[string]*fileFacts{}, settings: maxSettings - 1}
	for range 2 {
		for path, want := range map[string]string{"/proc/sys/net/a": "1", "/proc/stat": "3"} {
			if b, err := vfs.ReadFile(factFiles{r}, path); string(b) != want || err != nil {
				t.Fatalf("%s: %q, %v", path, b, err)
			}
		}
		if _, err := vfs.ReadFile(factFiles{r}, "/proc/sys/net/b"); err == nil ||
			!strings.Contains(err.Error(), "more settings") {
			t.Errorf("%v", err)
		}
	}
	if len(r.known) != 2 {
		t.Errorf("%d files are kept", len(r.known))
	}
}
