package sockdiag

import (
	"encoding/binary"
	"testing"

	"netql/sources/decodetest"
)

// TestMemory: an old kernel's array is shorter, a newer one's longer, and a nil Memory tells nothing.
func TestMemory(t *testing.T) {
	var b []byte
	for i := range uint32(12) {
		b = binary.NativeEndian.AppendUint32(b, 100+i)
	}
	for size, known := range map[int]int{0: 0, 3: 0, 4: 1, 32: 8, 35: 8, 36: 9, 48: 9} {
		m := ParseMemory(b[:size])
		for f := range memoryFields {
			if value, ok := m.Get(f); ok != (int(f) < known) || ok && value != 100+uint32(f) {
				t.Errorf("%d bytes: field %d is %d, %v", size, f, value, ok)
			}
		}
	}
	if value, ok := (*Memory)(nil).Get(Drops); ok || value != 0 {
		t.Errorf("nil: %d, %v", value, ok)
	}
}

func FuzzDecoders(f *testing.F) {
	decodetest.Fuzz(f, map[string]decodetest.Decoder{
		"memory": func(b []byte) any { return decodetest.Result(ParseMemory(b)) },
	}, make([]byte, 40))
}
