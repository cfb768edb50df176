package packet

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"netql/shell/remote/frame"
)

// random are frames of all sizes.
func random(r *rand.Rand) []frame.Frame {
	var frames []frame.Frame
	for range 20 {
		payload := make([]byte, r.IntN(1<<r.IntN(16)))
		for i := range payload {
			payload[i] = byte(r.Uint32())
		}
		frames = append(frames, frame.Frame{Kind: frame.KindRows, ID: r.Uint64(), Payload: payload})
	}
	return frames
}

func equal(a, b frame.Frame) bool {
	return a.Kind == b.Kind && a.ID == b.ID && bytes.Equal(a.Payload, b.Payload)
}

// TestPacket: what is put into messages comes out again, whatever their size, and nothing else does.
func TestPacket(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{header + 1, 100, 4096, 1 << 20} {
		var w Writer
		var in Reader
		var got []frame.Frame
		frames := random(r)
		for _, f := range frames {
			for _, message := range w.Messages(f, size) {
				if len(message) > size {
					t.Fatalf("a message of %d bytes, and %d are allowed", len(message), size)
				}
				found, err := in.Frames(message)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, found...)
			}
		}
		if !slices.EqualFunc(got, frames, equal) {
			t.Errorf("%d bytes a message: %d frames, want %d", size, len(got), len(frames))
		}
	}
}

// TestLost: each message that is missing, or is there twice, is noticed.
func TestLost(t *testing.T) {
	var w Writer
	var messages [][]byte
	for _, f := range random(rand.New(rand.NewPCG(3, 4))) {
		messages = append(messages, w.Messages(f, 1000)...)
	}
	for i := range len(messages) - 1 {
		for _, broken := range [][][]byte{
			slices.Delete(slices.Clone(messages), i, i+1),
			slices.Insert(slices.Clone(messages), i, messages[i]),
		} {
			var in Reader
			var err error
			for _, message := range broken {
				if _, err = in.Frames(message); err != nil {
					break
				}
			}
			if !errors.Is(err, ErrLost) {
				t.Fatalf("message %d: %v", i, err)
			}
		}
	}
}

// FuzzReader: no message makes the reader panic, or take more memory than a frame may have.
func FuzzReader(f *testing.F) {
	var w Writer
	for _, fr := range random(rand.New(rand.NewPCG(5, 6)))[:4] {
		for _, message := range w.Messages(fr, 200) {
			f.Add(message, message)
		}
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		var in Reader
		for _, message := range [][]byte{first, second} {
			if _, err := in.Frames(message); err != nil {
				return
			}
		}
		if len(in.parts) > len(first)+len(second) {
			t.Errorf("%d bytes are kept of %d", len(in.parts), len(first)+len(second))
		}
	})
}
