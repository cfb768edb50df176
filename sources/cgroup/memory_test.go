package cgroup

import (
	"os"
	"testing"

	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

// TestMemoryLimit: the least limit of the groups that a process is in counts, in either version.
func TestMemoryLimit(t *testing.T) {
	const none = -1
	type files = map[string]string
	for name, test := range map[string]struct {
		groups string
		limits files
		want   int64
	}{
		"version 2": {"0::/a/b\n", files{"/sys/fs/cgroup/a/b/memory.max": "1000\n"}, 1000},
		"above it": {"0::/a/b\n",
			files{"/sys/fs/cgroup/a/b/memory.max": "max\n", "/sys/fs/cgroup/a/memory.max": "500\n"}, 500},
		"the root of a container": {"0::/\n", files{"/sys/fs/cgroup/memory.max": "70\n"}, 70},
		"none":                    {"0::/a\n", files{"/sys/fs/cgroup/a/memory.max": "max\n"}, none},
		"version 1": {"5:cpu:/x\n4:memory:/a\n0::/\n",
			files{"/sys/fs/cgroup/memory/a/memory.limit_in_bytes": "2000\n",
				"/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 2000},
		"none in version 1": {"4:memory:/\n",
			files{"/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, none},
		"beside version 1": {"0::/a\n", files{"/sys/fs/cgroup/unified/a/memory.max": "9\n"}, 9},
		"a path that leaves": {"0::/../../x\n",
			files{"/sys/fs/cgroup/x/memory.max": "8\n", "/x/memory.max": "1\n"}, 8},
		"nonsense": {"0::/\n", files{"/sys/fs/cgroup/memory.max": "-3\n"}, none},
		"nothing":  {"", files{}, none},
	} {
		tree := vfstest.Files{"/proc/7/cgroup": {Text: test.groups}}
		for path, text := range test.limits {
			tree[path] = vfstest.File{Text: text}
		}
		got, ok := MemoryLimit(tree, 7)
		if ok != (test.want != none) || ok && got != test.want {
			t.Errorf("%s: %d, %v; want %d", name, got, ok, test.want)
		}
	}
	MemoryLimit(vfs.Machine, os.Getpid()) // whatever it is, it can be asked for
}
