package procfs_test

import (
	"slices"
	"strings"
	"testing"

	"netql/sources/procfs"
	"netql/sources/vfs/vfstest"
)

// TestSettingNames: names are those of sysctl(8), and no name leads out of /proc/sys.
func TestSettingNames(t *testing.T) {
	for name, path := range map[string]string{
		"net.ipv4.ip_forward":                "net/ipv4/ip_forward",
		"net.ipv4.conf.eth0/100.rp_filter":   "net/ipv4/conf/eth0.100/rp_filter",
		"net.ipv4.conf.a\xffb/.rp_filter":    "net/ipv4/conf/a\xffb./rp_filter",
		"net.bridge.bridge-nf-call-iptables": "net/bridge/bridge-nf-call-iptables",
	} {
		if got, ok := procfs.SettingPath(name); got != path || !ok || procfs.SettingName(path) != name {
			t.Errorf("%q: %q, %v; and %q", name, got, ok, procfs.SettingName(path))
		}
	}
	for _, wrong := range []string{"", ".", "net.", ".net", "net..x", "net.//.x", "net./.x", "//", "net.a\x00b"} {
		if path, ok := procfs.SettingPath(wrong); ok {
			t.Errorf("%q is %q", wrong, path)
		}
	}
}

// TestSettings: files are listed in their order, below the directories that are entered.
func TestSettings(t *testing.T) {
	files := vfstest.Files{"/proc/sys/net/b/z": {Text: "1\t2\n"}, "/proc/sys/net/a": {Text: "x\n\n"},
		"/proc/sys/net/c/d": {}, "/proc/sys/net/b/y/x": {}}
	var paths []string
	enter := func(dir string) bool { return dir != "net/c" }
	procfs.Settings(files, "net", enter, func(path string, err error) bool {
		if err != nil {
			t.Error(err)
		}
		paths = append(paths, path)
		return true
	})
	if want := []string{"net/a", "net/b/y/x", "net/b/z"}; !slices.Equal(paths, want) {
		t.Errorf("%q, want %q", paths, want)
	}
	for path, want := range map[string]string{"net/b/z": "1 2", "net/a": "x", "net/c/d": ""} {
		if text, err := procfs.ReadSetting(files, path); err != nil || text != want {
			t.Errorf("%s: %q, %v", path, text, err)
		}
	}
	n := 0
	if procfs.Settings(files, "net", enter, func(string, error) bool { n++; return false }) || n != 1 {
		t.Errorf("%d files are handed on after the first was enough", n)
	}
	failed := ""
	procfs.Settings(files, "none", enter,
		func(path string, err error) bool { failed = path + " " + err.Error(); return true })
	if !strings.Contains(failed, "none open /proc/sys/none") {
		t.Error(failed)
	}
}
