package render

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"netql/query/schema"
)

// someChanges are changes of two tables, in one of which only the key tells the rows apart.
func someChanges() []Changes {
	column := func(name string, kind schema.Kind, unit schema.Unit) *schema.Column {
		return &schema.Column{Name: name, Type: schema.Of(kind), Unit: unit}
	}
	local, state := column("local", schema.Endpoint, schema.None), column("state", schema.Text, schema.None)
	remote, port := column("remote", schema.Endpoint, schema.None), column("port", schema.Port, schema.None)
	size, age := column("size", schema.Int, schema.Bytes), column("age", schema.Duration, schema.None)
	list := &schema.Column{Name: "list", Type: schema.ListOf(schema.Of(schema.Text))}
	id, none := column("id", schema.Int, schema.None), column("none", schema.Text, schema.None)
	end := netip.MustParseAddrPort("[2001:db8:85a3::8a2e:370:1001]:65535")
	return []Changes{
		{"sockets", []*schema.Column{state, local, remote, none, id}, 4, []RowChange{
			{New, []any{"LISTEN", end, nil, nil, 1}, nil},
			{Gone, []any{"LISTEN", end, end, nil, 2}, nil},
			{Changed, []any{"CLOSE_WAIT", end, end, nil, 2}, []schema.ValueChange{
				{Column: state, Old: "ESTABLISHED", New: "CLOSE_WAIT"}, {Column: port, Old: 80, New: 443},
				{Column: local, Old: end, New: nil},
			}},
		}},
		{"links", []*schema.Column{state, list, id}, 2, []RowChange{
			{Changed, []any{"red\x1b[31m", []string{"a", "c"}, 1}, []schema.ValueChange{
				{Column: size, Old: 1500, New: 9000}, {Column: size, Old: 10 << 30, New: 10<<30 - 1},
				{Column: age, Old: time.Second, New: 3 * time.Second},
				{Column: list, Old: []string{"a", "b"}, New: []string{"a", "c"}},
			}},
			{Changed, []any{"red\x1b[31m", []string{"a", "c"}, 2}, []schema.ValueChange{
				{Column: size, Old: nil, New: 1},
				{Column: list, Old: []string{"a", "b"}, New: []string{"b", "a"}},
			}},
		}},
	}
}

// TestChanges: the summary comes first, old and new values are there with their difference, and no address is cut.
func TestChanges(t *testing.T) {
	const wide = `sockets  +1 -1 ~1
links    ~2

sockets
   state       local                                 remote
+  LISTEN      [2001:db8:85a3::8a2e:370:1001]:65535  -
-  LISTEN      [2001:db8:85a3::8a2e:370:1001]:65535  [2001:db8:85a3::8a2e:370:1001]:65535
~  CLOSE_WAIT  [2001:db8:85a3::8a2e:370:1001]:65535  [2001:db8:85a3::8a2e:370:1001]:65535
     state ESTABLISHED -> CLOSE_WAIT, port 80 -> 443, local [2001:db8:85a3::8a2e:370:1001]:65535 -> -

links
   state        list  id
~  red\x1b[31m  a,c    1
     size 1500 B -> 9000 B (+7500 B), size 10737418240 -> 10737418239 (-1 B), age 1 s -> 3 s (+2 s), list +c -b
~  red\x1b[31m  a,c    2
     size - -> 1 B, list a,b -> b,a

left out: 1 row
`
	const narrow = `sockets  +1 -1 ~1
links    ~2

sockets
+  state LISTEN local
    [2001:db8:85a3::8a2e:370:1001]:65535
-  state LISTEN local
    [2001:db8:85a3::8a2e:370:1001]:65535
    remote
    [2001:db8:85a3::8a2e:370:1001]:65535
~  remote
    [2001:db8:85a3::8a2e:370:1001]:65535
     state ESTABLISHED -> CLOSE_WAIT,
      port 80 -> 443,
      local [2001:db8:85a3::8a2e:370:1001]:65535
      -> -

links
   state        list  id
~  red\x1b[31m  a,c    1
     size 1500 B -> 9000 B (+7500 B),
      size 10737418240 -> 10737418239
      (-1 B), age 1 s -> 3 s (+2 s),
      list +c -b
~  red\x1b[31m  a,c    2
     size - -> 1 B, list a,b -> b,a

left out: 1 row
`
	for _, test := range []struct {
		width int
		want  string
	}{{0, wide}, {40, narrow}} {
		var b strings.Builder
		options := Options{Width: test.width}
		if err := WriteChanges(&b, someChanges(), "left out: 1 row", options); err != nil || b.String() != test.want {
			t.Errorf("%d columns: %v\n%s\nwant\n%s", test.width, err, b.String(), test.want)
		}
	}
	var b strings.Builder
	if err := WriteChanges(&b, nil, "", Options{}); err != nil || b.String() != "no differences\n" {
		t.Errorf("%v %q", err, b.String())
	}
	b.Reset()
	if err := WriteChanges(&b, someChanges()[:1], "", Options{Color: true}); err != nil {
		t.Error(err)
	}
	for _, colored := range []string{green + "+  LISTEN", red + "-  LISTEN", yellow + "     state ESTAB"} {
		if !strings.Contains(b.String(), colored) {
			t.Errorf("%q is not in %q", colored, b.String())
		}
	}
}
