// Package decodetest fuzzes decoders: functions from bytes that come from outside to values.
package decodetest

import (
	"bytes"
	"reflect"
	"testing"
)

// A Decoder turns bytes into values that it returns all together, an error among them.
type Decoder func([]byte) any

// Result packs what a decoder returns.
func Result(values ...any) any { return values }

// Fuzz feeds every decoder with the seeds, their prefixes, and whatever the fuzzer makes of them. A decoder must not
// panic, must leave its input alone, must give the same for the same, and must not keep its input: what it returned
// stays as it was when the bytes change.
func Fuzz(f *testing.F, decoders map[string]Decoder, seeds ...[]byte) {
	for _, seed := range seeds {
		for size := len(seed); size > 0; size /= 2 {
			f.Add(seed[:size])
		}
	}
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, input []byte) {
		for name, decode := range decoders {
			check(t, name, decode, input)
		}
	})
}

func check(t *testing.T, name string, decode Decoder, input []byte) {
	first, second := bytes.Clone(input), bytes.Clone(input)
	a, b := decode(first), decode(second)
	if !bytes.Equal(first, input) {
		t.Errorf("%s changes its input", name)
	}
	for i := range first {
		first[i] = ^first[i]
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("%s: two results of the same bytes differ, once the first bytes are overwritten:\n%+v\n%+v", name, a,
			b)
	}
}
