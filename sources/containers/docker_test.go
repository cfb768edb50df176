package containers_test

import (
	"os"
	"reflect"
	"testing"
	"time"

	"netql/sources/containers"
	"netql/sources/vfs/vfstest"
)

// testID is the id of a container with a number.
func testID(t *testing.T) string {
	t.Helper()
	return "5f0c0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"
}

// fixture is the text of a file in testdata.
func fixture(t testing.TB, name string) vfstest.File {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return vfstest.File{Text: string(text)}
}

// TestFind: what each runtime's file says.
func TestFind(t *testing.T) {
	id := testID(t)
	created := time.Date(2026, 3, 1, 12, 0, 0, 5, time.UTC)
	for name, test := range map[string]struct {
		group, path string
		want        containers.Container
	}{
		"docker-28.json": {
			"/system.slice/docker-" + id + ".scope", "/var/lib/docker/containers/" + id + "/config.v2.json",
			containers.Container{ID: id, Name: "web", Image: "nginx:1.27", Runtime: "docker", State: "running",
				Created: created},
		},
	} {
		files := vfstest.Files{test.path: fixture(t, name)}
		got, err := containers.NewFinder(containers.Files{Files: files}).Find(test.group)
		if err != nil || got == nil {
			t.Errorf("%s: %v, %v", name, got, err)
			continue
		}
		got.Addresses = nil
		if !reflect.DeepEqual(*got, test.want) {
			t.Errorf("%s: %+v, want %+v", name, *got, test.want)
		}
	}
}
