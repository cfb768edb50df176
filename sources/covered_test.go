package sources_test

import (
	"errors"
	"slices"
	"syscall"
	"testing"

	"netql/sources"
	"netql/sources/vfs/vfstest"
)

// TestCoveredNamespaces: what the list of mounts has where namespaces have names, and the path does not lead to.
func TestCoveredNamespaces(t *testing.T) {
	const mounts = "30 1 0:4 net:[7] /run/netns/seen rw shared:1 - nsfs nsfs rw\n" +
		"31 1 0:4 net:[8] /run/netns/covered rw - nsfs nsfs rw\n" +
		"32 1 0:6 /null /run/netns/covered rw - devtmpfs udev rw\n" +
		"33 1 0:4 net:[9] /run/netns/gone rw - nsfs nsfs rw\n" +
		"34 1 0:4 net:[9] /run/netns/gone rw - nsfs nsfs rw\n" +
		"35 1 0:4 mnt:[10] /run/netns/mount rw - nsfs nsfs rw\n" +
		"36 1 0:4 net:[11] /run/docker/netns/elsewhere rw - nsfs nsfs rw\n"
	files := vfstest.Files{
		"/run/netns/seen": {Inode: 7}, "/run/netns/covered": {Inode: 1}, "/proc/self/mountinfo": {Text: mounts},
	}
	system := &sources.System{Files: files}
	got, err := system.CoveredNamespaces()
	if want := []sources.Covered{{8, "/run/netns/covered"}, {9, "/run/netns/gone"}}; !slices.Equal(got, want) ||
		err != nil {
		t.Errorf("%v, %v", got, err)
	}
	for cause, told := range map[error]bool{syscall.EIO: true, syscall.ENOENT: false} {
		files["/proc/self/mountinfo"] = vfstest.File{Err: cause}
		if _, err := system.CoveredNamespaces(); told != errors.Is(err, cause) {
			t.Errorf("%v: %v", cause, err)
		}
	}
}
