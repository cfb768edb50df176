package capture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/vfs"
)

// small is a capture of a few hundred bytes.
func small(t testing.TB) []byte {
	t.Helper()
	f := newFacts()
	f.files["/proc/x"] = &fileFacts{content: &content{opened: true, data: []byte("text")},
		stat: &stat{Info: vfs.Info{Mode: 0o444, Inode: 7}}}
	f.files["/proc"] = &fileFacts{listing: &listing{entries: []vfs.Entry{{Name: "x"}}},
		stat: &stat{failure: &failure{text: "gone", errno: 2}}}
	f.files["/link"] = &fileFacts{link: &link{target: "/proc/x"}}
	a := &answer{request: netlink.Request{Type: 18, Payload: []byte{1, 2}}, failure: failureOf(netlink.ErrInterrupted)}
	a.add(netlink.Message{Type: 16, Data: []byte("message")})
	f.answers = append(f.answers, a)
	table, _ := finder{}.Find(t.Context())
	f.owners = &ownersFact{asked: true, table: table}
	return written(t, f)
}

func written(t testing.TB, f *facts) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, Manifest{Host: "box", ByteOrder: byteOrder()}, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestCutOff: a capture that ends early is refused, wherever it ends.
func TestCutOff(t *testing.T) {
	whole := small(t)
	if _, err := read(bytes.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		_, err := read(bytes.NewReader(whole[:n]))
		if n == 0 && errors.Is(err, errForeign) {
			continue
		}
		if !errors.Is(err, errDamaged) {
			t.Errorf("%d bytes of %d: %v", n, len(whole), err)
		}
	}
	if _, err := read(bytes.NewReader(append(bytes.Clone(whole), 0))); !errors.Is(err, errDamaged) {
		t.Errorf("a byte behind the end: %v", err)
	}
}

// TestFlipped: no bit of a capture can change unnoticed.
func TestFlipped(t *testing.T) {
	whole := small(t)
	for i := range whole {
		for bit := range 8 {
			b := bytes.Clone(whole)
			b[i] ^= 1 << bit
			if _, err := read(bytes.NewReader(b)); err == nil {
				t.Errorf("bit %d of byte %d of %d", bit, i, len(whole))
			}
		}
	}
}

// TestForeign: files that are none are told apart from those of a newer netql, of another machine, and damaged ones.
func TestForeign(t *testing.T) {
	newer := small(t)
	binary.LittleEndian.PutUint32(newer[len(magic):], formatVersion+1)
	other := map[string]string{"little": "big", "big": "little"}[byteOrder()]
	var endian bytes.Buffer
	if err := write(&endian, Manifest{ByteOrder: other}, newFacts()); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ content, message string }{
		"empty":   {"", "the file is empty"},
		"text":    {"# Netid State Recv-Q Send-Q\n", "it is no capture of netql"},
		"short":   {"x", "it is no capture of netql"},
		"gzip":    {"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", "it is no capture of netql"},
		"as text": {strings.Replace(string(small(t)), "\r\n", "\n", 1), "it is no capture of netql"},
		"zeros":   {strings.Repeat("\x00", 1000), "it is no capture of netql"},
		"newer":   {string(newer), "a newer netql wrote it, in version 4 of the format, and this one reads version 3"},
		"endian":  {endian.String(), "it was recorded on a " + other + "-endian machine"},
	} {
		if _, err := read(strings.NewReader(test.content)); err == nil || !strings.Contains(err.Error(), test.message) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// file is a capture of hand-made sections, all with the right checksum.
func handMade(t testing.TB, list ...*section) []byte {
	t.Helper()
	b := bytes.NewBuffer(binary.LittleEndian.AppendUint32([]byte(magic), formatVersion))
	manifest := []byte(fmt.Sprintf(`{"byte_order":%q}`, byteOrder()))
	list = append([]*section{{sectionManifest, block{packed: manifest, size: len(manifest)}}}, list...)
	list = append(list, &section{sectionEnd, block{packed: appendUint(nil, len(list)), size: 1}})
	for _, s := range list {
		if err := s.write(b); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// packedSection packs data, and says of it what somebody wants to be said.
func packedSection(t testing.TB, kind byte, raw []byte, size int) *section {
	t.Helper()
	s := &section{kind, block{raw: raw}}
	if err := packAll([]*block{&s.block}); err != nil {
		t.Fatal(err)
	}
	s.size = size
	return s
}

// TestHostile: files that somebody made to do harm are refused, or give an error when they are read.
func TestHostile(t *testing.T) {
	made := func(kind byte, raw []byte) *section { return packedSection(t, kind, raw, len(raw)) }
	path := func(name string) []byte { return (&fileFacts{content: &content{opened: true}}).append(nil, name) }
	entry := func(name string) []byte {
		return (&fileFacts{listing: &listing{entries: []vfs.Entry{{Name: name}}}}).append(nil, "/proc")
	}
	huge := appendUint(appendBytes([]byte(nil), "/proc"), uint64(1)<<63)
	head := (&answer{}).appendHead(nil)
	for name, list := range map[string][]*block{
		"relative path":      {{raw: path("etc/passwd")}},
		"climbing path":      {{raw: path("/proc/../../etc/passwd")}},
		"long way":           {{raw: path("/proc//net")}},
		"empty path":         {{raw: path("")}},
		"climbing entry":     {{raw: entry("..")}},
		"entry with a slash": {{raw: entry("a/b")}},
		"entry of itself":    {{raw: entry(".")}},
		"entry of no name":   {{raw: entry("")}},
		"absurd length":      {{raw: append(appendUint([]byte(nil), uint64(1)<<60), "/proc"...)}},
		"absurd kind":        {{raw: huge}},
		"absurd count": {{raw: appendUint(appendBool(appendUint(appendBytes([]byte(nil), "/proc"), factListing),
			false), uint64(1)<<50)}},
	} {
		if _, err := read(bytes.NewReader(handMade(t, made(sectionFiles, list[0].raw)))); !errors.Is(err,
			errMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	zeros := make([]byte, 64<<20)
	for name, list := range map[string][]*section{
		"unknown section":       {made('X', []byte("x"))},
		"messages of no answer": {made(sectionMessages, []byte("x"))},
		"two manifests":         {{sectionManifest, block{packed: []byte("{}"), size: 2}}},
		"more than it says":     {packedSection(t, sectionFiles, path("/proc"), 1)},
		"less than it says":     {packedSection(t, sectionFiles, path("/proc"), 1000)},
		"not packed":            {{sectionFiles, block{packed: []byte("garbage"), size: 7}}},
		"bomb that lies":        {packedSection(t, sectionFiles, zeros, 10)},
		"bomb that does not":    {packedSection(t, sectionFiles, zeros, 256<<20)},
		"many bombs":            {made(sectionFiles, zeros), made(sectionFiles, zeros)},
		"large messages":        {made(sectionAnswer, head), packedSection(t, sectionMessages, zeros, len(zeros))},
		"absurd owners":         {made(sectionOwners, bytes.Repeat([]byte{0xff}, 100))},
		"absurd answer":         {made(sectionAnswer, bytes.Repeat([]byte{0xff}, 100))},
	} {
		if _, err := read(bytes.NewReader(handMade(t, list...))); err == nil {
			t.Errorf("%s is read", name)
		}
	}
	malformed := handMade(t, made(sectionAnswer, head), made(sectionMessages, bytes.Repeat([]byte{0xff}, 100)))
	c, err := read(bytes.NewReader(malformed))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dump(t, c.System(), netlink.Request{}); !errors.Is(err, errMalformed) {
		t.Errorf("malformed messages: %v", err)
	}
}

// TestBounded: a small file that says it is large takes neither memory nor time.
func TestBounded(t *testing.T) {
	lies := handMade(t)
	lies = lies[:len(lies)-sectionHeader-1]
	liar := &section{sectionFiles, block{size: maxMemory}}
	head := liar.head()
	binary.LittleEndian.PutUint32(head[8:], maxPacked)
	lies = append(lies, append(head, 0, 0, 0, 0)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	used := processorTime(t)
	if _, err := read(bytes.NewReader(lies)); !errors.Is(err, errDamaged) {
		t.Errorf("error %v", err)
	}
	runtime.ReadMemStats(&after)
	used = processorTime(t) - used
	if bytes := after.TotalAlloc - before.TotalAlloc; bytes > 1<<20 || used > time.Second {
		t.Errorf("%d bytes and %v", bytes, used)
	}
}

// processorTime is the time for which this process has had a processor.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// TestManyItems: what is small in a file and large in memory is counted, before there is too much of it.
func TestManyItems(t *testing.T) {
	const n = 1000
	held := appendUint(appendBool(appendUint(appendFailure(nil, nil), 0), true), 0) // no process
	listing := appendUint(appendFailure(appendUint(appendBytes([]byte(nil), "/proc"), factListing), nil), n)
	for name, test := range map[string]struct {
		kind       byte
		head, item []byte
	}{
		"owners":  {sectionOwners, held, []byte{1, 1, 1}},
		"listing": {sectionFiles, listing, []byte{1, 'a', 0}},
		"files":   {sectionFiles, nil, (&fileFacts{link: &link{}}).append(nil, "/x")},
	} {
		raw := append(test.head, bytes.Repeat(test.item, n)...)
		take := func(room int) (left int, err error) {
			l := &loader{Capture: Capture{facts: newFacts()}, sections: 1, memoryLeft: room}
			err = l.take(packedSection(t, test.kind, raw, len(raw)))
			return l.memoryLeft, err
		}
		left, err := take(maxMemory)
		used := maxMemory - left
		if err != nil || used < len(raw)+n*memoryEntry {
			t.Errorf("%s: %d bytes, %v", name, used, err)
		}
		if _, err := take(used); err != nil {
			t.Errorf("%s, just enough room: %v", name, err)
		}
		if _, err := take(used - 1); !errors.Is(err, errMemory) {
			t.Errorf("%s, a byte less: %v", name, err)
		}
	}
	l := &loader{Capture: Capture{facts: newFacts()}, sections: 1, memoryLeft: n * memorySection}
	var err error
	for range n + 1 {
		err = errors.Join(err, l.take(&section{kind: sectionFiles}))
	}
	if !errors.Is(err, errMemory) {
		t.Errorf("empty sections: %v", err)
	}
}
