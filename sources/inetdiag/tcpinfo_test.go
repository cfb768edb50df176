package inetdiag

import (
	"reflect"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// tcpFields names every field by its name in unix.TCPInfo.
var tcpFields = map[string]TCPField{
	"Probes": Probes, "Backoff": Backoff, "Options": TCPOptions,
	"Rto": RTO, "Ato": ATO, "Snd_mss": SendMSS, "Rcv_mss": ReceiveMSS, "Unacked": Unacked, "Sacked": Sacked,
	"Lost": Lost, "Retrans": Retrans, "Last_data_sent": LastDataSent,
	"Last_data_recv": LastDataRecv, "Last_ack_recv": LastAckRecv, "Pmtu": PMTU, "Rcv_ssthresh": RecvSSThresh,
	"Rtt": RTT, "Rttvar": RTTVar, "Snd_ssthresh": SendSSThresh, "Snd_cwnd": SendCwnd, "Advmss": AdvMSS,
	"Reordering": Reordering, "Rcv_rtt": RecvRTT, "Rcv_space": RecvSpace, "Total_retrans": TotalRetrans,
	"Pacing_rate": PacingRate, "Max_pacing_rate": MaxPacingRate, "Bytes_acked": BytesAcked,
	"Bytes_received": BytesReceived, "Segs_out": SegsOut, "Segs_in": SegsIn, "Notsent_bytes": NotSent,
	"Min_rtt": MinRTT, "Data_segs_in": DataSegsIn, "Data_segs_out": DataSegsOut, "Delivery_rate": DeliveryRate,
	"Busy_time": BusyTime, "Rwnd_limited": RwndLimited, "Sndbuf_limited": SndbufLimited, "Delivered": Delivered,
	"Delivered_ce": DeliveredCE, "Bytes_sent": BytesSent, "Bytes_retrans": BytesRetrans, "Dsack_dups": DsackDups,
	"Reord_seen": ReordSeen, "Rcv_ooopack": RecvOOOPack, "Snd_wnd": SendWnd, "Rcv_wnd": RecvWnd, "Rehash": Rehash,
	"Total_rto": TotalRTO, "Total_rto_time": TotalRTOTime,
}

// unread are the fields that no column needs, the state, which stands in the message itself, and one that the kernel
// never fills.
var unread = map[string]bool{
	"Ca_state": true, "Retransmits": true, "Fackets": true, "Total_rto_recoveries": true, "Received_ce": true,
	"Delivered_e1_bytes": true, "Delivered_e0_bytes": true, "Delivered_ce_bytes": true, "Received_e1_bytes": true,
	"Received_e0_bytes": true, "Received_ce_bytes": true, "State": true, "Last_ack_sent": true, "_": true,
}

func TestTCPFields(t *testing.T) {
	layout := reflect.TypeFor[unix.TCPInfo]()
	for i := range layout.NumField() {
		kernel := layout.Field(i)
		field, ok := tcpFields[kernel.Name]
		if ok == unread[kernel.Name] {
			t.Errorf("%s: read %v, unread %v", kernel.Name, ok, unread[kernel.Name])
		}
		if ok && (field.offset() != int(kernel.Offset) || field.size() != int(kernel.Type.Size())) {
			t.Errorf("%s is %d bytes at %d, want %d at %d",
				kernel.Name, field.size(), field.offset(), kernel.Type.Size(), kernel.Offset)
		}
	}
}

func TestTCPInfoUint(t *testing.T) {
	kernel := unix.TCPInfo{Rto: 204000, Total_rto: 0x0102, Bytes_acked: 1 << 40, Backoff: 3, Rtt: 41}
	raw := unsafe.Slice((*byte)(unsafe.Pointer(&kernel)), unsafe.Sizeof(kernel))
	raw[6], raw[7] = 0x79, 0x05 // bit fields: window scales 9 and 7; app limited, fastopen failure 2
	if bigEndian() {
		raw[6], raw[7] = 0x97, 0xc0
	}
	info := TCPInfo{raw}
	for _, test := range []struct {
		name  string
		field TCPField
		want  uint64
	}{
		{"RTO", RTO, 204000}, {"TotalRTO", TotalRTO, 0x0102}, {"BytesAcked", BytesAcked, 1 << 40},
		{"Backoff", Backoff, 3}, {"RTT", RTT, 41}, {"Lost", Lost, 0},
		{"DeliveryRateAppLimited", DeliveryRateAppLimited, 1}, {"SendWindowScale", SendWindowScale, 9},
		{"ReceiveWindowScale", ReceiveWindowScale, 7},
	} {
		if got, ok := info.Uint(test.field); !ok || got != test.want {
			t.Errorf("%s: %d, %v; want %d", test.name, got, ok, test.want)
		}
	}
}

// TestTCPInfoOld cuts the structure after every byte, as an old kernel would after some: a field is there entirely or
// not.
func TestTCPInfoOld(t *testing.T) {
	whole := make([]byte, unsafe.Sizeof(unix.TCPInfo{}))
	for size := range len(whole) + 1 {
		info := TCPInfo{whole[:size]}
		for name, field := range tcpFields {
			_, ok := info.Uint(field)
			if want := field.offset()+field.size() <= size; ok != want {
				t.Errorf("%d bytes: %s there: %v, want %v", size, name, ok, want)
			}
		}
	}
	if _, ok := (TCPInfo{}).Uint(RTT); ok {
		t.Error("no info at all has a round trip time")
	}
}
