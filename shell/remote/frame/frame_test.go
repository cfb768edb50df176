package frame

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"testing"
	"testing/iotest"
	"time"

	"netql/query/schema"
)

// messages are all messages, with all fields set.
func messages() []Message {
	now := time.Unix(1_800_000_000, 5)
	return []Message{
		&Hello{1, "v1", "web1", "6.1", 7, now},
		&Ask{1, "sockets", []string{"host", "identity of the row"}, "web1", "blue", 4096, 5, time.Second, 8,
			[]string{"rtt"}},
		&Taken{now, 3, 9, 10}, &Sample{4, []string{"a"}, 2}, &End{5, "failed", "why", []string{"b", ""}, 3},
		&Credit{6, 7}, &Cancel{},
	}
}

// TestMessages: messages arrive as they were sent, one behind the other and in pieces; zero fields are not sent.
func TestMessages(t *testing.T) {
	var stream []byte
	for i, m := range messages() {
		stream = Encode(uint64(i)<<40, m).AppendTo(stream)
	}
	reader := NewReader(iotest.OneByteReader(bytes.NewReader(stream)))
	for i, m := range messages() {
		f, err := reader.Next()
		got := reflect.New(reflect.TypeOf(m).Elem()).Interface().(Message)
		if err == nil {
			err = Decode(f, got)
		}
		if err != nil || f.ID != uint64(i)<<40 || !reflect.DeepEqual(got, m) {
			t.Errorf("%+v became %+v: %v", m, got, err)
		}
		empty := reflect.New(reflect.TypeOf(m).Elem()).Interface().(Message)
		if f := Encode(0, empty); len(f.Payload) != 0 {
			t.Errorf("an empty %T takes %d bytes", empty, len(f.Payload))
		}
	}
	if _, err := reader.Next(); err != io.EOF {
		t.Errorf("behind the last frame: %v", err)
	}
}

// TestUnknownFields: fields of a later version are left out, and one of another type is an error.
func TestUnknownFields(t *testing.T) {
	ask := Encode(1, &Ask{Proto: 2, Text: "sockets"})
	var hello Hello
	if err := Decode(Frame{KindHello, 1, ask.Payload}, &hello); err != nil || hello.Proto != 2 {
		t.Errorf("%+v, %v", hello, err)
	}
	sample := Encode(1, &Sample{Warnings: []string{"x"}})
	if err := Decode(Frame{KindEnd, 1, sample.Payload}, &End{}); err != nil {
		t.Error(err)
	}
	taken := Encode(1, &Taken{Time: time.Now()}) // a time, where an ask has a duration
	if err := Decode(Frame{KindAsk, 1, taken.Payload}, &Ask{}); !errors.Is(err, ErrBroken) {
		t.Errorf("a time as a duration: %v", err)
	}
	if err := Decode(taken, &Ask{}); !errors.Is(err, ErrBroken) {
		t.Errorf("another kind of frame: %v", err)
	}
}

// TestCutStream: a stream that ends in the middle of a frame is told from one that ends behind one.
func TestCutStream(t *testing.T) {
	whole := Encode(300, &Hello{Proto: 1, Host: "web1"}).AppendTo(nil)
	for n := range whole {
		want := io.ErrUnexpectedEOF
		if n == 0 {
			want = io.EOF
		}
		if _, err := NewReader(bytes.NewReader(whole[:n])).Next(); !errors.Is(err, want) && !errors.Is(err, ErrBroken) {
			t.Errorf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
}

// TestColumns: what values are arrives as it was sent.
func TestColumns(t *testing.T) {
	want := Columns{[]Column{{"laddr", schema.Address, schema.None, false}, {"new", 0, "", true},
		{"recv_queue", schema.Int, schema.Bytes, false}}}
	if got, err := DecodeColumns(want.Frame(1)); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestDeflated: many rows are deflated, and arrive; few take few bytes.
func TestDeflated(t *testing.T) {
	columns := []*schema.Column{{Type: schema.Of(schema.Int)}, {Type: schema.Of(schema.Text)}}
	reader := NewRowReader(columns)
	var w RowWriter
	for _, rows := range []int{0, 1, 10, 10_000, 3, 10_000} {
		for i := range rows {
			add(t, &w, schema.OfInt(i), schema.OfText("the same"))
		}
		size, n := w.Size(), 0
		payload := take(t, &w)
		err := reader.Each(payload, func(row []schema.Scalar) bool {
			if text, _ := row[1].Text(); row[0].Any() != n || text != "the same" {
				t.Fatalf("row %d is %v", n, row)
			}
			n++
			return true
		})
		if count, _ := CountRows(payload); err != nil || n != rows || count != rows {
			t.Errorf("%d of %d rows: %v", n, rows, err)
		}
		if deflated := len(payload) < size; deflated != (rows == 10_000) {
			t.Errorf("%d rows of %d bytes take %d", rows, size, len(payload))
		}
	}
}

// TestSmallCount: the rows of count by state of a host take 64 bytes at most.
func TestSmallCount(t *testing.T) {
	var w RowWriter
	for i, state := range []string{"ESTAB", "LISTEN", "TIME_WAIT", "CLOSE_WAIT"} {
		add(t, &w, schema.OfText(state), schema.OfInt(100<<(4*i)))
	}
	if payload := take(t, &w); len(payload) > 64 {
		t.Errorf("%d bytes", len(payload))
	}
}
