package taskfile

import (
	"testing"

	"netql/sources/decodetest"
)

func FuzzDecoders(f *testing.F) {
	decodetest.Fuzz(f, map[string]decodetest.Decoder{
		"types": func(b []byte) any { return decodetest.Result(readLayout(b)) },
		"record": func(b []byte) any {
			var s Socket
			rest, err := parseRecord(b, &s)
			return decodetest.Result(s, s.Name(), len(rest), err)
		},
	}, smallKernel(nil), append(make([]byte, recordName), "name\x00 and more \xff\x00"...))
}
