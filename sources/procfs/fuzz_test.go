package procfs

import (
	"bytes"
	"os"
	"testing"

	"netql/sources/decodetest"
)

// decoders are all functions of the package that read bytes from outside.
var decoders = map[string]decodetest.Decoder{
	"inet":        func(b []byte) any { return decodetest.Result(collect(ParseInetSockets(bytes.NewReader(b)))) },
	"stat":        func(b []byte) any { return decodetest.Result(ParseStat(b)) },
	"cmdline":     func(b []byte) any { return decodetest.Result(ParseCmdline(b)) },
	"users":       func(b []byte) any { return decodetest.Result(ParseUsers(bytes.NewReader(b))) },
	"services":    func(b []byte) any { return decodetest.Result(ParseServices(bytes.NewReader(b))) },
	"namespace":   func(b []byte) any { return decodetest.Result(ParseNamespace(string(b))) },
	"pairs":       func(b []byte) any { return decodetest.Result(ParsePairs(bytes.NewReader(b))) },
	"snmp6":       func(b []byte) any { return decodetest.Result(ParseSnmp6(bytes.NewReader(b))) },
	"sockstat":    func(b []byte) any { return decodetest.Result(ParseSockstat(bytes.NewReader(b))) },
	"percpu":      func(b []byte) any { return decodetest.Result(ParsePerCPU(bytes.NewReader(b), "rt_cache")) },
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
	"cgroups": func(b []byte) any {
		list, err := ParseCgroups(bytes.NewReader(b))
		return decodetest.Result(list, err, CgroupPath(list))
	},
}

func FuzzDecoders(f *testing.F) {
	seeds := [][]byte{
		[]byte("1234 (x) y)" + statRest), []byte("sh\x00-c\x00"), []byte("1:name=systemd:/b\n0::/a\n"),
		[]byte("root:x:0:0:root:/root:/bin/sh\n"), []byte("http 80/tcp www # web\n"), []byte("net:[4026531840]"),
		[]byte("Tcp: MaxConn\nTcp: -1\n"), []byte("Ip6InReceives 1\n"), []byte("TCP: inuse 1 tw 4\n"), []byte("entries hits\n0a 1\n"),
		[]byte("254 main # x\n0xff local\n"), []byte(ipv6RouteLine),
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
