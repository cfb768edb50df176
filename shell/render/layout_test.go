package render_test

import (
	"net/netip"
	"strings"
	"testing"

	"netql/query/schema"
	"netql/shell/render"
)

// connections are columns as those of a list of sockets.
func connections() []*schema.Column {
	return columnsOf(
		schema.Column{Name: "proto", Type: schema.Of(schema.Text)},
		schema.Column{Name: "state", Type: schema.Type{Kind: schema.Enum, Words: states}},
		schema.Column{Name: "local", Type: schema.Of(schema.Endpoint)},
		schema.Column{Name: "remote", Type: schema.Of(schema.Endpoint)},
		schema.Column{Name: "queue", Type: schema.Of(schema.Int)},
		schema.Column{Name: "pid", Type: schema.Of(schema.Int)},
		schema.Column{Name: "process", Type: schema.Of(schema.Text)},
		schema.Column{Name: "cgroup", Type: schema.Of(schema.Text)},
	)
}

var (
	v4 = values{"tcp", "ESTAB", netip.MustParseAddrPort("10.0.0.1:443"), netip.MustParseAddrPort("10.20.30.40:51234"),
		0,
		1234, "nginx", "/system.slice/nginx.service"}
	v6 = values{"tcp", "ESTAB", netip.MustParseAddrPort("[2001:db8:85a3::8a2e:370:1001]:44720"),
		netip.MustParseAddrPort("[2001:db8:85a3::8a2e:370:7334]:443"), 0, 4321, "curl", "/user.slice/user-1000.slice"}
	listener = values{"tcp", "LISTEN", netip.MustParseAddrPort("[::]:443"), nil, 129, 1234, "nginx", nil}
)

// tableOf is rows of connections as a table.
func tableOf(t *testing.T, rows []values, options render.Options) string {
	t.Helper()
	options.Format = "table"
	var out strings.Builder
	if _, err := render.Write(t.Context(), &out, connections(), stream(rows), options); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestLayout: in a window that is too narrow whole columns go, lines with long addresses are folded, and at last each
// row is a record; no address is ever cut.
func TestLayout(t *testing.T) {
	spare, quiet := []string{"cgroup", "pid"}, []string{"queue"}
	for _, test := range []struct {
		name  string
		width int
		rows  []values
		want  string
	}{
		{"a wide window", 120, []values{v4, v4}, `
proto  state  local         remote              pid  process  cgroup
tcp    ESTAB  10.0.0.1:443  10.20.30.40:51234  1234  nginx    /system.slice/nginx.service
tcp    ESTAB  10.0.0.1:443  10.20.30.40:51234  1234  nginx    /system.slice/nginx.service
`},
		{"a quiet column that says something", 120, []values{v4, listener}, `
proto  state   local         remote             queue   pid  process  cgroup
tcp    ESTAB   10.0.0.1:443  10.20.30.40:51234      0  1234  nginx    /system.slice/nginx.service
tcp    LISTEN  [::]:443      -                    129  1234  nginx    -
`},
		{"a path is cut in its middle", 87, []values{v4, v4}, `
proto  state  local         remote              pid  process  cgroup
tcp    ESTAB  10.0.0.1:443  10.20.30.40:51234  1234  nginx    /system.slic…ginx.service
tcp    ESTAB  10.0.0.1:443  10.20.30.40:51234  1234  nginx    /system.slic…ginx.service
`},
		{"a column goes", 80, []values{v4, v4}, `
proto  state  local         remote              pid  process
tcp    ESTAB  10.0.0.1:443  10.20.30.40:51234  1234  nginx
tcp    ESTAB  10.0.0.1:443  10.20.30.40:51234  1234  nginx
not shown: cgroup; select them, or use a wider window
`},
		{"lines with long addresses are folded", 88, []values{v4, v6, v4, listener}, `
proto  state   local                     remote                     queue   pid  process
tcp    ESTAB   10.0.0.1:443              10.20.30.40:51234              0  1234  nginx
tcp    ESTAB   [2001:db8:85a3::8a2e:370:1001]:44720                     0  4321  curl
                                         [2001:db8:85a3::8a2e:370:7334]:443
tcp    ESTAB   10.0.0.1:443              10.20.30.40:51234              0  1234  nginx
tcp    LISTEN  [::]:443                  -                            129  1234  nginx
not shown: cgroup; select them, or use a wider window
`},
		{"lines are folded", 80, []values{v4, v6, v6, listener}, `
proto  state   local                    remote                    queue  process
tcp    ESTAB   10.0.0.1:443             10.20.30.40:51234             0  nginx
tcp    ESTAB   [2001:db8:85a3::8a2e:370:1001]:44720                   0  curl
                                        [2001:db8:85a3::8a2e:370:7334]:443
tcp    ESTAB   [2001:db8:85a3::8a2e:370:1001]:44720                   0  curl
                                        [2001:db8:85a3::8a2e:370:7334]:443
tcp    LISTEN  [::]:443                 -                           129  nginx
not shown: cgroup, pid; select them, or use a wider window
`},
		{"records", 40, []values{v6, v4}, `
row 1
  proto    tcp
  state    ESTAB
  local    [2001:db8:85a3::8a2e:370:1001]:44720
  remote   [2001:db8:85a3::8a2e:370:7334]:443
  pid      4321
  process  curl
  cgroup   /user.slice/user-1000.slice

row 2
  proto    tcp
  state    ESTAB
  local    10.0.0.1:443
  remote   10.20.30.40:51234
  pid      1234
  process  nginx
  cgroup   /system.slice/nginx.service
`},
		{"a single row that does not fit", 80, []values{v6}, `
row 1
  proto    tcp
  state    ESTAB
  local    [2001:db8:85a3::8a2e:370:1001]:44720
  remote   [2001:db8:85a3::8a2e:370:7334]:443
  pid      4321
  process  curl
  cgroup   /user.slice/user-1000.slice
`},
	} {
		options := render.Options{Width: test.width, Spare: spare, Quiet: quiet}
		if got := "\n" + tableOf(t, test.rows, options); got != test.want {
			t.Errorf("%s: got%s\nwant%s", test.name, got, test.want)
		}
	}
}

// TestPagedLayout: what goes into a pager that scrolls sideways is whole, and nothing of it is left out.
func TestPagedLayout(t *testing.T) {
	got := tableOf(t, []values{v4, v6, v4}, render.Options{Width: 40, Pages: 2, Spare: []string{"cgroup"}})
	if strings.Count(got, "\n") != 4 || !strings.Contains(got, "nginx.service") {
		t.Errorf("got\n%s", got)
	}
}

// TestAddressList: of a list of addresses as many as fit are shown, whole, and the number of the others.
func TestAddressList(t *testing.T) {
	columns := columnsOf(
		schema.Column{Name: "name", Type: schema.Of(schema.Text)},
		schema.Column{Name: "addresses", Type: schema.ListOf(schema.Of(schema.Prefix))})
	prefix := func(s string) any { return netip.MustParsePrefix(s) }
	rows := []values{{"eth0", []any{prefix("192.0.2.1/24"), prefix("2001:db8::1/64"), prefix("fe80::1/64")}},
		{"lo", nil}}
	for width, want := range map[int]string{
		60: "eth0  192.0.2.1/24,2001:db8::1/64,fe80::1/64", 36: "eth0  192.0.2.1/24,2001:db8::1/64,+1",
		24: "eth0  192.0.2.1/24,+2",
	} {
		var out strings.Builder
		_, err := render.Write(t.Context(), &out, columns, stream(rows), render.Options{Format: "table", Width: width})
		if lines := strings.Split(out.String(), "\n"); err != nil || len(lines) < 2 || lines[1] != want {
			t.Errorf("%d columns: %v, got\n%s\nwant %s", width, err, out.String(), want)
		}
	}
}

// TestNullColumns: a column that is NULL in every row goes before others, unless the query has chosen it.
func TestNullColumns(t *testing.T) {
	rows := []values{listener, listener}
	for _, test := range []struct {
		defaults bool
		want     string
	}{
		{true, `
proto  state   local     queue   pid  process
tcp    LISTEN  [::]:443    129  1234  nginx
tcp    LISTEN  [::]:443    129  1234  nginx
not shown: cgroup, remote; select them, or use a
wider window
`},
		{false, `
proto  state   local     remote  queue  process
tcp    LISTEN  [::]:443  -         129  nginx
tcp    LISTEN  [::]:443  -         129  nginx
not shown: cgroup, pid; select them, or use a
wider window
`},
	} {
		options := render.Options{Width: 48, Spare: []string{"cgroup", "pid"}, Defaults: test.defaults}
		if got := "\n" + tableOf(t, rows, options); got != test.want {
			t.Errorf("defaults %v: got%s\nwant%s", test.defaults, got, test.want)
		}
	}
}

// TestFoldedPages: what the window's pager has to show because lines are folded is not fitted either.
func TestFoldedPages(t *testing.T) {
	got := tableOf(t, []values{v6, v6, v6}, render.Options{Width: 80, Pages: 4, Spare: []string{"cgroup"}})
	if strings.Count(got, "\n") != 4 || !strings.Contains(got, "user-1000.slice") {
		t.Errorf("got\n%s", got)
	}
}

// TestQuietLater: a quiet column is there where a row may say something in it that is not known when the layout is
// decided.
func TestQuietLater(t *testing.T) {
	rows := make([]values, 3000)
	for i := range rows {
		rows[i] = v4
	}
	quiet := render.Options{Width: 120, Quiet: []string{"queue"}}
	if got := tableOf(t, rows[:1999], quiet); strings.Contains(got, "queue") {
		t.Errorf("it is there where all rows say nothing: %.200s", got)
	}
	rows[2900] = listener
	if got := tableOf(t, rows, quiet); !strings.Contains(got, "queue") || !strings.Contains(got, "129") {
		t.Errorf("what a later row says is not seen: %.200s", got)
	}
}

// TestSections: values of one section stand together below its name, those of none before them.
func TestSections(t *testing.T) {
	columns := connections()[:5]
	for i, section := range []string{"socket", "", "ends", "ends", "socket"} {
		columns[i].Section = section
	}
	var out strings.Builder
	_, err := render.Write(t.Context(), &out, columns, stream([]values{v4}), render.Options{Format: "record"})
	const want = `row 1
    state   ESTAB
  socket
    proto   tcp
    queue   0
  ends
    local   10.0.0.1:443
    remote  10.20.30.40:51234
`
	if got := out.String(); err != nil || got != want {
		t.Errorf("%v, got\n%s\nwant\n%s", err, got, want)
	}
}

// TestSentencesInRecords: sentences of a record go on below, broken between words, where there is a window; an address
// stays in one line, so that it can be copied.
func TestSentencesInRecords(t *testing.T) {
	columns := columnsOf(schema.Column{Name: "local", Type: schema.Of(schema.Endpoint)},
		schema.Column{Name: "remote", Type: schema.Of(schema.Text), Prose: true})
	row := values{netip.MustParseAddrPort("[2001:db8:85a3::8a2e:370:1001]:44720"),
		"ssh: connect to host web1 port 22: Connection refused"}
	for width, want := range map[int]string{
		0: "  local   [2001:db8:85a3::8a2e:370:1001]:44720\n" +
			"  remote  ssh: connect to host web1 port 22: Connection refused\n",
		34: "  local   [2001:db8:85a3::8a2e:370:1001]:44720\n" +
			"  remote  ssh: connect to host\n          web1 port 22: Connection\n          refused\n",
	} {
		var out strings.Builder
		_, err := render.Write(t.Context(), &out, columns, stream([]values{row}),
			render.Options{Format: "record", Width: width})
		if got := out.String(); err != nil || got != "row 1\n"+want {
			t.Errorf("%d: %v, got\n%s\nwant\n%s", width, err, got, want)
		}
	}
}
