package frame

import (
	"bytes"
	"reflect"
	"runtime"
	"testing"

	"netql/query/schema"
)

// FuzzDecode: bytes that may be anything neither panic nor take much memory, and rows that are accepted have values of
// the types of their columns.
func FuzzDecode(f *testing.F) {
	for _, m := range messages() {
		f.Add(Encode(1, m).AppendTo(nil))
	}
	f.Add(Columns{[]Column{{"a", schema.Int, "", false}}}.Frame(1).AppendTo(nil))
	for _, c := range columns() {
		for _, many := range []int{1, 3000} {
			var w RowWriter
			for i := 0; i < many && w.Size() < 1<<17; i++ { // a worker of fuzzing has 10 s for an input, however busy
				add(f, &w, schema.Boxed(c.values[i%len(c.values)]))
			}
			f.Add(Frame{KindRows, 1, take(f, &w)}.AppendTo(nil))
		}
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		reader := NewReader(bytes.NewReader(stream))
		for {
			frame, err := reader.Next()
			if err != nil {
				return
			}
			decodeAll(t, frame)
		}
	})
}

// decodeAll decodes a frame in all ways in which it can be.
func decodeAll(t *testing.T, frame Frame) {
	for _, m := range messages() {
		decoded := reflect.New(reflect.TypeOf(m).Elem()).Interface().(Message)
		_ = Decode(Frame{decoded.kind(), 1, frame.Payload}, decoded) // whatever it says
	}
	_, _ = DecodeColumns(Frame{KindColumns, 1, frame.Payload})
	for _, c := range columns() {
		_ = NewRowReader([]*schema.Column{c.schema()}).Each(frame.Payload, func(row []schema.Scalar) bool {
			if v := row[0].Any(); v != nil && !conforms(v, &c.typ) {
				t.Errorf("%v is %#v", c.typ, v)
			}
			row[0].Append(nil)
			row[0].AppendJSON(nil)
			return true
		})
	}
}

// TestBounded: a few bytes that announce many take little memory.
func TestBounded(t *testing.T) {
	bombs := [][]byte{
		{0xff, 0xff, 0xff, 0x7f, 'R'},
		Frame{KindRows, 1, append([]byte{1, deflatedRows, 0xff, 0xff, 0xff, 7}, make([]byte, 100)...)}.AppendTo(nil),
		Frame{KindRows, 1, []byte{1, plainRows, tagList, 0xff, 0xff, 0xff, 7}}.AppendTo(nil),
		Frame{KindRows, 1, []byte{1, plainRows, tagRecord, 0, 0xff, 0xff, 0x7f}}.AppendTo(nil),
		Frame{KindRows, 1, []byte{0xff, 0xff, 0xff, 7, plainRows}}.AppendTo(nil),
	}
	for i, bomb := range bombs {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if frame, err := NewReader(bytes.NewReader(bomb)).Next(); err == nil {
			decodeAll(t, frame)
		}
		runtime.ReadMemStats(&after)
		if taken := after.TotalAlloc - before.TotalAlloc; taken > 4<<20 {
			t.Errorf("bomb %d takes %d bytes", i, taken)
		}
	}
}
