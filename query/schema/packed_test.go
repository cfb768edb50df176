package schema

import (
	"math"
	"net/netip"
	"reflect"
	"testing"
	"time"
)

// TestPacked: each value comes back as it was, whatever stands before it.
func TestPacked(t *testing.T) {
	values := []Scalar{{}, OfInt(0), OfInt(-1), OfInt(math.MaxInt), OfInt(math.MinInt), OfFloat(0.1),
		OfFloat(math.Inf(-1)), OfBool(true), OfBool(false), OfDuration(-time.Second), OfText(""), OfText("a\x00\xff"),
		OfText(string(make([]byte, 300))), OfAddress(netip.Addr{}), OfAddress(netip.MustParseAddr("10.0.0.1")),
		OfAddress(netip.MustParseAddr("fe80::1%eth0")), OfAddress(netip.MustParseAddr("::ffff:10.0.0.1")),
		OfPrefix(netip.MustParsePrefix("2001:db8::/32")), OfPrefix(netip.Prefix{}),
		OfEndpoint(netip.MustParseAddrPort("[fe80::1%lo]:65535")), OfEndpoint(netip.AddrPort{}), Boxed([]any{1, "a"}),
		Boxed(time.Unix(5, 0)), OfInt(7), Boxed(HardwareAddr("123456"))}
	var packer Packer
	first := packer.Pack(values)
	packer.Pack([]Scalar{OfText("another row")})
	for i, want := range values {
		if got := first.At(i); !reflect.DeepEqual(got, want) {
			t.Errorf("%d: %+v, want %+v", i, got, want)
		}
	}
}

// BenchmarkPack: a row of a socket as it is kept for a sort.
func BenchmarkPack(b *testing.B) {
	values := []Scalar{OfText("web1"), OfText("tcp"), OfText("ESTABLISHED"),
		OfEndpoint(netip.MustParseAddrPort("10.0.0.1:443")), OfEndpoint(netip.MustParseAddrPort("10.0.0.2:50000")), {},
		OfInt(1234), OfText("nginx")}
	var packer Packer
	b.ReportAllocs()
	for b.Loop() {
		if packed := packer.Pack(values); packed.At(7).text != "nginx" {
			b.Fatal(packed)
		}
	}
}
