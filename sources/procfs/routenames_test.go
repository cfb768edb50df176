package procfs

import (
	"maps"
	"strings"
	"testing"

	"netql/sources/vfs/vfstest"
)

func TestParseRouteNames(t *testing.T) {
	text := "# comment\n255\tlocal\n254 main # the usual\n0x10 hex\n7 first\n7 last\n\nbad name\n8\n9 two " +
		"words\n4294967296 large\n-1 negative\n0xzz bad\n4294967295 largest"
	want := map[uint32]string{255: "local", 254: "main", 16: "hex", 7: "last", 4294967295: "largest"}
	got, err := ParseRouteNames(strings.NewReader(text))
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}

// TestReadRouteNames: the administrator's files overrule the distribution's of the same name, and directories add to
// both.
func TestReadRouteNames(t *testing.T) {
	file := func(text string) vfstest.File { return vfstest.File{Text: text} }
	long := strings.Repeat("x", 1<<17)
	for name, c := range map[string]struct {
		files vfstest.Files
		want  map[uint32]string
		fails string
	}{
		"no files":         {vfstest.Files{}, map[uint32]string{}, ""},
		"the distribution": {vfstest.Files{"/usr/share/iproute2/t": file("1 a")}, map[uint32]string{1: "a"}, ""},
		"the administrator": {vfstest.Files{"/usr/share/iproute2/t": file("1 a\n2 b"),
			"/etc/iproute2/t": file("1 c")}, map[uint32]string{1: "c"}, ""},
		"directories": {vfstest.Files{
			"/usr/share/iproute2/t": file("1 a\n2 b"), "/usr/share/iproute2/t.d/1.conf": file("3 c"),
			"/usr/share/iproute2/t.d/2.conf": file("4 d"),
			"/etc/iproute2/t.d/2.conf":       file("2 e"), "/etc/iproute2/t.d/README": file("9 no"),
		}, map[uint32]string{1: "a", 2: "e", 3: "c"}, ""},
		"a long line": {vfstest.Files{"/etc/iproute2/t": file("1 a\n" + long),
			"/etc/iproute2/t.d/x.conf": file("2 b")}, map[uint32]string{1: "a", 2: "b"}, "/etc/iproute2/t: line 2"},
		"a directory": {vfstest.Files{"/etc/iproute2/t": {Dir: true}}, map[uint32]string{}, "/etc/iproute2/t"},
	} {
		got, err := ReadRouteNames(c.files, "t")
		if !maps.Equal(got, c.want) || (err != nil) != (c.fails != "") ||
			err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
		}
	}
}
