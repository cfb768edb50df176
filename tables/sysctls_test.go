package tables_test

import (
	"io"
	"io/fs"
	"os/exec"
	"strings"
	"testing"

	"netql/sources"
	"netql/sources/lab"
	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

// TestSysctls: the settings are those that sysctl(8) lists, with its values.
func TestSysctls(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "sysctl", "ip")
		ip(t, "link", "add", "a.b", "type", "veth")
		setSysctl(t, "net/ipv4/conf/a.b/rp_filter", "2")
		setSysctl(t, "net/ipv4/ip_local_reserved_ports", "8080,9148")
		output, err := exec.Command("sysctl", "-a", "--deprecated").Output() // it fails where a key is not set
		if len(output) == 0 {
			t.Fatal(err)
		}
		want, n := map[string]string{}, 0
		for line := range strings.Lines(string(output)) {
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " =")
			want[name] = strings.ReplaceAll(strings.TrimPrefix(value, " "), "\t", " ")
		}
		for _, r := range live(t, "sysctls | select name, value") {
			name := r["name"].(string)
			value, listed := want[name]
			switch {
			case r["value"] == nil:
				if !strings.HasSuffix(name, "stable_secret") && !strings.HasSuffix(name, "tcp_fastopen_key") &&
					!strings.HasSuffix(name, "netdev_rss_key") {
					t.Errorf("%s is not read", name)
				}
			case !listed || value != r["value"]:
				t.Errorf("%s = %q, sysctl says %q (%v)", name, r["value"], value, listed)
			}
			if strings.HasPrefix(name, "net.") {
				n++
			}
			delete(want, name)
		}
		for name := range want {
			if strings.HasPrefix(name, "net.") {
				t.Errorf("%s is missing", name)
			}
		}
		if n < 300 {
			t.Errorf("only %d settings", n)
		}
		same(t, "an interface", lines(live(t, `sysctls name == "net.ipv4.conf.a/b.rp_filter" | select *`)), []string{
			"changed=true default=0 elements=- integer=2 interface=a.b name=net.ipv4.conf.a/b.rp_filter " +
				"scope=namespace value=2"})
		same(t, "changed", lines(live(t, `sysctls changed and (interface == "a.b" or name contains "reserved") | `+
			"select name, value, integer")), []string{
			"integer=- name=net.ipv4.ip_local_reserved_ports value=8080,9148",
			"integer=2 name=net.ipv4.conf.a/b.rp_filter value=2"})
	})
}

// sysctlFiles are a few settings.
func sysctlFiles() vfstest.Files {
	return vfstest.Files{
		"/proc/sys/fs/file-max":                         {Text: "100\n"},
		"/proc/sys/net/core/rmem_max":                   {Text: "212992\n"},
		"/proc/sys/net/ipv4/ip_forward":                 {Text: "1\n"},
		"/proc/sys/net/ipv4/tcp_rmem":                   {Text: "4096\t131072\t6291456\n"},
		"/proc/sys/net/ipv4/tcp_fastopen_key":           {Text: "secret\n"},
		"/proc/sys/net/ipv4/route/flush":                {Text: "-1\n"},
		"/proc/sys/net/ipv4/conf/eth0.1/rp_filter":      {Text: "0\n"},
		"/proc/sys/net/ipv6/conf/eth0.1/stable_secret":  {Text: "secret\n"},
		"/proc/sys/net/ipv6/neigh/default/gc_thresh3":   {Text: "1024\n"},
		"/proc/sys/net/ipv6/neigh/eth0.1/mcast_solicit": {Text: "18446744073709551616\n"},
		"/proc/sys/net/new/thing":                       {Text: "\n"},
	}
}

// TestSysctlsMade: what a name, a value and a place among the directories say.
func TestSysctlsMade(t *testing.T) {
	a := ask(t, &sources.System{Files: sysctlFiles()}, "sysctls | select *")
	same(t, "settings", lines(a.rows), []string{
		"changed=- default=- elements=- integer=100 interface=- name=fs.file-max scope=machine value=100",
		"changed=- default=- elements=- integer=212992 interface=- name=net.core.rmem_max scope=machine value=212992",
		"changed=false default=0 elements=- integer=0 interface=eth0.1 name=net.ipv4.conf.eth0/1.rp_filter " +
			"scope=namespace value=0",
		"changed=true default=0 elements=- integer=1 interface=- name=net.ipv4.ip_forward scope=namespace value=1",
		"changed=- default=- elements=- integer=-1 interface=- name=net.ipv4.route.flush scope=namespace value=-1",
		"changed=- default=- elements=- integer=- interface=- name=net.ipv4.tcp_fastopen_key scope=namespace value=-",
		"changed=- default=- elements=[\"4096\",\"131072\",\"6291456\"] integer=- interface=- name=net.ipv4.tcp_rmem " +
			"scope=namespace value=4096 131072 6291456",
		"changed=- default=- elements=- integer=- interface=eth0.1 name=net.ipv6.conf.eth0/1.stable_secret " +
			"scope=namespace value=-",
		"changed=false default=1024 elements=- integer=1024 interface=- name=net.ipv6.neigh.default.gc_thresh3 " +
			"scope=machine value=1024",
		"changed=true default=3 elements=- integer=- interface=eth0.1 name=net.ipv6.neigh.eth0/1.mcast_solicit " +
			"scope=namespace value=18446744073709551616",
		"changed=- default=- elements=- integer=- interface=- name=net.new.thing scope=- value=",
	})
	expectWarnings(t, "settings", a.warnings, nil)
}

// reads are files that note which are opened, in their order, and of which some may not be.
type reads struct {
	vfstest.Files
	refused string
	opened  *[]string
}

func (r reads) Open(path string) (io.ReadCloser, error) {
	*r.opened = append(*r.opened, strings.TrimPrefix(path, "/proc/sys/"))
	if strings.Contains(path, r.refused) {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
	}
	return r.Files.Open(path)
}

// TestSysctlsRead: only files are read whose names the conditions allow, never those of keys.
func TestSysctlsRead(t *testing.T) {
	for condition, want := range map[string]string{
		`name == "net.ipv4.ip_forward"`:                                 "net/ipv4/ip_forward",
		`name in ["net.ipv4.ip_forward", "fs.file-max", "none", "net"]`: "fs/file-max net/ipv4/ip_forward",
		`name == "net.ipv4"`:                                            "",
		`name == "net.//.//.//.etc.passwd"`:                             "",
		`name == "kernel.hostname"`:                                     "",
		`name startsWith "net.ipv4.conf.eth0/"`:                         "net/ipv4/conf/eth0.1/rp_filter",
		`name startsWith "net.core" or name startsWith "fs"`: "fs/epoll/max_user_watches fs/file-max " +
			"fs/nr_open net/core/rmem_max",
		`name endsWith "rmem" and value != nil`:         "net/ipv4/tcp_rmem",
		`name contains "secret" or name contains "key"`: "",
	} {
		var opened []string
		system := &sources.System{Files: reads{sysctlFiles(), "none", &opened}}
		ask(t, system, "sysctls "+condition)
		if got := strings.Join(opened, " "); got != want {
			t.Errorf("%s reads %s, want %s", condition, got, want)
		}
	}
}

// unlistable are files with a directory that may not be listed.
type unlistable struct {
	vfstest.Files
	dir string
}

func (u unlistable) ReadDir(path string) ([]vfs.Entry, error) {
	if path == u.dir {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission}
	}
	return u.Files.ReadDir(path)
}

// TestSysctlsDegraded: what the user may not read is NULL, and one warning; another error costs its row.
func TestSysctlsDegraded(t *testing.T) {
	var opened []string
	a := ask(t, &sources.System{Files: reads{sysctlFiles(), "/ipv4/", &opened}}, "sysctls name contains 'ipv4'")
	expectWarnings(t, "refused", a.warnings,
		[]string{"only root may read net.ipv4.conf.eth0/1.rp_filter and 3 other settings"})
	for _, r := range a.rows {
		if r["value"] != nil {
			t.Errorf("%v", r)
		}
	}
	if len(a.rows) != 5 {
		t.Errorf("%d rows", len(a.rows))
	}
	expectWarnings(t, "a directory", ask(t, &sources.System{Files: unlistable{sysctlFiles(), "/proc/sys/net/ipv6"}},
		"sysctls").warnings, []string{"not all settings could be read: open /proc/sys/net/ipv6: permission denied"})
}
