package procfs

import (
	"fmt"
	"strings"
	"testing"

	"netql/sources/vfs/vfstest"
)

const protocolsHeader = "protocol  size sockets  memory press maxhdr  slab module     cl co\n"

const slabHeader = "slabinfo - version: 2.1\n# name            <active_objs> <num_objs> <objsize> <objperslab> " +
	"<pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> " +
	"<sharedavail>\n"

// TestMemoryFiles: names decide where a value is, a line that cannot be read costs itself alone.
func TestMemoryFiles(t *testing.T) {
	const columns13 = "000022c8 00000001 00000002 0 0 0 0 0 0 00000003 00000004"
	softnet := func(text string) string { return result(ParseSoftnet(strings.NewReader(text))) }
	protocols := func(text string) string { return result(ParseProtocols(strings.NewReader(text))) }
	slabs := func(text string) string { return result(ParseSlabs(strings.NewReader(text))) }
	sysctl := func(text string) string { return result(ParseSysctl([]byte(text))) }
	for name, test := range map[string]struct {
		parse      func(string) string
		text, want string
	}{
		"softnet, Linux 6.18": {softnet, columns13 + " 7 3 5 2\n", "[{3 8904 1 2 3 4 7 5 2}] <nil>"},
		"softnet, 5.10":       {softnet, columns13 + " 7 3\n", "[{3 8904 1 2 3 4 7 -1 -1}] <nil>"},
		"softnet, 3.11": {softnet, columns13 + "\n" + columns13 + "\n",
			"[{0 8904 1 2 3 4 -1 -1 -1} {1 8904 1 2 3 4 -1 -1 -1}] <nil>"},
		"softnet, later":   {softnet, columns13 + " 7 3 5 2 ff ff\n", "[{3 8904 1 2 3 4 7 5 2}] <nil>"},
		"softnet, largest": {softnet, "ffffffff 0 0 0 0 0 0 0 0\n", "[{0 4294967295 0 0 -1 -1 -1 -1 -1}] <nil>"},
		"softnet, torn": {softnet, columns13 + " 7 3 5 2\n000024b9 0000",
			`[{3 8904 1 2 3 4 7 5 2}] line 2: 2 columns of 9: "000024b9 0000"`},
		"softnet, bad": {softnet, "x 0 0 0 0 0 0 0 0\n0 0 0 0 0 0 0 0 0\n",
			`[{1 0 0 0 -1 -1 -1 -1 -1}] line 1: strconv.ParseUint: parsing "x": invalid syntax: "x 0 0 0 0 0 0 0 0"`},

		"protocols": {protocols,
			protocolsHeader + "TCP       2304      1       5   no     192   yes  kernel      y  y\nUNIX-STREAM 1152 " +
				"2 -1 NI 0 no unix y n\n", "[{TCP 2304 1 5 no 192 true kernel} {UNIX-STREAM 1152 2 -1 NI 0 false " +
				"unix}] <nil>"},
		"protocols, a space": {protocols, protocolsHeader + "NEW ONE 2304 1 5 no 192 yes kernel y y\n",
			"[{NEW ONE 2304 1 5 no 192 true kernel}] <nil>"},
		"protocols, new column": {protocols,
			"protocol new size sockets memory press maxhdr slab module\nTCP 9 2304 1 5 yes 192 yes kernel\n",
			"[{TCP 2304 1 5 yes 192 true kernel}] <nil>"},
		"protocols, no column": {protocols, "protocol size\nTCP 9\n", `[] line 2: there is no sockets: "TCP 9"`},
		"protocols, blank":     {protocols, "\nprotocol size\n\n", `[] line 3: 0 values of 2 names: ""`},
		"protocols, torn": {protocols, protocolsHeader + "TCP 2304 1 5 no 192 yes kernel y y\nUDP 13",
			`[{TCP 2304 1 5 no 192 true kernel}] line 3: 2 values of 10 names: "UDP 13"`},
		"protocols, bad": {protocols, protocolsHeader + "TCP x 1 5 no 192 yes kernel y y\n",
			`[] line 2: size: strconv.Atoi: parsing "x": invalid syntax: "TCP x 1 5 no 192 yes kernel y y"`},

		"slabs": {slabs, slabHeader + "TCP 12 14 2304 14 8 : tunables 0 0 0 : slabdata 1 2 0\n",
			"[{TCP 12 14 2304 8 2}] <nil>"},
		"slabs, torn": {slabs, slabHeader + "TCP 12 14 2304 14 8 : tunables 0 0 0 : slabdata 1 2 0\nUDP 1",
			`[{TCP 12 14 2304 8 2}] line 4: there is no <num_objs>: "UDP 1"`},
		"slabs, alone": {slabs, "TCP 12 14\n", `[] line 1: there is no <active_objs>: "TCP 12 14"`},
		"slabs, bad": {slabs, slabHeader + "TCP 12 x 2304 14 8 : tunables 0 0 0 : slabdata 1 2 0\n",
			`[] line 3: strconv.Atoi: parsing "x": invalid syntax: ` +
				`"TCP 12 x 2304 14 8 : tunables 0 0 0 : slabdata 1 2 0"`},

		"sysctl":        {sysctl, "4096\t131072\t6291456\n", "[4096 131072 6291456] <nil>"},
		"sysctl, empty": {sysctl, "", "[] <nil>"},
		"sysctl, bad":   {sysctl, "1 x", `[] strconv.Atoi: parsing "x": invalid syntax`},
	} {
		if got := test.parse(test.text); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func result[T any](list []T, err error) string { return fmt.Sprint(list, err) }

// TestReadMemoryFiles: each reader opens its own file, and says which one is wrong.
func TestReadMemoryFiles(t *testing.T) {
	files := vfstest.Files{
		"/proc/net/softnet_stat":      {Text: "1\n"},
		"/proc/net/protocols":         {Text: "protocol\nx\n"},
		"/proc/slabinfo":              {Text: "x\n"},
		"/proc/sys/net/core/rmem_max": {Text: "x\n"},
	}
	for want, read := range map[string]func() string{
		"[] /proc/net/softnet_stat: line 1": func() string { return result(ReadSoftnet(files)) },
		"[] /proc/net/protocols: line 2":    func() string { return result(ReadProtocols(files)) },
		"[] /proc/slabinfo: line 1":         func() string { return result(ReadSlabs(files)) },
		"[] /proc/sys/net/core/rmem_max: strconv.Atoi:": func() string {
			return result(ReadSysctl(files,
				"net/core/rmem_max"))
		},
		"[] open /proc/sys/none: no such file": func() string { return result(ReadSysctl(files, "none")) },
	} {
		if got := read(); !strings.HasPrefix(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
