package netlink

import (
	"bytes"
	"errors"
	"testing"
)

func TestAttributes(t *testing.T) {
	var b []byte
	b = AppendAttribute(b, 1, []byte{7})
	b = AppendAttribute(b, 2, native.AppendUint16(nil, 0x1234))
	b = AppendAttribute(b, 99, []byte("nobody reads this"))
	b = AppendAttribute(b, 3, native.AppendUint32(nil, 0xdeadbeef))
	b = AppendAttribute(b, 4, native.AppendUint64(nil, 1<<40))
	b = AppendAttribute(b, 5, []byte("eth0\x00trailing"))
	b = AppendAttribute(b, 6|0x8000, AppendAttribute(nil, 1, native.AppendUint32(nil, 42))) // NLA_F_NESTED
	b = append(b, 0, 0)                                                                     // padding

	a := DecodeAttributes(b)
	got := map[uint16]any{}
	for a.Next() {
		switch kind := a.Type(); kind {
		case 1:
			got[kind] = a.Uint8()
		case 2:
			got[kind] = a.Uint16()
		case 3:
			got[kind] = a.Uint32()
		case 4:
			got[kind] = a.Uint64()
		case 5:
			got[kind] = a.String()
		case 6:
			a.Nested(func(inner *Attributes) {
				for inner.Next() {
					got[kind] = inner.Uint32()
				}
			})
		}
	}
	if err := a.Err(); err != nil {
		t.Fatal(err)
	}
	want := map[uint16]any{1: uint8(7), 2: uint16(0x1234), 3: uint32(0xdeadbeef), 4: uint64(1 << 40), 5: "eth0",
		6: uint32(42)}
	for kind, value := range want {
		if got[kind] != value {
			t.Errorf("attribute %d: %v, want %v", kind, got[kind], value)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
}

func TestAttributesBroken(t *testing.T) {
	short := AppendAttribute(nil, 1, []byte{1, 2})
	for name, b := range map[string][]byte{
		"longer than the list":   {12, 0, 1, 0, 0, 0, 0, 0},
		"shorter than a header":  {3, 0, 1, 0},
		"value too short":        short,
		"nested one is broken":   AppendAttribute(nil, 2, []byte{40, 0, 1, 0}),
		"broken behind good one": append(AppendAttribute(nil, 9, nil), 99, 0, 0, 0),
	} {
		a := DecodeAttributes(b)
		for a.Next() {
			switch a.Type() {
			case 1:
				if got := a.Uint32(); got != 0 {
					t.Errorf("%s: a value of %d", name, got)
				}
			case 2:
				a.Nested(func(inner *Attributes) {
					for inner.Next() {
						t.Errorf("%s: an attribute", name)
					}
				})
			}
		}
		if !errors.Is(a.Err(), ErrTruncated) {
			t.Errorf("%s: error %v", name, a.Err())
		}
		if a.Next() {
			t.Errorf("%s: goes on after the error", name)
		}
	}
}

func TestAppendAttribute(t *testing.T) {
	got := AppendAttribute([]byte{0xff, 0xff, 0xff, 0xff}, 3, []byte{1, 2, 3, 4, 5})
	want := append([]byte{0xff, 0xff, 0xff, 0xff}, native.AppendUint16(native.AppendUint16(nil, 9), 3)...)
	want = append(want, 1, 2, 3, 4, 5, 0, 0, 0)
	if !bytes.Equal(got, want) {
		t.Errorf("% x, want % x", got, want)
	}
}
