package sockdiag

// Shutdown says which directions are closed: RCV_SHUTDOWN and SEND_SHUTDOWN of net/sock.h.
type Shutdown uint8

// The bits of Shutdown.
const (
	ShutdownReceive Shutdown = 1 << iota
	ShutdownSend
)
