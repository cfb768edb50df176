package capture

import (
	"errors"
	"io/fs"
	"math"
	"syscall"

	"netql/sources/ethtool"
	"netql/sources/netlink"
)

// A failure is an error as a capture keeps it: its text, and what callers test for with errors.Is.
type failure struct {
	text  string
	errno syscall.Errno // 0 if it is none
	cause uint64        // index into causes, 0 for none
}

// causes are the errors beside errnos that callers test for. The order is the file format's: add at the end.
func causes() []error {
	return []error{
		nil, netlink.ErrInterrupted, netlink.ErrTruncated, netlink.ErrNoModule, fs.ErrNotExist, fs.ErrPermission,
		fs.ErrInvalid, netlink.ErrNotStrict, ethtool.ErrUnsupported,
	}
}

// failureOf is nil where there is no error.
func failureOf(err error) *failure {
	if err == nil {
		return nil
	}
	f := &failure{text: err.Error()}
	errors.As(err, &f.errno)
	for i, cause := range causes()[1:] {
		if errors.Is(err, cause) {
			f.cause = uint64(i + 1)
			break
		}
	}
	return f
}

// err is nil where there is no failure.
func (f *failure) err() error {
	if f == nil {
		return nil
	}
	return f
}

func (f *failure) Error() string { return f.text }

// Unwrap gives what errors.Is found in the error that was recorded.
func (f *failure) Unwrap() []error {
	var found []error
	if f.errno != 0 {
		found = append(found, f.errno)
	}
	if f.cause != 0 {
		found = append(found, causes()[f.cause])
	}
	return found
}

func appendFailure(b []byte, f *failure) []byte {
	if f == nil {
		return appendBool(b, false)
	}
	b = appendBool(b, true)
	b = appendBytes(b, f.text)
	return appendUint(appendUint(b, uint64(f.errno)), f.cause)
}

func (d *decoder) failure() *failure {
	if !d.bool() {
		return nil
	}
	return &failure{d.string(), syscall.Errno(d.upTo(math.MaxInt32)), d.upTo(uint64(len(causes()) - 1))}
}
