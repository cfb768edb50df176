package inetdiag

import "time"

// BBR is what the congestion control BBR knows of a connection: struct tcp_bbr_info of linux/inet_diag.h, filled in by
// bbr_get_info in net/ipv4/tcp_bbr.c.
type BBR struct {
	Bandwidth  uint64        // that it found, in bytes per second
	MinRTT     time.Duration // that it measured; with microseconds
	PacingGain float64       // times Bandwidth it paces what is sent
	CwndGain   float64       // times the product of Bandwidth and MinRTT may be in flight
}

// bbrSize is the size of struct tcp_bbr_info.
const bbrSize = 20

// gainUnit is 1 in the kernel's gains (BBR_UNIT).
const gainUnit = 256

// parseBBR decodes struct tcp_bbr_info; nil where b is too short for it.
func parseBBR(b []byte) *BBR {
	if len(b) < bbrSize {
		return nil
	}
	return &BBR{
		Bandwidth:  uint64(native.Uint32(b)) | uint64(native.Uint32(b[4:]))<<32,
		MinRTT:     time.Duration(native.Uint32(b[8:])) * time.Microsecond,
		PacingGain: float64(native.Uint32(b[12:])) / gainUnit,
		CwndGain:   float64(native.Uint32(b[16:])) / gainUnit,
	}
}
