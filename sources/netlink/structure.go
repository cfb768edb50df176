package netlink

import "fmt"

// CutStructure splits the first structure off a list of structures that begin with their length in 16 bits, such as
// struct rtnexthop (linux/rtnetlink.h). The length includes attributes behind the structure, whose own size is size.
// The last one need not be padded.
func CutStructure(b []byte, size int) (first, rest []byte, err error) {
	length := 0
	if len(b) >= size {
		length = int(native.Uint16(b))
	}
	if length < size || length > len(b) {
		return nil, nil, fmt.Errorf("%w: a structure of %d bytes where %d are left", ErrTruncated, length, len(b))
	}
	return b[:length], b[min(align(length), len(b)):], nil
}
