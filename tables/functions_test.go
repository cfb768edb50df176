package tables

import (
	"context"
	"net/netip"
	"testing"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
	"netql/sources/vfs/vfstest"
)

const someServices = `# network services
ssh		22/tcp			# SSH Remote Login Protocol
domain		53/tcp
domain		53/udp
http		80/tcp		www WorldWideWeb
https		443/tcp
http-alt	8080/tcp	webcache
syslog		514/udp
shell		514/tcp		cmd
first		9/sctp
second		9/sctp
broken		http/tcp
`

func someSystem(services string) *sources.System {
	files := vfstest.Files{}
	if services != "" {
		files["/etc/services"] = vfstest.File{Text: services}
	}
	return &sources.System{Files: files, Names: sources.Resolver}
}

func TestServices(t *testing.T) {
	system := someSystem(someServices)
	system.Files.(vfstest.Files)["/etc/protocols"] = vfstest.File{Text: "icmp 1 ICMP\nother 1\nospf 89\n"}
	q := Ask(system)
	s := q.serviceNames()
	for _, test := range []struct {
		port           int
		protocol, want string
	}{
		{22, "", "ssh"}, {22, "tcp", "ssh"}, {22, "udp", "22"}, {53, "udp", "domain"}, {514, "tcp", "shell"},
		{514, "udp", "syslog"},
		{514, "", "syslog"}, {9, "sctp", "first"}, {80, "mptcp", "http"}, {53, "udplite", "domain"},
		{253, "raw", "253"},
		{1, "raw", "icmp"}, {89, "raw", "ospf"}, {22, "raw", "22"}, {89, "tcp", "89"},
		{1, "", "1"}, {-1, "tcp", "-1"}, {70000, "", "70000"},
	} {
		if got := q.serviceName(test.port, test.protocol); got != test.want {
			t.Errorf("%d/%s: %s, want %s", test.port, test.protocol, got, test.want)
		}
	}
	for name, want := range map[string]int{"ssh": 22, "SSH": 22, "www": 80, "worldwideweb": 80, "http-alt": 8080,
		"cmd": 514, "broken": 0, "": 0} {
		if got, ok := s.port(name); got != want || ok != (want != 0) {
			t.Errorf("%q: %d, %v; want %d", name, got, ok, want)
		}
	}
}

// TestNoServices: without /etc/services ports are numbers.
func TestNoServices(t *testing.T) {
	q := Ask(someSystem(""))
	s := q.serviceNames()
	if name := q.serviceName(22, "tcp"); name != "22" {
		t.Errorf("22 is %s", name)
	}
	if _, ok := s.port("ssh"); ok {
		t.Error("ssh is a port")
	}
	if _, err := query.Compile("sockets lport == ssh", Catalog(), Ask(someSystem(""))); err == nil {
		t.Error("lport == ssh compiles")
	}
}

// TestFunctionsInQueries: the functions as a query calls them, with NULL and with addresses that need no lookup.
func TestFunctionsInQueries(t *testing.T) {
	for expression, want := range map[string]any{
		"service(443)":                  "https",
		"service(514, 'udp')":           "syslog",
		"service(514, 'TCP')":           "shell",
		"service(len(key) + 21)":        "ssh",
		"service(nil)":                  nil,
		"service(22, nil)":              nil,
		"host(0.0.0.0)":                 "0.0.0.0",
		"host(::)":                      "::",
		"host(nil)":                     nil,
		"endpoint(0.0.0.0, 22)":         "0.0.0.0:ssh",
		"endpoint(::, 53, 'udp')":       "[::]:domain",
		"endpoint(::, nil)":             nil,
		"endpoint(nil, 22)":             nil,
		"endpoint(::, 1) contains '::'": true,
	} {
		plan, err := query.Compile("tables name == 'tables' | select x = "+expression, Catalog(),
			Ask(someSystem(someServices)))
		if err != nil {
			t.Errorf("%s: %v", expression, err)
			continue
		}
		for row, err := range plan.Rows(t.Context()) {
			if got := plan.Schema().Visible()[0].Get(row); err != nil || got != want {
				t.Errorf("%s is %v, want %v; %v", expression, got, want, err)
			}
		}
	}
}

// TestFunctionDocs: what is declared is what a query may call.
func TestFunctionDocs(t *testing.T) {
	for _, f := range functions() {
		if f.Doc == "" || f.Result.Kind != schema.Text || len(f.Params) == 0 || f.Call == nil {
			t.Errorf("%+v", f)
		}
		if costly := f.Name != "service"; f.Costly != costly {
			t.Errorf("%s: costly %v", f.Name, f.Costly)
		}
	}
}

// TestNoLookup: where nobody can be asked an address stays a number, as one that has no name.
func TestNoLookup(t *testing.T) {
	system := someSystem(someServices)
	system.Names = nil
	plan, err := query.Compile("tables | select host(192.0.2.1), endpoint(192.0.2.2, 22), service(22)", Catalog(),
		Ask(system))
	if err != nil {
		t.Fatal(err)
	}
	for row, err := range plan.Rows(t.Context()) {
		for i, want := range []string{"192.0.2.1", "192.0.2.2:ssh", "ssh"} {
			if got := plan.Schema().Visible()[i].Get(row); err != nil || got != want {
				t.Errorf("%v, %v, want %s", got, err, want)
			}
		}
	}
	if warnings := plan.Warnings(); len(warnings) > 0 {
		t.Errorf("warnings %q", warnings)
	}
}

// TestLookupEnds: a lookup whose time is over gives no name.
func TestLookupEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if name := sources.Resolver(ctx, netip.MustParseAddr("192.0.2.1")); name != "" {
		t.Errorf("the name is %q", name)
	}
}

// TestProtocolNames: a protocol is found by its name and by an alias, in any case; without the file there are none.
func TestProtocolNames(t *testing.T) {
	system := &sources.System{Files: vfstest.Files{
		"/etc/protocols": {Text: "icmp 1 ICMP\nipv6-icmp 58 IPv6-ICMP\nother 99 icmp\n"}}}
	names := Ask(system).Protocol
	for name, want := range map[string]string{"icmp": "icmp", "Icmp": "icmp", "ipv6-ICMP": "ipv6-icmp",
		"other": "other", "nonesuch": ""} {
		if got, ok := names(name); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
	if _, ok := Ask(someSystem("")).Protocol("icmp"); ok {
		t.Error("icmp is known without /etc/protocols")
	}
}
