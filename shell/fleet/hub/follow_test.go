package hub

import (
	"bytes"
	"os"
	"testing"
)

// TestFollowBreaks: a hub that does not learn any more whose credentials are void says so.
func TestFollowBreaks(t *testing.T) {
	dir, err := os.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	events, end, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	end.Close()
	var out bytes.Buffer
	h := &Hub{register: &register{files: &directories{root: dir}}, changes: &changes{file: events},
		log: newLogger(&out)}
	h.follow()
	want := "netql-fleet hub: error: changes of " + dir.Name() +
		" are not followed any more, start the hub again: EOF\n"
	if out.String() != want {
		t.Errorf("%s, want %s", &out, want)
	}
	out.Reset()
	events.Close()
	if h.follow(); out.Len() > 0 {
		t.Errorf("after the end: %s", &out)
	}
}
