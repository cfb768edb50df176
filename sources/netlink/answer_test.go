package netlink

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// message writes a message to us.
func message(kind, flags uint16, body []byte) []byte {
	return messageTo(testSequence, testPort, kind, flags, body)
}

const testSequence, testPort = 5, 4711

func messageTo(sequence, port uint32, kind, flags uint16, body []byte) []byte {
	b := native.AppendUint32(nil, uint32(headerSize+len(body)))
	b = native.AppendUint16(b, kind)
	b = native.AppendUint16(b, flags)
	b = native.AppendUint32(b, sequence)
	b = native.AppendUint32(b, port)
	b = append(b, body...)
	return append(b, make([]byte, align(len(b))-len(b))...)
}

// code is the body of NLMSG_DONE and the start of NLMSG_ERROR.
func code(errno unix.Errno) []byte { return native.AppendUint32(nil, uint32(-int32(errno))) }

// play feeds datagrams to a fresh answer and returns the bodies it yields.
func play(datagrams ...[]byte) (bodies []string, done bool, err error) {
	a := answer{sequence: testSequence, port: testPort}
	for _, b := range datagrams {
		done, err = a.datagram(b, func(m Message, _ error) bool {
			bodies = append(bodies, string(m.Data))
			return string(m.Data) != "stop"
		})
		if done {
			break
		}
	}
	return bodies, done, err
}

func TestAnswer(t *testing.T) {
	one, two := message(20, unix.NLM_F_MULTI, []byte("one")), message(20, unix.NLM_F_MULTI, []byte("two!"))
	done := message(unix.NLMSG_DONE, unix.NLM_F_MULTI, code(0))
	text := AppendAttribute(nil, attrErrorText, []byte("no such thing\x00"))
	refusal := slices.Concat(code(unix.EINVAL), make([]byte, headerSize), text)
	interrupted := message(20, unix.NLM_F_MULTI|unix.NLM_F_DUMP_INTR, []byte("torn"))

	for name, test := range map[string]struct {
		datagrams [][]byte
		bodies    string
		done      bool
		err       error  // errors.Is
		text      string // part of the error's text
	}{
		"complete":         {[][]byte{slices.Concat(one, two), done}, "one two!", true, nil, ""},
		"unfinished":       {[][]byte{one, two}, "one two!", false, nil, ""},
		"end without code": {[][]byte{one, message(unix.NLMSG_DONE, 0, nil)}, "one", true, nil, ""},
		"acknowledgement":  {[][]byte{one, message(unix.NLMSG_ERROR, 0, code(0)), one}, "one", true, nil, ""},
		"nothing to do":    {[][]byte{message(unix.NLMSG_NOOP, 0, nil), one, done}, "one", true, nil, ""},
		"consumer stops":   {[][]byte{message(20, 0, []byte("stop")), one}, "stop", true, nil, ""},
		"other's sequence": {[][]byte{messageTo(4, testPort, 20, 0, []byte("x")), one, done}, "one", true, nil, ""},
		"other's port": {[][]byte{messageTo(testSequence, 1, 20, 0, []byte("x")), one, done}, "one", true, nil,
			""},
		"refused": {[][]byte{message(unix.NLMSG_ERROR, 0, code(unix.ENOENT))}, "", true, unix.ENOENT, ""},
		"refused with reason": {[][]byte{message(unix.NLMSG_ERROR, unix.NLM_F_ACK_TLVS, refusal)}, "", true,
			unix.EINVAL, "no such thing"},
		"fails late": {[][]byte{one, message(unix.NLMSG_DONE, unix.NLM_F_MULTI, code(unix.ENOMEM))}, "one", true,
			unix.ENOMEM, ""},
		"fails late with reason": {
			[][]byte{message(unix.NLMSG_DONE, unix.NLM_F_MULTI|unix.NLM_F_ACK_TLVS, append(code(unix.EPERM), text...))},
			"", true, unix.EPERM, "no such thing",
		},
		"interrupted": {[][]byte{slices.Concat(interrupted, one), two, done}, "torn one two!", true,
			ErrInterrupted, ""},
		"interrupted later": {[][]byte{one, message(unix.NLMSG_DONE, unix.NLM_F_DUMP_INTR, code(0))}, "one", true,
			ErrInterrupted, ""},
		"overrun":     {[][]byte{one, message(unix.NLMSG_OVERRUN, 0, nil)}, "one", true, nil, "control message 4"},
		"torn header": {[][]byte{append(slices.Clone(one), two[:10]...)}, "one", true, ErrTruncated, ""},
		"torn body":   {[][]byte{one[:17]}, "", true, ErrTruncated, ""},
		"length of 3": {[][]byte{append(native.AppendUint32(nil, 3), one[4:]...)}, "", true, ErrTruncated, ""},
		"length of 4G": {[][]byte{append(native.AppendUint32(nil, 0xffffffff), one[4:]...)}, "", true, ErrTruncated,
			""},
		"code of 2 bytes": {[][]byte{message(unix.NLMSG_ERROR, 0, []byte{1, 0})}, "", true, ErrTruncated, ""},
		"unpadded at end": {[][]byte{one[:headerSize+3], done}, "one", true, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			bodies, done, err := play(test.datagrams...)
			if got := strings.Join(bodies, " "); got != test.bodies || done != test.done {
				t.Errorf("messages %q, done %v; want %q, %v", got, done, test.bodies, test.done)
			}
			wantsError := test.err != nil || test.text != ""
			if (err != nil) != wantsError || test.err != nil && !errors.Is(err, test.err) {
				t.Errorf("error %v, want %v", err, test.err)
			}
			if err != nil && !strings.Contains(err.Error(), test.text) {
				t.Errorf("error %q does not say %q", err, test.text)
			}
		})
	}
}

func TestEncode(t *testing.T) {
	for name, test := range map[string]struct {
		request Request
		flags   uint16
	}{
		"dump":   {Request{Type: 20, Payload: []byte("abcd")}, unix.NLM_F_REQUEST | unix.NLM_F_DUMP},
		"single": {Request{Type: 20, Payload: []byte("abcd"), Single: true}, unix.NLM_F_REQUEST | unix.NLM_F_ACK},
		"flags": {Request{Type: 20, Payload: []byte("abcd"), Flags: 0x1000},
			unix.NLM_F_REQUEST | unix.NLM_F_DUMP | 0x1000},
	} {
		h, body, rest, err := cutMessage(encode(test.request, 3, 9))
		want := header{length: headerSize + 4, kind: 20, flags: test.flags, sequence: 3, port: 9}
		if err != nil || h != want || string(body) != "abcd" || len(rest) != 0 {
			t.Errorf("%s: %+v %q %q %v, want %+v", name, h, body, rest, err, want)
		}
	}
}
