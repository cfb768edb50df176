package netlink

import (
	"errors"
	"iter"
)

// Each decodes messages and yields their values, until the consumer stops or an error, which it returns, ends them.
// decode may say that a message is not wanted. An Overrun is yielded, and the messages go on.
func Each[T any](
	messages iter.Seq2[Message, error],
	decode func(Message) (value T, wanted bool, err error),
	yield func(T, error) bool,
) (stopped bool, err error) {
	for message, err := range messages {
		var value T
		wanted := true
		if err == nil {
			value, wanted, err = decode(message)
		}
		if err != nil && !isOverrun(err) {
			return false, err
		}
		if wanted && !yield(value, err) {
			return true, nil
		}
	}
	return false, nil
}

func isOverrun(err error) bool {
	var overrun *Overrun
	return errors.As(err, &overrun)
}
