package capture

import (
	"bytes"
	"fmt"
	"testing"

	"netql/sources/decodetest"
	"netql/sources/ethtool"
	"netql/sources/netlink"
	"netql/sources/vfs"
)

// FuzzRead reads captures, and parts of captures behind the checksums that a fuzzer cannot guess.
func FuzzRead(f *testing.F) {
	file := func(b []byte) any {
		c, err := read(bytes.NewReader(b))
		if err != nil {
			return decodetest.Result(fmt.Sprint(err))
		}
		return decodetest.Result(c.Manifest, c.facts, messages(c.facts))
	}
	part := func(kind byte, version uint32) decodetest.Decoder {
		return func(b []byte) any {
			l := &loader{Capture: Capture{facts: newFacts()}}
			err := l.unpacked(kind, &decoder{rest: bytes.Clone(b), memoryLeft: maxMemory,
				version: version}) // facts keep parts of it
			return decodetest.Result(fmt.Sprint(err), l.facts)
		}
	}
	list := func(b []byte) any {
		facts := newFacts()
		facts.answers = []*answer{{chunks: []*block{{raw: bytes.Clone(b), size: len(b)}}}}
		return messages(facts)
	}
	whole := small(f)
	table, _ := finder{}.Find(f.Context())
	stats := &fileFacts{stat: &stat{Info: vfs.Info{Mode: 0o444, Inode: 7}},
		listing: &listing{entries: []vfs.Entry{{Name: "x\x80"}}}}
	a := &answer{request: netlink.Request{Payload: []byte{1}}, failure: failureOf(netlink.ErrInterrupted)}
	a.add(netlink.Message{Type: 16, Data: []byte("message")})
	device := &deviceFacts{&driver{ethtool.Driver{Name: "veth"}, nil},
		&statistics{[]ethtool.Statistic{{Name: "rx", Value: 1}}, nil}}
	decodetest.Fuzz(f, map[string]decodetest.Decoder{
		"capture": file, "files": part(sectionFiles, formatVersion), "files of version 1": part(sectionFiles, 1),
		"messages": list,
		"owners":   part(sectionOwners, formatVersion), "devices": part(sectionDevices, formatVersion),
		"answer": part(sectionAnswer, formatVersion),
	}, whole, device.append(nil, "eth0"), (&ownersFact{table: table}).append(nil), stats.append(nil, "/proc"),
		a.appendHead(nil), a.chunks[0].raw)
}

// messages reads all answers.
func messages(f *facts) any {
	var all []any
	for _, a := range f.answers {
		for m, err := range a.messages() {
			all = append(all, m.Type, m.Flags, bytes.Clone(m.Data), fmt.Sprint(err))
		}
	}
	return all
}

// FuzzFilter takes requests and messages apart that a hostile capture may hold.
func FuzzFilter(f *testing.F) {
	for m := range messageKinds {
		for _, k := range m.Requests {
			payload := make([]byte, k.Header+8)
			if k.First != nil {
				payload[0] = k.First[0]
			}
			f.Add(m.Protocol, k.Type, payload, make([]byte, m.Header+8))
		}
	}
	f.Fuzz(func(t *testing.T, protocol int, kind uint16, payload, message []byte) {
		r := netlink.Request{Protocol: protocol, Type: kind, Payload: payload}
		d, ok := filterOf(r)
		if !ok {
			return
		}
		d.wants(netlink.Message{Data: message})
		if again, _ := filterOf(r); !d.covers(again) {
			t.Errorf("a request of %x does not cover itself", payload)
		}
		if wide, _ := filterOf(widened(r)); !wide.covers(d) {
			t.Errorf("what is asked for %x does not cover it", payload)
		}
	})
}
