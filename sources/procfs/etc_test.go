package procfs

import (
	"errors"
	"io/fs"
	"maps"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"netql/sources/vfs/vfstest"
)

func TestUsers(t *testing.T) {
	text := "root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\n# a comment\n\n+::::::\n" +
		":x:5:5::/:\nbad:x:many:1::/:\nhuge:x:4294967296:1::/:\nnobody:x:65534:65534:nobody:/:/bin/false\n"
	want := map[uint32]string{0: "root", 65534: "nobody"}
	got, err := ParseUsers(strings.NewReader(text))
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	got, err = ReadUsers(vfstest.Files{"/etc/passwd": {Text: text}})
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := ReadUsers(vfstest.Files{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestServices(t *testing.T) {
	text := "# comment\nssh 22/tcp # comment\n\nhttp\t\t80/tcp\twww  web\nhttp 80/udp\nbad\nbad port/tcp\nbad " +
		"70000/tcp\nbad 7\nbad 7/\nx11 6000/sctp"
	want := []Service{
		{"ssh", 22, "tcp", []string{}}, {"http", 80, "tcp", []string{"www", "web"}}, {"http", 80, "udp", []string{}},
		{"x11", 6000, "sctp", []string{}},
	}
	got, err := ParseServices(strings.NewReader(text))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	got, err = ReadServices(vfstest.Files{"/etc/services": {Text: text}})
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	long := vfstest.Files{"/etc/services": {Text: "a 1/tcp\n" + strings.Repeat("x", 1<<20)}}
	if got, err := ReadServices(long); len(got) != 1 || err == nil || !strings.HasPrefix(err.Error(),
		"/etc/services: line 2: ") {
		t.Errorf("an endless line: %v, %v", got, err)
	}
}

func TestIPProtocols(t *testing.T) {
	text := "# comment\nip 0 IP # internet protocol\nipv6-icmp\t58\tIPv6-ICMP  icmp6\nbad\nbad x\nbad 256\nbad " +
		"-1\nudp 17"
	want := []IPProtocol{{"ip", 0, []string{"IP"}}, {"ipv6-icmp", 58, []string{"IPv6-ICMP", "icmp6"}},
		{"udp", 17, []string{}}}
	got, err := ParseIPProtocols(strings.NewReader(text))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	got, err = ReadIPProtocols(vfstest.Files{"/etc/protocols": {Text: text}})
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := ReadIPProtocols(vfstest.Files{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestNetworks(t *testing.T) {
	text := "# comment\ndefault 0.0.0.0\nloopback\t127  lo home # here\nlink-local 169.254.0.0\nbad\nbad x\nbad " +
		"1.2.3.4.5\nbad 300\nbad ::1\noffice 10.1"
	want := []Network{{"default", netip.MustParseAddr("0.0.0.0")},
		{"loopback", netip.MustParseAddr("127.0.0.0")},
		{"link-local", netip.MustParseAddr("169.254.0.0")},
		{"office", netip.MustParseAddr("10.1.0.0")}}
	got, err := ReadNetworks(vfstest.Files{"/etc/networks": {Text: text}})
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := ReadNetworks(vfstest.Files{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestParseNamespace(t *testing.T) {
	for text, want := range map[string]uint64{
		"net:[4026531840]": 4026531840, "pid:[1]": 1,
		"net:[]": 0, "net:[x]": 0, "net:[1": 0, "4026531840": 0, "": 0, "net:[-1]": 0,
	} {
		got, err := ParseNamespace(text)
		if got != want || (err == nil) != (want != 0) {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}
