package capture

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
	"netql/sources/netlink"
)

// bombEnv makes TestBombs read a file and do nothing else, in a process of its own, whose memory can be told.
const bombEnv = "NETQL_CAPTURE_BOMB"

// cost is what reading a file took.
type cost struct {
	Error    string
	Messages int
	Memory   int // MB, at the most
	Time     time.Duration
}

// TestBombs: whatever a small file unpacks to, opening it and reading all of it takes less than 200 MB and 2 s, and
// the error says what is too much.
func TestBombs(t *testing.T) {
	if path := os.Getenv(bombEnv); path != "" {
		if err := json.NewEncoder(os.Stdout).Encode(readBomb(t, path)); err != nil {
			t.Fatal(err)
		}
		return
	}
	if lab.RaceDetector {
		t.Skip("the bounds are those of the program without the race detector: .ci/run runs this test without it")
	}
	for name, bomb := range bombs(t) {
		path := t.TempDir() + "/bomb"
		if err := os.WriteFile(path, handMade(t, bomb.sections...), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestBombs$")
		cmd.Env = append(os.Environ(), bombEnv+"="+path)
		output, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		var took cost
		if err := json.NewDecoder(bytes.NewReader(output)).Decode(&took); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		t.Logf("%s: %+v", name, took)
		if took.Memory > 200 || took.Time > 2*time.Second {
			t.Errorf("%s takes %d MB and %v", name, took.Memory, took.Time)
		}
		if bomb.err == nil && took.Error != "" || bomb.err != nil && !strings.HasSuffix(took.Error, bomb.err.Error()) {
			t.Errorf("%s: error %q, want %v", name, took.Error, bomb.err)
		}
	}
}

func readBomb(t *testing.T, path string) (took cost) {
	c, err := Open(path)
	if err == nil {
		for range c.System().Netlink.Dump(t.Context(), netlink.Request{}) {
			took.Messages++
		}
		c.facts.owners.Find(t.Context())
	}
	if err != nil {
		took.Error = err.Error()
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &took.Memory); n == 1 {
			took.Memory >>= 10
		}
	}
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	took.Time = time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	return took
}

type bomb struct {
	sections []*section
	err      error // nil if it is small enough
}

// bombs are of everything that is small in the file and large in memory, or takes long: as much as is read, and more.
func bombs(t *testing.T) map[string]bomb {
	made := func(kind byte, raw []byte) *section { return packedSection(t, kind, raw, len(raw)) }
	files := func(n int, f *fileFacts) []*section {
		var b []byte
		for i := range n {
			b = f.append(b, fmt.Sprintf("/%x", i))
		}
		return []*section{made(sectionFiles, b)}
	}
	text := func(size int) []*section {
		return files(1, &fileFacts{content: &content{opened: true, data: make([]byte, size)}})
	}
	failed := &failure{text: "e"}
	allFailed := &fileFacts{content: &content{failure: failed}, listing: &listing{failure: failed},
		link: &link{failure: failed}, stat: &stat{failure: failed}}
	listing := appendUint(appendFailure(appendUint(appendBytes([]byte(nil), "/proc"), factListing), nil), 1<<40)
	entries := func(n int) []*section {
		return []*section{made(sectionFiles, append(slices.Clone(listing), bytes.Repeat([]byte{1, 'a', 0}, n)...))}
	}
	table := func(processes int) []byte {
		return appendUint(appendBool(appendUint(appendFailure(nil, nil), 0), true), processes)
	}
	sockets := func(n int) []*section {
		return []*section{made(sectionOwners, append(table(0), bytes.Repeat([]byte{1, 1, 1}, n)...))}
	}
	processes := func(n int) []*section {
		b := table(n)
		for i := range n {
			b = append(appendUint(b, i), 0, 0)
		}
		return []*section{made(sectionOwners, b)}
	}
	drivers := func(n int) []*section {
		var b []byte
		for i := range n {
			b = (&deviceFacts{}).append(b, fmt.Sprintf("%x", i))
		}
		return []*section{made(sectionDevices, b)}
	}
	statistics := func(n int) []*section {
		b := appendUint(append(appendBool(appendBytes([]byte(nil), "lo"), false), 1, 0), n)
		return []*section{made(sectionDevices, append(b, bytes.Repeat([]byte{1, 'a', 0}, n)...))}
	}
	head := made(sectionAnswer, (&answer{}).appendHead(nil))
	repeated := func(n int, s *section, first ...*section) []*section {
		return append(first, slices.Repeat([]*section{s}, n)...)
	}
	messages := func(size, length int) []*section {
		chunk := bytes.Repeat(appendBytes([]byte{1, 1}, make([]byte, length)), (maxChunk-10)/(length+4))
		return repeated(size/len(chunk), made(sectionMessages, chunk), head)
	}
	return map[string]bomb{
		"a text":             {text(maxMemory - 1000), nil},
		"a large text":       {text(maxMemory), errMemory},
		"files":              {files(maxMemory*9/10/memoryFact, &fileFacts{link: &link{}}), nil},
		"opened files":       {files(maxMemory*9/10/memoryFact, &fileFacts{content: &content{opened: true}}), nil},
		"failed files":       {files(maxMemory*7/10/memoryFact/4, allFailed), nil},
		"too many files":     {files(maxMemory/memoryFact, &fileFacts{link: &link{}}), errMemory},
		"directory":          {entries(maxMemory / (memoryEntry + 1)), errMemory},
		"sockets":            {sockets(maxMemory * 9 / 10 / memorySocket), nil},
		"too many sockets":   {sockets(maxMemory / memorySocket), errMemory},
		"processes":          {processes(maxMemory * 9 / 10 / memoryProcess), nil},
		"too many processes": {processes(maxMemory / memoryProcess), errMemory},
		"drivers":            {drivers(maxMemory * 9 / 10 / memoryDevice), nil},
		"statistics":         {statistics(maxMemory * 9 / 10 / (memoryStatistic + 4)), nil},
		"answers":            {repeated(maxMemory*7/10/memoryAnswer, head), nil},
		"too many answers":   {repeated(maxMemory/memoryAnswer, head), errMemory},
		"empty sections":     {repeated(maxMemory*9/10/memorySection, &section{kind: sectionFiles}), nil},
		"messages":           {messages(freeData, 1000), nil},
		"small messages":     {messages(freeData, 0), nil},
		"too many messages":  {messages(2*freeData, 1000), errMessages},
	}
}
