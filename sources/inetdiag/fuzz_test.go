package inetdiag

import (
	"testing"

	"netql/sources/decodetest"
)

// decoders are all functions of the package that read bytes of the kernel.
var decoders = map[string]decodetest.Decoder{
	"tcp":       func(b []byte) any { return decodetest.Result(newDecoder(TCP).socket(b)) },
	"udp":       func(b []byte) any { return decodetest.Result(newDecoder(UDP).socket(b)) },
	"destroyed": func(b []byte) any { return decodetest.Result(destroyed(map[int]*decoder{}, b)) },
	"info": func(b []byte) any {
		info := newDecoder(TCP).info(b)
		values := map[string]uint64{}
		for name, field := range tcpFields {
			if n, ok := info.Uint(field); ok {
				values[name] = n
			}
		}
		return decodetest.Result(info, values)
	},
}

func FuzzDecoders(f *testing.F) {
	seeds := [][]byte{plain()}
	for name := range golden {
		seeds = append(seeds, recorded(f, name))
	}
	decodetest.Fuzz(f, decoders, seeds...)
}
