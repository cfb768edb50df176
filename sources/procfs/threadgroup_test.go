package procfs

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"

	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

// listed are files of which the directories that are listed are noted.
type listed struct {
	vfstest.Files
	dirs *[]string
}

func (l listed) ReadDir(path string) ([]vfs.Entry, error) {
	*l.dirs = append(*l.dirs, path)
	return l.Files.ReadDir(path)
}

// TestProcessesAmong: threads, whose directories /proc does not list, and numbers of none are left out; where /proc may
// hide processes, or a directory does not tell, it is listed.
func TestProcessesAmong(t *testing.T) {
	files := func(options string) vfstest.Files {
		return vfstest.Files{
			"/proc/1/status": {Text: "Tgid:\t1\n"}, "/proc/9/status": {Text: "Name:\ta\nTgid:\t9\n"},
			"/proc/10/status": {Text: "Tgid:\t9\n"}, "/proc/11/status": {Text: "Tgid:\t11\n"},
			"/proc/self/status":    {Text: "Gid:\t1\t1\t1\t1\nCapEff:\t0\n"},
			"/proc/self/mountinfo": {Text: "22 21 0:5 / /proc rw - proc proc " + options + "\n"},
		}
	}
	everything := []int{1, 9, 10, 11}
	for name, test := range map[string]struct {
		options string
		change  vfstest.Files
		numbers []int
		want    []int
		err     error
		listed  bool
	}{
		"sorted":      {"rw", nil, []int{11, 9, 11}, []int{9, 11}, nil, false},
		"none":        {"rw", nil, nil, nil, nil, false},
		"a thread":    {"rw", nil, []int{10}, nil, nil, false},
		"no process":  {"rw", nil, []int{7}, nil, nil, false},
		"it exits":    {"rw", vfstest.Files{"/proc/9/status": {Err: syscall.ESRCH}}, []int{9}, nil, nil, false},
		"hidden":      {"rw,hidepid=2", nil, []int{9}, everything, ErrHidden, true},
		"not allowed": {"rw", vfstest.Files{"/proc/9/status": {Err: syscall.EPERM}}, []int{9}, everything, nil, true},
		"no group":    {"rw", vfstest.Files{"/proc/9/status": {}}, []int{9}, everything, nil, true},
		"process 1 is missing": {"rw", vfstest.Files{"/proc/1/status": {Err: syscall.ENOENT},
			"/proc/1": {Err: syscall.ENOENT}}, []int{9}, everything, nil, true},
	} {
		f := files(test.options)
		for path, file := range test.change {
			f[path] = file
		}
		var dirs []string
		pids, err := ProcessesAmong(listed{f, &dirs}, test.numbers)
		if !slices.Equal(pids, test.want) || !errors.Is(err, test.err) || (len(dirs) > 0) != test.listed {
			t.Errorf("%s: %v, %v, listed %q; want %v, %v", name, pids, err, dirs, test.want, test.err)
		}
	}
}

func TestParseThreadGroup(t *testing.T) {
	for text, want := range map[string]string{
		"Name:\tTgid:\\t7\nTgid:\t12\nNgid:\t0\n": "12 <nil>",
		"Name:\tx\n": "0 there is no Tgid line",
		"Tgid:\n":    `0 line 1: there is no number of the process: "Tgid:"`,
	} {
		group, err := ParseThreadGroup(strings.NewReader(text))
		if got := fmt.Sprint(group, " ", err); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
