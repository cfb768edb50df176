package netlink

import (
	"errors"
	"iter"
	"slices"
	"testing"
)

// TestEach: what is not wanted is left out, an overrun is handed on, any other error ends the list, and so does the
// consumer.
func TestEach(t *testing.T) {
	failure, lost := errors.New("failure"), &Overrun{3}
	messages := func(items ...any) iter.Seq2[Message, error] {
		return func(yield func(Message, error) bool) {
			for _, item := range items {
				err, _ := item.(error)
				text, _ := item.(string)
				if !yield(Message{Data: []byte(text)}, err) {
					return
				}
			}
		}
	}
	decode := func(m Message) (string, bool, error) {
		if string(m.Data) == "bad" {
			return "", true, failure
		}
		return string(m.Data), string(m.Data) != "unwanted", nil
	}
	for name, test := range map[string]struct {
		items   []any
		limit   int
		want    []string
		stopped bool
		err     error
	}{
		"all":            {items: []any{"a", "unwanted", "b"}, limit: 9, want: []string{"a", "b"}},
		"an overrun":     {items: []any{"a", lost, "b"}, limit: 9, want: []string{"a", lost.Error(), "b"}},
		"an error":       {items: []any{"a", failure, "b"}, limit: 9, want: []string{"a"}, err: failure},
		"a bad message":  {items: []any{"a", "bad", "b"}, limit: 9, want: []string{"a"}, err: failure},
		"enough of them": {items: []any{"a", "b", "c"}, limit: 2, want: []string{"a", "b"}, stopped: true},
	} {
		var got []string
		stopped, err := Each(messages(test.items...), decode, func(value string, err error) bool {
			if err != nil {
				value = err.Error()
			}
			got = append(got, value)
			return len(got) < test.limit
		})
		if !slices.Equal(got, test.want) || stopped != test.stopped || !errors.Is(err, test.err) {
			t.Errorf("%s: %q, %v, %v", name, got, stopped, err)
		}
	}
}
