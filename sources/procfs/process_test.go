package procfs

import (
	"errors"
	"io/fs"
	"reflect"
	"strings"
	"testing"

	"netql/sources/vfs/vfstest"
)

// statLine is a real line, but for the command.
const statRest = " S 7 1234 1230 34816 1234 4194304 99 0 0 0 1 2 0 0 20 0 1 0 4711 3149824 300 18446744073709551615 " +
	"1 1 0 0 0 0 0\n"

func TestParseStat(t *testing.T) {
	for _, command := range []string{"sh", "", ")", "x) y", "(sd-pam)", ") S 1 1 1", "a\nb", "\xff(", "((", "1 (2) 3"} {
		got, err := ParseStat([]byte("1234 (" + command + ")" + statRest))
		want := Stat{PID: 1234, Command: command, State: 'S', PPID: 7, Session: 1230, Threads: 1, StartTime: 4711}
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v", command, got, err)
		}
	}
	thread, err := ParseStat([]byte("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 2 0 0 1 0 0 0\n"))
	if err != nil || !thread.Kernel || thread.PPID != 0 {
		t.Errorf("a kernel thread: %+v, %v", thread, err)
	}
	for name, text := range map[string]string{
		"empty":         "",
		"no command":    "1234 sh" + statRest,
		"reversed":      "1234 )sh(" + statRest,
		"cut":           "1234 (sh) S 7 1234",
		"pid no number": "x (sh)" + statRest,
		"parent":        "1 (sh)" + strings.Replace(statRest, " 7 ", " y ", 1),
		"state":         "1 (sh)" + strings.Replace(statRest, " S ", " SS ", 1),
	} {
		if got, err := ParseStat([]byte(text)); err == nil || got != (Stat{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestParseCmdline(t *testing.T) {
	for text, want := range map[string][]string{
		"":                         nil,
		"\x00":                     nil,
		"sh\x00":                   {"sh"},
		"sh":                       {"sh"},
		"sh\x00-c\x00a b\x00":      {"sh", "-c", "a b"},
		"sh\x00\x00x\x00":          {"sh", "", "x"},
		"sshd: root\x00\x00\x00":   {"sshd: root"},
		"a\nb\x00\xff\x1b[31m\x00": {"a\nb", "\xff\x1b[31m"},
	} {
		if got := ParseCmdline([]byte(text)); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestParseCgroups(t *testing.T) {
	text := "12:cpu,cpuacct:/a:b\n1:name=systemd:/init.scope\n0::/system.slice/ssh.service (deleted)\n"
	got, err := ParseCgroups(strings.NewReader(text))
	want := []Cgroup{
		{"12", []string{"cpu", "cpuacct"}, "/a:b"},
		{"1", []string{"name=systemd"}, "/init.scope"},
		{"0", nil, "/system.slice/ssh.service"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = ParseCgroups(strings.NewReader("0::/x\ntorn"))
	if len(got) != 1 || err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestCgroupPath(t *testing.T) {
	for text, want := range map[string]string{
		"":                                      "",
		"0::/\n":                                "/",
		"0::/a.slice\n":                         "/a.slice",
		"1:name=systemd:/b\n0::/a\n":            "/b",
		"0::/a\n1:name=systemd:/b\n":            "/b",
		"0::/a\n1:name=systemd:/\n":             "/a",
		"1:name=systemd:/b\n0::/\n":             "/b",
		"0::/\n1:name=systemd:/b\n":             "/b",
		"3:memory:/m\n1:name=systemd:/b\n":      "/b",
		"3:memory:/m\n":                         "/m",
		"3:memory:/m\n2:cpuset:/\n":             "/m",
		"3:memory:/\n":                          "/",
		"9:name=systemd:/\n4:memory:/x\n0::/\n": "/x",
	} {
		list, err := ParseCgroups(strings.NewReader(text))
		if got := CgroupPath(list); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestReadProcess(t *testing.T) {
	files := vfstest.Files{
		"/proc/7/stat":    {Text: "7 (x) y)" + statRest},
		"/proc/7/cmdline": {Text: "x\x00y\x00"},
		"/proc/7/cgroup":  {Text: "0::/z\n"},
		"/proc/8/stat":    {Text: "garbage"},
		"/proc/8/cgroup":  {Text: "garbage"},
	}
	stat, err := ReadStat(files, 7)
	if err != nil || stat.PID != 7 || stat.Command != "x) y" {
		t.Errorf("stat: %+v, %v", stat, err)
	}
	cmdline, err := ReadCmdline(files, 7)
	if err != nil || !reflect.DeepEqual(cmdline, []string{"x", "y"}) {
		t.Errorf("cmdline: %q, %v", cmdline, err)
	}
	cgroups, err := ReadCgroups(files, 7)
	if err != nil || CgroupPath(cgroups) != "/z" {
		t.Errorf("cgroup: %+v, %v", cgroups, err)
	}
	if _, err := ReadStat(files, 8); err == nil || !strings.HasPrefix(err.Error(), "/proc/8/stat: ") {
		t.Errorf("garbage: %v", err)
	}
	if _, err := ReadCgroups(files, 8); err == nil || !strings.HasPrefix(err.Error(), "/proc/8/cgroup: line 1: ") {
		t.Errorf("garbage: %v", err)
	}
	_, statErr := ReadStat(files, 9)
	_, cmdlineErr := ReadCmdline(files, 9)
	_, cgroupErr := ReadCgroups(files, 9)
	for _, err := range []error{statErr, cmdlineErr, cgroupErr} {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("no process: %v", err)
		}
	}
}
