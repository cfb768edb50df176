package procfs

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

func TestProcesses(t *testing.T) {
	files := vfstest.Files{
		"/proc/1/stat": {}, "/proc/10/stat": {}, "/proc/9/stat": {}, "/proc/self": {}, "/proc/net/tcp": {},
		"/proc/-1": {}, "/proc/0": {},
		"/proc/9/exe":    {Link: "/bin/x (deleted)"},
		"/proc/9/ns/net": {Link: "net:[42]"},
		"/proc/9/ns/pid": {Link: "nonsense"},
	}
	if pids, err := Processes(files); err != nil || !slices.Equal(pids, []int{1, 9, 10}) {
		t.Errorf("%v, %v", pids, err)
	}
	delete(files, "/proc/1/stat")
	if pids, err := Processes(files); !errors.Is(err, ErrHidden) || !slices.Equal(pids, []int{9, 10}) {
		t.Errorf("without process 1: %v, %v", pids, err)
	}
	if _, err := Processes(vfstest.Files{"/proc": {Dir: true}}); !errors.Is(err, ErrNotMounted) {
		t.Errorf("an empty /proc: %v", err)
	}
	if _, err := Processes(vfstest.Files{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no /proc: %v", err)
	}
	if exe, err := ReadExecutable(files, 9); err != nil || exe != "/bin/x (deleted)" {
		t.Errorf("%q, %v", exe, err)
	}
	if inode, err := ReadNamespaceOf(files, 9, "net"); err != nil || inode != 42 {
		t.Errorf("%d, %v", inode, err)
	}
	if _, err := ReadNamespaceOf(files, 9, "pid"); err == nil || !strings.HasPrefix(err.Error(), "/proc/9/ns/pid: ") {
		t.Errorf("nonsense: %v", err)
	}
	_, gone := ReadNamespaceOf(files, 10, "net")
	for err, want := range map[error]bool{gone: true, syscall.ESRCH: true, fs.ErrPermission: false,
		errors.New("x"): false} {
		if Gone(fmt.Errorf("read: %w", err)) != want {
			t.Errorf("%v: gone is %v", err, !want)
		}
	}
}

func TestParseEffectiveUser(t *testing.T) {
	for text, want := range map[string]string{
		"Name:\tUid:\\n\nState:\tS\nUid:\t1\t2\t3\t4\nGid:\t9\t9\n": "2 <nil>",
		"Uid:\t4294967294\t4294967294\n":                            "4294967294 <nil>",
		"":                                                          "0 there is no Uid line",
		"Uid:\t1\n":                                                 `0 line 1: there is no effective user: "Uid:\t1"`,
		"\nUid:\t1\tx\n": `0 line 2: strconv.ParseUint: parsing "x": ` +
			`invalid syntax: "Uid:\t1\tx"`,
	} {
		uid, err := ParseEffectiveUser(strings.NewReader(text))
		if got := fmt.Sprint(uid, " ", err); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestParseFiltered(t *testing.T) {
	for text, want := range map[string]bool{
		"Name:\tSeccomp:\t2\\n\nSeccomp:\t0\n": false, "Seccomp:\t1\n": false, "Seccomp:\t2\n": true, "": false,
		"Seccomp_filters:\t2\n": false,
	} {
		if got, err := ParseFiltered(strings.NewReader(text)); got != want || err != nil {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func TestBootTime(t *testing.T) {
	files := vfstest.Files{"/proc/stat": {Text: "cpu  1 2\nbtime 1700000000\n"},
		"/proc/uptime": {Text: "12.34 99.1\n"}}
	if boot, err := ReadBootTime(files); err != nil || !boot.Equal(time.Unix(1700000000, 0)) {
		t.Errorf("%v, %v", boot, err)
	}
	if uptime, err := ReadUptime(files); err != nil || uptime != 12340*time.Millisecond {
		t.Errorf("%v, %v", uptime, err)
	}
	broken := vfstest.Files{"/proc/stat": {Text: "cpu 1\n"}, "/proc/uptime": {Text: "-5 1\n"}}
	for path, read := range map[string]func(vfs.Files) error{
		"/proc/stat":   func(files vfs.Files) error { _, err := ReadBootTime(files); return err },
		"/proc/uptime": func(files vfs.Files) error { _, err := ReadUptime(files); return err },
	} {
		if err := read(broken); err == nil || !strings.HasPrefix(err.Error(), path+": ") {
			t.Errorf("broken: %v", err)
		}
		if err := read(vfstest.Files{}); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("no file: %v", err)
		}
	}
	if _, err := ParseBootTime(strings.NewReader("btime -1\n")); err == nil {
		t.Error("a boot before the epoch")
	}
}
