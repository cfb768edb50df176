package inetdiag

// The fields of struct tcp_info, with the unit and the kernel that brought them where that was after Linux 3.0
// (linux/tcp.h; filled in by tcp_get_info in net/ipv4/tcp.c). A listener has Unacked, Sacked, PacingRate,
// MaxPacingRate, Reordering and SendCwnd alone; its other fields are zero and mean nothing.
const (
	Timeouts   = 2*at + u8 // retransmission timeouts in a row, the last of which had no answer yet
	Probes     = 3*at + u8 // unanswered window or keepalive probes
	Backoff    = 4*at + u8 // how often the timeout was doubled
	TCPOptions = 5*at + u8 // bits: Opt*

	SendWindowScale    = 6*at + u8 + nibble       // of the peer's window, a power of two; with OptWindowScale
	ReceiveWindowScale = 6*at + u8 + secondNibble // of the window that we announce

	DeliveryRateAppLimited = 7*at + u8 + bit // 1: DeliveryRate measures the program, not the path; 4.9

	RTO          = 8*at + u32  // retransmission timeout, µs
	ATO          = 12*at + u32 // delayed acknowledgement timeout, µs
	SendMSS      = 16*at + u32 // bytes
	ReceiveMSS   = 20*at + u32 // bytes
	Unacked      = 24*at + u32 // segments in flight; of a listener: connections waiting for accept
	Sacked       = 28*at + u32 // segments; of a listener: how many may wait for accept
	Lost         = 32*at + u32 // segments taken for lost
	Retrans      = 36*at + u32 // retransmitted segments in flight
	LastDataSent = 44*at + u32 // ms ago
	LastDataRecv = 52*at + u32 // ms ago
	LastAckRecv  = 56*at + u32 // ms ago

	PMTU         = 60*at + u32 // bytes
	RecvSSThresh = 64*at + u32 // bytes
	RTT          = 68*at + u32 // smoothed, µs
	RTTVar       = 72*at + u32 // µs
	SendSSThresh = 76*at + u32 // segments; 0x7fffffff while there is none
	SendCwnd     = 80*at + u32 // congestion window, segments
	AdvMSS       = 84*at + u32 // the MSS we announce, bytes
	Reordering   = 88*at + u32 // segments
	RecvRTT      = 92*at + u32 // the receiver's estimate, µs; 0 while there is none
	RecvSpace    = 96*at + u32 // receive buffer space by auto-tuning, bytes
	TotalRetrans = 100*at + u32

	PacingRate    = 104*at + u64 // bytes per second, all ones without a limit; 3.15
	MaxPacingRate = 112*at + u64 // as set by SO_MAX_PACING_RATE; 3.15
	BytesAcked    = 120*at + u64 // 4.1
	BytesReceived = 128*at + u64 // 4.1
	SegsOut       = 136*at + u32 // 4.2
	SegsIn        = 140*at + u32 // 4.2
	NotSent       = 144*at + u32 // bytes written and not sent even once; 4.6
	MinRTT        = 148*at + u32 // µs, all ones while there is none; 4.6
	DataSegsIn    = 152*at + u32 // 4.6
	DataSegsOut   = 156*at + u32 // 4.6
	DeliveryRate  = 160*at + u64 // bytes per second; 4.9
	BusyTime      = 168*at + u64 // with data to send, µs; 4.10
	RwndLimited   = 176*at + u64 // of that: stopped by the peer's window, µs; 4.10
	SndbufLimited = 184*at + u64 // of that: stopped by our send buffer, µs; 4.10
	Delivered     = 192*at + u32 // segments; 4.18
	DeliveredCE   = 196*at + u32 // of that: with congestion experienced; 4.18
	BytesSent     = 200*at + u64 // with retransmissions; 4.19
	BytesRetrans  = 208*at + u64 // 4.19
	DsackDups     = 216*at + u32 // 4.19
	ReordSeen     = 220*at + u32 // 4.19
	RecvOOOPack   = 224*at + u32 // segments out of order; 5.4
	SendWnd       = 228*at + u32 // the peer's window, bytes; 5.4

	RecvWnd      = 232*at + u32 // our window, bytes; 6.2
	Rehash       = 236*at + u32 // new flow labels after timeouts or loss; 6.2
	TotalRTO     = 240*at + u16 // timeouts; 6.7
	TotalRTOTime = 244*at + u32 // ms; 6.7

)

// The bits of TCPOptions that both ends agreed on, or that were seen (TCPI_OPT_* of linux/tcp.h).
const (
	OptTimestamps  = 1 << 0
	OptSACK        = 1 << 1
	OptWindowScale = 1 << 2
	OptECN         = 1 << 3
	OptECNSeen     = 1 << 4 // a packet came with a codepoint of ECN
	OptSynData     = 1 << 5 // fast open: data in the SYN was acknowledged
)
