package remote

import (
	"fmt"
	"time"
)

// result is how it went, and why.
func (h *host) result(timeout time.Duration) (State, string) {
	switch {
	case h.dropping && !h.over():
		return h.was.state, h.was.said
	case h.bad != "":
		return Failed, h.bad
	case h.unlike != "":
		return Older, h.unlike
	case h.end != nil:
		return h.endResult()
	case h.samples > h.wanted:
		return h.wholeResult()
	case h.silent:
		return NoAnswer, fmt.Sprintf("nothing came for %v", timeout)
	case h.ended && h.state != "":
		return h.state, first(h.said, "its answer had not ended")
	case h.ended:
		return Failed, first(h.said, "the answer broke off")
	case h.started.IsZero():
		return Late, "it was not asked yet"
	}
	return Late, "its answer had not ended"
}

// endResult is the result by the frame that ended the answer.
func (h *host) endResult() (State, string) {
	switch state := State(h.end.State); {
	case state == Failed || state == Refused || state == Busy || state == Older || state == Late || state == Partial:
		return state, h.end.Error
	case state != "":
		return Failed, string(state) + ": " + h.end.Error
	case h.end.Rows != h.rows:
		return Lost, fmt.Sprintf("it sent %d rows, and %d came", h.end.Rows, h.rows)
	}
	return h.wholeResult()
}

// wholeResult is the result of an answer or a sample that has all of its rows.
func (h *host) wholeResult() (State, string) {
	switch {
	case len(h.missing) > 0:
		return Older, fmt.Sprintf("netql %s there has no column %s, which is NULL", h.hello.Version, h.missing[0])
	case len(h.warned.Messages) > 0:
		return Partial, h.warning()
	}
	return OK, ""
}

// warning is what the host warns of first, and how much more that is.
func (h *host) warning() string {
	more := ""
	if n := h.warned.Count() - 1; n > 0 {
		more = " (and " + counted(n, "more warning") + ")"
	}
	return h.warned.Messages[0] + more
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
