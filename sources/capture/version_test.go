package capture

import (
	"testing"

	"netql/sources/vfs"
)

// TestSizes: the size of a file is kept; version 2 of the format has none.
func TestSizes(t *testing.T) {
	want := vfs.Info{Mode: 0o444, Device: 5, Inode: 300, Size: 70000}
	b := (&fileFacts{stat: &stat{Info: want}}).append(nil, "/a")
	for version, size := range map[uint32]uint64{2: 0, 3: 70000} {
		rest := b
		if version == 2 {
			rest = b[:len(b)-len(appendUint(nil, want.Size))]
		}
		d := decoder{rest: rest, version: version, memoryLeft: maxMemory}
		all := map[string]*fileFacts{}
		d.fileFact(all)
		want.Size = size
		if d.err != nil || len(d.rest) != 0 || all["/a"].stat.Info != want {
			t.Errorf("version %d: %+v, %v", version, all["/a"], d.err)
		}
	}
}
