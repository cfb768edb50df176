package tables_test

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"netql/query"
	"netql/sources/inetdiag"
	"netql/sources/vfs/vfstest"
	"netql/tables"
)

// TestExplain: which dumps a query asks for, and which columns it reads. testdata/explain.txt holds a line "> QUERY"
// and the plan for each, and an empty line between two.
func TestExplain(t *testing.T) {
	const name = "testdata/explain.txt"
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	catalog, system := tables.Catalog(), fakeKernel{}.system(files(nil), fakeFinder{})
	var written bytes.Buffer
	for block := range strings.SplitSeq(strings.TrimSpace(string(data)), "\n\n") {
		text, want, _ := strings.Cut(block, "\n")
		text = strings.TrimPrefix(text, "> ")
		plan, err := query.Compile(text, catalog, tables.Ask(system))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		got := plan.Explain()
		if !*update && got != want {
			t.Errorf("%s\ngives\n%s\nwant\n%s", text, got, want)
		}
		fmt.Fprintf(&written, "> %s\n%s\n\n", text, got)
	}
	if *update {
		if err := os.WriteFile(name, bytes.TrimSuffix(written.Bytes(), []byte("\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRequests: what is asked of the kernel is what the plan says, and nothing besides.
func TestRequests(t *testing.T) {
	const everything = inetdiag.WantInfo | inetdiag.WantCongestion | inetdiag.WantTOS | inetdiag.WantTClass |
		inetdiag.WantMemory | inetdiag.WantBBR
	const both, inet, inet6 = 0, 2, 10
	idle := inetdiag.States(inetdiag.BoundInactive)
	listen := inetdiag.States(inetdiag.Listen)
	for text, want := range map[string][]request{
		"sockets proto == tcp":                                        {{inetdiag.TCP, both, inetdiag.AllStates, 0}},
		"sockets state == LISTEN and proto == tcp":                    {{inetdiag.TCP, both, listen, 0}},
		"sockets state == LISTEN and proto == tcp and family == inet": {{inetdiag.TCP, inet, listen, 0}},
		"sockets proto == tcp and state in [LISTEN, BOUND_INACTIVE]":  {{inetdiag.TCP, both, listen | idle, 0}},
		"sockets proto == tcp and family == inet6 and rtt > 1ms": {{inetdiag.TCP, inet6, inetdiag.AllStates,
			inetdiag.WantInfo}},
		"sockets proto == tcp | select congestion, rcvbuf": {{inetdiag.TCP, both, inetdiag.AllStates,
			inetdiag.WantCongestion | inetdiag.WantMemory}},
		"sockets proto == tcp | select *": {{inetdiag.TCP, both, inetdiag.AllStates,
			everything}},
		"sockets proto == tcp | sort tos | limit 1 | select local": {{inetdiag.TCP, both, inetdiag.AllStates,
			inetdiag.WantTOS | inetdiag.WantTClass}},
		"sockets proto == udp and rtt > 1ms and family == inet": {{inetdiag.UDP, inet,
			inetdiag.States(inetdiag.Established, inetdiag.Closed), 0}},
		"sockets proto == udp and state == UNCONN and family == inet6 | select local, drops": {
			{inetdiag.UDP, inet6, inetdiag.States(inetdiag.Closed), inetdiag.WantMemory}},
		"sockets proto == udp and state == ESTAB": {
			{inetdiag.UDP, inet, inetdiag.States(inetdiag.Established), 0},
			{inetdiag.UDP, inet6, inetdiag.States(inetdiag.Established), 0}},
		"sockets proto == udp and state == LISTEN":  nil,
		"sockets proto == icmp":                     nil, // /proc/net alone has them
		"sockets proto == mptcp and family == inet": {{inetdiag.MPTCP, inet, inetdiag.AllStates, 0}},
		"sockets proto == sctp":                     nil, // not in this kernel's /proc
	} {
		var asked []request
		machine := files(nil)
		machine["/proc/sys/net/mptcp/enabled"] = vfstest.File{}
		system := fakeKernel{asked: &asked}.system(machine, fakeFinder{})
		if _, err := run(t.Context(), system, query.Compile, text); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(asked, want) {
			t.Errorf("%s: asked for %v, want %v", text, asked, want)
		}
	}
}
