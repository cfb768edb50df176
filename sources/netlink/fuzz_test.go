package netlink

import (
	"bytes"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/decodetest"
)

// decoders are all functions of the package that read bytes of the kernel.
var decoders = map[string]decodetest.Decoder{
	"cut": func(b []byte) any {
		h, body, rest, err := cutMessage(b)
		return decodetest.Result(h, bytes.Clone(body), bytes.Clone(rest), err)
	},
	"answer": func(b []byte) any {
		bodies, done, err := play(b)
		return decodetest.Result(bodies, done, err)
	},
	"error": func(b []byte) any {
		return decodetest.Result(decodeError(unix.NLM_F_ACK_TLVS, b),
			decodeError(unix.NLM_F_ACK_TLVS|unix.NLM_F_MULTI, b))
	},
	"attributes": func(b []byte) any {
		a := DecodeAttributes(b)
		values := []any{}
		for a.Next() {
			values = append(values, a.Type(), bytes.Clone(a.Bytes()), a.String())
			switch a.Type() % 5 {
			case 0:
				values = append(values, a.Uint8())
			case 1:
				values = append(values, a.Uint16())
			case 2:
				values = append(values, a.Uint32())
			case 3:
				values = append(values, a.Uint64())
			case 4:
				a.Nested(func(inner *Attributes) {
					for inner.Next() {
						values = append(values, inner.Type(), inner.String())
					}
				})
			}
		}
		return decodetest.Result(values, a.Err())
	},
}

func FuzzDecoders(f *testing.F) {
	text := AppendAttribute(nil, attrErrorText, []byte("no such thing\x00"))
	attributes := AppendAttribute(AppendAttribute(nil, 2, []byte{1, 2, 3, 4}), 4, text)
	decodetest.Fuzz(f, decoders,
		attributes,
		slices.Concat(message(20, 2, attributes), message(20, 2, []byte("x")), message(unix.NLMSG_DONE, 2, code(0))),
		message(unix.NLMSG_ERROR, unix.NLM_F_ACK_TLVS,
			slices.Concat(code(unix.EINVAL), make([]byte, headerSize), text)),
	)
}
