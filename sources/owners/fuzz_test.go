package owners

import (
	"testing"

	"netql/sources/decodetest"
)

func FuzzDecoders(f *testing.F) {
	decodetest.Fuzz(f, map[string]decodetest.Decoder{
		"link": func(b []byte) any { return decodetest.Result(parseLink(b)) },
	}, []byte("socket:[12345]"), []byte("pipe:[1]"))
}
