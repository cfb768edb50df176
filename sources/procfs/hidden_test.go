package procfs

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"

	"netql/sources/vfs/vfstest"
)

// TestHidden: whether mount options of /proc hide processes from a process with these groups and capabilities.
func TestHidden(t *testing.T) {
	const ordinary = "Name:\tx\nGid:\t1\t2\t3\t1000\nGroups:\t27 100 \nCapEff:\t0000000000000000\n"
	const capable = "Gid:\t0\t0\t0\t0\nGroups:\t \nCapEff:\t0000000000080000\n" // CAP_SYS_PTRACE is number 19
	for _, test := range []struct {
		options, status string
		hidden          bool
	}{
		{"rw", ordinary, false},
		{"rw,hidepid=1", ordinary, false}, // they are listed, and closed
		{"rw,hidepid=noaccess", ordinary, false},
		{"rw,hidepid=2", ordinary, true},
		{"rw,hidepid=invisible", ordinary, true},
		{"rw,hidepid=2", capable, false},
		{"rw,hidepid=2", strings.Replace(ordinary, "27 100", "27 0", 1), false}, // the group is 0 without option gid
		{"rw,gid=100,hidepid=2", ordinary, false},
		{"rw,gid=1000,hidepid=2", ordinary, false},
		{"rw,gid=3,hidepid=2", ordinary, true},
		{"rw,gid=100,hidepid=4", ordinary, true},
		{"rw,gid=100,hidepid=ptraceable", ordinary, true},
		{"rw,hidepid=4", capable, false},
	} {
		files := vfstest.Files{
			"/proc/1/stat": {}, "/proc/self/status": {Text: test.status},
			"/proc/self/mountinfo": {Text: "21 1 0:5 / /proc rw - proc proc rw,hidepid=2\n" + // covered by the next one
				"22 1 0:6 / /proc rw - proc proc " + test.options + "\n" +
				"23 1 0:7 / /jail/proc rw - proc proc rw,hidepid=4\n"},
		}
		pids, err := Processes(files)
		if !slices.Equal(pids, []int{1}) || errors.Is(err, ErrHidden) != test.hidden || err != nil && !test.hidden {
			t.Errorf("%s, %q: %v, %v", test.options, test.status, pids, err)
		}
	}
}

// TestHiddenUnknown: files that cannot be read, or are damaged, do not pass for ones that say that nothing is hidden.
func TestHiddenUnknown(t *testing.T) {
	hides := vfstest.File{Text: "22 1 0:6 / /proc rw - proc proc rw,hidepid=2\n"}
	for name, files := range map[string]vfstest.Files{
		"no mounts":      {"/proc/self/mountinfo": {Err: syscall.EMFILE}},
		"damaged mounts": {"/proc/self/mountinfo": {Text: "x\n"}},
		"no status":      {"/proc/self/mountinfo": hides, "/proc/self/status": {Err: syscall.EIO}},
		"damaged groups": {"/proc/self/mountinfo": hides, "/proc/self/status": {Text: "Groups:\tx\n"}},
	} {
		files["/proc/1/stat"] = vfstest.File{}
		if pids, err := Processes(files); len(pids) != 1 || err == nil || errors.Is(err, ErrHidden) {
			t.Errorf("%s: %v, %v", name, pids, err)
		}
	}
}

func TestParseCredentials(t *testing.T) {
	for text, want := range map[string]Credentials{
		"":          {},
		"Gid:\t1\n": {},
		"Gid:\t1\t2\t3\t4\nGroups:\t5 4294967295 \nCapEff:\tffffffffffffffff\n": {[]int{4, 5, 1<<32 - 1}, 1<<64 - 1},
		"Groups:\t\nCapEff:\t0000000000000001\nCapBnd:\tff\n":                   {nil, 1},
	} {
		if got, err := ParseCredentials(strings.NewReader(text)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"Groups:\t-1\n":    `line 1: strconv.ParseUint: parsing "-1": invalid syntax: "Groups:\t-1"`,
		"Gid:\t0 0 0 x\n":  `line 1: strconv.ParseUint: parsing "x": invalid syntax: "Gid:\t0 0 0 x"`,
		"\nCapEff:\t1 2\n": `line 2: strconv.ParseUint: parsing "1 2": invalid syntax: "CapEff:\t1 2"`,
		"Groups:\t4294967296\n": `line 1: strconv.ParseUint: parsing "4294967296": value out of range: ` +
			`"Groups:\t4294967296"`,
	} {
		if _, err := ParseCredentials(strings.NewReader(text)); fmt.Sprint(err) != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
