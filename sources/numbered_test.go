package sources_test

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"maps"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/vfs/vfstest"
)

// linked is a /proc in which processes are in network namespaces, by the texts of their links; "" may not be seen.
func linked(processes map[string]string) vfstest.Files {
	files := vfstest.Files{"/proc/uptime": {}, "/proc/1/exe": {}}
	for pid, text := range processes {
		file := vfstest.File{Link: text}
		if text == "" {
			file.Err = fs.ErrPermission
			files["/proc/"+pid+"/stat"] = vfstest.File{Text: pid +
				" (x) S 1 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 2 0 5 0\n"}
		}
		files["/proc/"+pid+"/ns/net"] = file
	}
	return files
}

// TestNumberedNamespaces: each namespace is asked for once, by a process that is still there; what may not be seen is
// an error.
func TestNumberedNamespaces(t *testing.T) {
	numbers := map[uint32]int32{10: -1, 20: 0, 21: 0, 30: 4}
	var asked []uint32
	transport := netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
		a := netlink.DecodeAttributes(r.Payload[4:])
		a.Next()
		asked = append(asked, a.Uint32())
		id, ok := numbers[a.Uint32()]
		if !ok {
			return nil, unix.ESRCH
		}
		b := netlink.AppendAttribute(make([]byte, 4), unix.NETNSA_NSID,
			binary.NativeEndian.AppendUint32(nil, uint32(id)))
		return []netlink.Message{{Data: b}}, nil
	})
	processes := map[string]string{"10": "net:[1]", "20": "net:[2]", "21": "net:[2]", "30": "net:[3]",
		"40": "net:[4]", "41": "torn"}
	system := &sources.System{Netlink: transport, Files: linked(processes)}
	want := map[int32]sources.Namespace{0: {Inode: 2}, 4: {Inode: 3}}
	if got, err := system.NumberedNamespaces(t.Context()); !maps.Equal(got, want) || err != nil || len(asked) != 4 {
		t.Errorf("%v, %v, asked %v", got, err, asked)
	}
	files := linked(processes)
	files["/proc/60/ns/net"] = vfstest.File{Err: unix.EMFILE}
	system.Files = files
	if got, err := system.NumberedNamespaces(t.Context()); !maps.Equal(got, want) || !errors.Is(err, unix.EMFILE) {
		t.Errorf("no descriptor: %v, %v", got, err)
	}
	processes["50"] = ""
	system.Files = linked(processes)
	if got, err := system.NumberedNamespaces(t.Context()); !maps.Equal(got, want) || err == nil {
		t.Errorf("%v, %v", got, err)
	}
	system.Netlink = netlinktest.Func(func(netlink.Request) ([]netlink.Message, error) { return nil, unix.EPERM })
	if got, err := system.NumberedNamespaces(t.Context()); len(got) != 0 || err == nil {
		t.Errorf("refused: %v, %v", got, err)
	}
	system.Files = vfstest.Files{}
	if got, err := system.NumberedNamespaces(t.Context()); len(got) != 0 || err == nil {
		t.Errorf("without /proc: %v, %v", got, err)
	}
}
