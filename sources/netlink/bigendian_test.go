package netlink

import (
	"errors"
	"testing"
)

func TestBigEndian(t *testing.T) {
	b := AppendAttribute(nil, 1, []byte{1, 2, 3, 4, 5, 6, 7, 8})
	a := DecodeAttributes(b)
	if !a.Next() || a.Uint16BE() != 0x0102 || a.Uint32BE() != 0x01020304 || a.Uint64BE() != 0x0102030405060708 ||
		a.Err() != nil {
		t.Errorf("%x %x %x, %v", a.Uint16BE(), a.Uint32BE(), a.Uint64BE(), a.Err())
	}
	for name, read := range map[string]func(*Attributes) uint64{
		"16": func(a *Attributes) uint64 { return uint64(a.Uint16BE()) },
		"32": func(a *Attributes) uint64 { return uint64(a.Uint32BE()) },
		"64": (*Attributes).Uint64BE,
	} {
		a := DecodeAttributes(AppendAttribute(nil, 1, []byte{1}))
		if a.Next(); read(&a) != 0 || !errors.Is(a.Err(), ErrTruncated) {
			t.Errorf("%s bits of one byte: %v", name, a.Err())
		}
	}
}
