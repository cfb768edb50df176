package sources_test

import (
	"encoding/binary"
	"errors"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/vfs/vfstest"
)

// TestUnnamedNamespaces: a namespace whose number a process gives may have a name that could not be read.
func TestUnnamedNamespaces(t *testing.T) {
	transport := netlinktest.Func(func(netlink.Request) ([]netlink.Message, error) {
		return []netlink.Message{{Data: netlink.AppendAttribute(make([]byte, 4), unix.NETNSA_NSID,
			binary.NativeEndian.AppendUint32(nil, 5))}}, nil
	})
	for path, want := range map[string]bool{"/run/netns/blue": true, "/var/run/netns": true, "/none": false} {
		files := linked(map[string]string{"1": "net:[2]"})
		files["/run/netns"] = vfstest.File{Dir: true}
		files["/proc/self/ns/net"] = vfstest.File{Link: "net:[1]"}
		files[path] = vfstest.File{Err: unix.EIO}
		system := &sources.System{Netlink: transport, Files: files}
		got, err := system.NumberedNamespaces(t.Context())
		_, unnamed := errors.AsType[*sources.Unnamed](err)
		if got[5] != (sources.Namespace{Inode: 2}) || unnamed != want || unnamed && !errors.Is(err, unix.EIO) {
			t.Errorf("%s: %v, %v", path, got, err)
		}
	}
}
