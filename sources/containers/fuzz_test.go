package containers_test

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"netql/sources/containers"
	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

// fuzzedPaths are paths of one file of each kind.
var fuzzedPaths = []string{dockerFile, taskFile, runFile, storeFile, "/run/systemd/machines/build",
	"/etc/docker/daemon.json", "/etc/containers/storage.conf"}

// FuzzFiles: whatever is in a file, what is read of it can be read again and is the same then, and its redacted form
// has none of its names.
func FuzzFiles(f *testing.F) {
	for _, test := range findCases() {
		f.Add([]byte(fixture(f, test.file).Text))
	}
	f.Add([]byte("graphroot = \"/srv/secret\"\n"))
	pseudonyms := containers.Pseudonyms{
		ID: func(string) string { return "id" }, Name: func(string, string) string { return "n" },
		Path: func(string) string { return "/p" }, Address: func(netip.Addr) netip.Addr { return netip.IPv6Loopback() },
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, path := range fuzzedPaths {
			files := vfstest.Files{path: {Text: string(data)}}
			reduced, err := vfs.ReadFile(containers.Files{Files: files}, path)
			if err != nil {
				continue
			}
			files[path] = vfstest.File{Text: string(reduced)}
			again, err := vfs.ReadFile(containers.Files{Files: files}, path)
			if err != nil || !bytes.Equal(again, reduced) {
				t.Errorf("%s: %q, and then %q, %v", path, reduced, again, err)
			}
			for _, group := range []string{dockerGroup, "/machine.slice/machine-build.scope/payload"} {
				_, _ = containers.NewFinder(files).Find(group)
			}
			if redacted := containers.Redacted(path, reduced, pseudonyms); strings.Contains(string(redacted), "shop") {
				t.Errorf("%s: redacted %q", path, redacted)
			}
		}
	})
}
