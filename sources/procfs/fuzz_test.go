package procfs

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"netql/sources/decodetest"
)

// decoders are all functions of the package that read bytes from outside.
var decoders = map[string]decodetest.Decoder{
	"inet":        func(b []byte) any { return decodetest.Result(collect(ParseInetSockets(bytes.NewReader(b)))) },
	"unix":        func(b []byte) any { return decodetest.Result(collect(ParseUnixSockets(bytes.NewReader(b), nil))) },
	"packet":      func(b []byte) any { return decodetest.Result(collect(ParsePacketSockets(bytes.NewReader(b)))) },
	"netlink":     func(b []byte) any { return decodetest.Result(collect(ParseNetlinkSockets(bytes.NewReader(b)))) },
	"user":        func(b []byte) any { return decodetest.Result(ParseEffectiveUser(bytes.NewReader(b))) },
	"group":       func(b []byte) any { return decodetest.Result(ParseThreadGroup(bytes.NewReader(b))) },
	"filtered":    func(b []byte) any { return decodetest.Result(ParseFiltered(bytes.NewReader(b))) },
	"credentials": func(b []byte) any { return decodetest.Result(ParseCredentials(bytes.NewReader(b))) },
	"boot":        func(b []byte) any { return decodetest.Result(ParseBootTime(bytes.NewReader(b))) },
	"uptime":      func(b []byte) any { return decodetest.Result(ParseUptime(b)) },
	"meminfo":     func(b []byte) any { return decodetest.Result(ParseAvailableMemory(bytes.NewReader(b))) },
	"stat":        func(b []byte) any { return decodetest.Result(ParseStat(b)) },
	"cmdline":     func(b []byte) any { return decodetest.Result(ParseCmdline(b)) },
	"users":       func(b []byte) any { return decodetest.Result(ParseUsers(bytes.NewReader(b))) },
	"homes":       func(b []byte) any { return decodetest.Result(ParseHomes(bytes.NewReader(b))) },
	"services":    func(b []byte) any { return decodetest.Result(ParseServices(bytes.NewReader(b))) },
	"ip names":    func(b []byte) any { return decodetest.Result(ParseIPProtocols(bytes.NewReader(b))) },
	"networks":    func(b []byte) any { return decodetest.Result(ParseNetworks(bytes.NewReader(b))) },
	"namespace":   func(b []byte) any { return decodetest.Result(ParseNamespace(string(b))) },
	"pairs":       func(b []byte) any { return decodetest.Result(ParsePairs(bytes.NewReader(b))) },
	"snmp6":       func(b []byte) any { return decodetest.Result(ParseSnmp6(bytes.NewReader(b))) },
	"sockstat":    func(b []byte) any { return decodetest.Result(ParseSockstat(bytes.NewReader(b))) },
	"percpu":      func(b []byte) any { return decodetest.Result(ParsePerCPU(bytes.NewReader(b), "rt_cache")) },
	"prefixed":    func(b []byte) any { return decodetest.Result(ParsePrefixed(bytes.NewReader(b), "Xfrm")) },
	"rt6stats":    func(b []byte) any { return decodetest.Result(ParseRT6Stats(bytes.NewReader(b))) },
	"softnet":     func(b []byte) any { return decodetest.Result(ParseSoftnet(bytes.NewReader(b))) },
	"protocols":   func(b []byte) any { return decodetest.Result(ParseProtocols(bytes.NewReader(b))) },
	"slabs":       func(b []byte) any { return decodetest.Result(ParseSlabs(bytes.NewReader(b))) },
	"sysctl":      func(b []byte) any { return decodetest.Result(ParseSysctl(b)) },
	"port ranges": func(b []byte) any { return decodetest.Result(ParsePortRanges(b)) },
	"open files":  func(b []byte) any { return decodetest.Result(ParseOpenFilesLimit(bytes.NewReader(b))) },
	"igmp":        func(b []byte) any { return decodetest.Result(ParseIgmp(bytes.NewReader(b))) },
	"igmp6":       func(b []byte) any { return decodetest.Result(ParseIgmp6(bytes.NewReader(b))) },
	"mcfilter":    func(b []byte) any { return decodetest.Result(ParseMcFilter(bytes.NewReader(b))) },
	"devmcast":    func(b []byte) any { return decodetest.Result(ParseDevMcast(bytes.NewReader(b))) },
	"mrvif":       func(b []byte) any { return decodetest.Result(ParseMulticastVifs(bytes.NewReader(b))) },
	"mrcache":     func(b []byte) any { return decodetest.Result(ParseMulticastRoutes(bytes.NewReader(b))) },
	"mrcache6":    func(b []byte) any { return decodetest.Result(ParseMulticastRoutes6(bytes.NewReader(b))) },
	"route names": func(b []byte) any { return decodetest.Result(ParseRouteNames(bytes.NewReader(b))) },
	"ipv6 routes": func(b []byte) any {
		var routes []IPv6Route
		for route, err := range ParseIPv6Routes(bytes.NewReader(b)) {
			if err != nil {
				return decodetest.Result(routes, err)
			}
			routes = append(routes, route)
		}
		return decodetest.Result(routes)
	},
	"mounts": func(b []byte) any { return decodetest.Result(ParseMounts(bytes.NewReader(b))) },
	"cgroups": func(b []byte) any {
		list, err := ParseCgroups(bytes.NewReader(b))
		return decodetest.Result(list, err, CgroupPath(list))
	},
}

// TestDecoders: each function of the package that parses bytes is fuzzed.
func TestDecoders(t *testing.T) {
	list, err := os.ReadFile("fuzz_test.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	parsers := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range parser.FindAllStringSubmatch(string(source), -1) {
			if parsers++; !bytes.Contains(list, []byte(match[1]+"(")) {
				t.Errorf("decoders in sources/procfs/fuzz_test.go lacks %s, of %s", match[1], file)
			}
		}
	}
	if parsers < len(decoders)/2 {
		t.Errorf("only %d parsers were found", parsers)
	}
}

// parser is the beginning of a function that parses.
var parser = regexp.MustCompile(`(?m)^func (Parse\w+)\(`)

func FuzzDecoders(f *testing.F) {
	seeds := [][]byte{
		[]byte("1234 (x) y)" + statRest), []byte("sh\x00-c\x00"), []byte("1:name=systemd:/b\n0::/a\n"),
		[]byte("root:x:0:0:root:/root:/bin/sh\n"), []byte("http 80/tcp www # web\n"), []byte("net:[4026531840]"),
		[]byte("Tcp: MaxConn\nTcp: -1\n"), []byte("Ip6InReceives 1\n"), []byte("TCP: inuse 1 tw 4\n"),
		[]byte("entries hits\n0a 1\n"),
		[]byte("XfrmInError 1\n"), []byte("0009 0006 000a 0007 0000 0000 0000\n"),
		[]byte(strings.Repeat("00000001 ", 15) + "\n"),
		[]byte("protocol size sockets memory press maxhdr slab module\nTCP 2304 1 0 no 192 yes kernel\n"),
		[]byte("# name <active_objs> <num_objs> <objsize> <pagesperslab> <num_slabs>\nTCP 1 2 3 4 5\n"),
		[]byte("4096 131072 6291456\n"),
		[]byte("Name:\tx\nUid:\t1\t2\t3\t4\nGid:\t1\t2\t3\t4\nGroups:\t7 8 \nCapEff:\t1ff\n"),
		[]byte("cpu 1 2\nbtime 1700000000\n"), []byte("12.34 5.6\n"), []byte("MemAvailable: 1 kB\n"),
		[]byte(unixHeader + unixLine + "\n"), []byte(packetHeader + packetLine), []byte(netlinkHeader + netlinkLine),
		[]byte("350735.47 234388.90\n"), []byte("254 main # x\n0xff local\n"), []byte(ipv6RouteLine),
		[]byte("36 25 0:4 net:[4026532245] /run/a\\040b rw shared:7 - nsfs nsfs rw\n"),
	}
	for _, text := range multicastTexts {
		seeds = append(seeds, []byte(text))
	}
	for _, name := range []string{"raw", "raw6", "icmp", "tcp", "tcp6"} {
		b, err := os.ReadFile("testdata/proc/net/" + name)
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, b)
	}
	decodetest.Fuzz(f, decoders, seeds...)
}
