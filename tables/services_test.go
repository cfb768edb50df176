package tables_test

import (
	"testing"

	"netql/sources"
	"netql/sources/vfs/vfstest"
)

// TestServices: a name is there once for a port and protocol, however often the file has it.
func TestServices(t *testing.T) {
	files := vfstest.Files{"/etc/services": {
		Text: "# comment\nhttp 80/tcp www web # World Wide Web\nhttp 80/tcp www\nhttp 80/udp\nssh\t22/tcp\n"}}
	a := ask(t, &sources.System{Files: files}, "services | select name, port, proto, alias")
	same(t, "services", lines(a.rows), []string{
		"alias=false name=http port=80 proto=tcp", "alias=true name=www port=80 proto=tcp",
		"alias=true name=web port=80 proto=tcp",
		"alias=false name=http port=80 proto=udp", "alias=false name=ssh port=22 proto=tcp",
	})
	if len(a.warnings) > 0 {
		t.Errorf("warnings %q", a.warnings)
	}
	if a := ask(t, &sources.System{Files: vfstest.Files{}}, "services"); len(a.rows) != 0 || len(a.warnings) != 1 {
		t.Errorf("without the file: %d rows, warnings %q", len(a.rows), a.warnings)
	}
}
