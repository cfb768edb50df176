package netlink

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

var (
	// ErrInterrupted says that the objects changed while the kernel listed them, so that one may be missing or
	// listed twice (NLM_F_DUMP_INTR). It comes after all rows.
	ErrInterrupted = errors.New("the list changed while the kernel wrote it")

	// ErrNoModule says that this kernel lacks what was asked: it is neither built in nor a module that it may load.
	ErrNoModule = errors.New("this kernel has no module for it")

	// ErrNotStrict says that this kernel ignores what a dump's payload asks for, and would list everything.
	ErrNotStrict = errors.New("this kernel cannot narrow the list")

	// ErrTruncated says that the kernel sent less or more than its own lengths announce.
	ErrTruncated = errors.New("truncated netlink message")
)

// Error is the kernel's refusal of a request. It unwraps to the errno.
type Error struct {
	Errno unix.Errno
	Text  string // the kernel's own explanation (NLMSGERR_ATTR_MSG, Linux 4.12), often empty
}

func (e *Error) Error() string {
	if e.Text == "" {
		return fmt.Sprintf("the kernel answers: %v", e.Errno)
	}
	return fmt.Sprintf("the kernel answers: %v (%s)", e.Errno, e.Text)
}

// Unwrap makes errors.Is(err, unix.ENOENT) work.
func (e *Error) Unwrap() error { return e.Errno }

// missing are the errnos of a kernel that lacks the netlink family, the subsystem, or the part of it that was asked
// for.
var missing = []error{unix.EPROTONOSUPPORT, unix.EOPNOTSUPP, unix.ENOENT}

// OrNoModule adds ErrNoModule to an answer by which a diagnostics family says that its module is missing. Other
// errors, and nil, stay what they are.
func OrNoModule(err error) error {
	for _, e := range missing {
		if errors.Is(err, e) {
			return fmt.Errorf("%w (%w)", ErrNoModule, err)
		}
	}
	return err
}

// attrErrorText is NLMSGERR_ATTR_MSG of linux/netlink.h: a sentence for humans.
const attrErrorText = 1

// decodeError reads the errno that starts the body of NLMSG_ERROR and, since it may fail late, of NLMSG_DONE.
// It returns nil for zero, which is an acknowledgement. An empty body is one too: old kernels end a dump like that.
func decodeError(flags uint16, body []byte) error {
	if len(body) == 0 {
		return nil
	}
	if len(body) < 4 {
		return fmt.Errorf("%w: an error code of %d bytes", ErrTruncated, len(body))
	}
	code := int32(native.Uint32(body))
	if code == 0 {
		return nil
	}
	failure := &Error{Errno: unix.Errno(-code)}
	if flags&unix.NLM_F_ACK_TLVS != 0 {
		failure.Text = errorText(flags, body[4:])
	}
	return failure
}

// errorText finds the kernel's sentence in the attributes behind the errno. An NLMSG_ERROR repeats the request's
// header (NETLINK_CAP_ACK, which we set, cuts its payload); an NLMSG_DONE does not. A text that cannot be read is no
// text.
func errorText(flags uint16, tail []byte) string {
	if flags&unix.NLM_F_MULTI == 0 {
		if len(tail) < headerSize {
			return ""
		}
		tail = tail[headerSize:]
	}
	attributes := DecodeAttributes(tail)
	for attributes.Next() {
		if attributes.Type() == attrErrorText {
			return attributes.String()
		}
	}
	return ""
}
