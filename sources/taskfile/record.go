package taskfile

import (
	"bytes"
	"errors"
)

// A Socket is a file descriptor of a socket.
type Socket struct {
	PID    int
	Thread int // whose file descriptor it is; PID for the first thread
	FD     int
	Inode  uint64
	name   [nameSize]byte
}

// Name is the name of the process (comm): up to 15 bytes of any value.
func (s *Socket) Name() string {
	name, _, _ := bytes.Cut(s.name[:], []byte{0})
	return string(name)
}

// The places in a record, which the program writes for each socket.
const (
	recordInode   = 0  // 8 bytes
	recordProcess = 8  // 4 bytes
	recordThread  = 12 // 4 bytes
	recordFD      = 16 // 4 bytes, and 4 unused
	recordName    = 24
	recordSize    = recordName + nameSize
)

// errRecord is the error for what is no record.
var errRecord = errors.New("a record of the BPF program is cut off")

// parseRecord reads a record from the begin of b, and gives what follows it.
func parseRecord(b []byte, s *Socket) (rest []byte, err error) {
	if len(b) < recordSize {
		return nil, errRecord
	}
	s.Inode = native.Uint64(b[recordInode:])
	s.PID, s.Thread = int(native.Uint32(b[recordProcess:])), int(native.Uint32(b[recordThread:]))
	s.FD = int(native.Uint32(b[recordFD:]))
	copy(s.name[:], b[recordName:])
	return b[recordSize:], nil
}
