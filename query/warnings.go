package query

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// What is kept of warnings, so that a query over many rows, or a watch of many days, has no endless list of them.
const (
	maxWarnings = 20   // different ones of a sample
	maxEarlier  = 100  // those of earlier samples, by which one that was given before is known
	maxOthers   = 1000 // further ones of a sample, which are known, so that each is counted once
)

// warnings collects messages, each once. Of those that differ from one of an earlier sample in numbers alone, such as
// how many processes may not be inspected, that one is kept.
type warnings struct {
	messages []string             // those of earlier samples first
	before   int                  // how many are of earlier samples
	taken    int                  // how many were taken, or reported
	others   Set                  // further messages of the sample
	more     int                  // how many messages are not kept, and were not taken
	report   func(message string) // nil where nobody wants to know at once
}

// begin begins a sample.
func (w *warnings) begin() {
	w.others = nil
	if left := len(w.messages) - maxEarlier; left > 0 {
		w.more += max(0, left-w.taken)
		w.taken = max(0, w.taken-left)
		w.messages = slices.Delete(w.messages, 0, left)
	}
	w.before = len(w.messages)
}

func (w *warnings) add(message string) {
	if w.known(message) {
		return
	}
	switch {
	case len(w.messages)-w.before < maxWarnings:
		w.messages = append(w.messages, message)
	case len(w.others) < maxOthers:
		if w.others == nil {
			w.others = Set{}
		}
		w.others.add(message)
		w.more++
	}
	if w.report != nil {
		w.report(message)
		w.taken, w.more = len(w.messages), 0
	}
}

// known says whether a message was given before.
func (w *warnings) known(message string) bool {
	earlier := w.messages[:w.before]
	i := slices.IndexFunc(earlier, func(other string) bool { return other == message || alike(other, message) })
	if i < 0 {
		return slices.Contains(w.messages[w.before:], message) || w.others[message]
	}
	if taken := earlier[:min(w.taken, w.before)]; i < len(taken) { // it is the last to be forgotten
		same := taken[i]
		copy(taken[i:], taken[i+1:])
		taken[len(taken)-1] = same
	}
	return true
}

// Warned is what a plan warns of: the first messages of a sample, and how many more there are.
type Warned struct {
	Messages []string
	More     int
}

// Count is how many warnings there are.
func (w Warned) Count() int { return len(w.Messages) + w.More }

// Lines are the messages, and one that says how many more there are.
func (w Warned) Lines() []string {
	switch {
	case w.More >= maxOthers: // which are not all told apart
		return append(w.Messages, fmt.Sprintf("there are at least %d more warnings, which are not shown", w.More))
	case w.More == 1:
		return append(w.Messages, "there is 1 more warning, which is not shown")
	case w.More > 1:
		return append(w.Messages, fmt.Sprintf("there are %d more warnings, which are not shown", w.More))
	}
	return w.Messages
}

// Warned tells why the answer is partial, each reason once. It is complete when Rows has ended and no column will be
// read any more.
func (p *Plan) Warned() Warned { return Warned{slices.Clone(p.warnings.messages), p.warnings.more} }

// Warnings are the lines of Warned.
func (p *Plan) Warnings() []string { return p.Warned().Lines() }

// NewWarnings is what has been warned of since NewWarnings was called before, and not told by OnWarning: of a watch,
// that of one sample, or, where it was not called for each, the latest messages.
func (p *Plan) NewWarnings() Warned {
	w := &p.warnings
	from := max(w.taken, len(w.messages)-maxWarnings)
	fresh := Warned{slices.Clone(w.messages[from:]), w.more + from - w.taken}
	w.taken, w.more = len(w.messages), 0
	return fresh
}

// OnWarning sets a function that is called with each warning as soon as it is known: a stream of events may go on for
// hours.
func (p *Plan) OnWarning(tell func(message string)) { p.warnings.report = tell }

// alike says whether two messages differ in words that are numbers alone. A number with a colon behind it is the name
// of something.
func alike(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	return slices.EqualFunc(x, y, func(one, other string) bool {
		return one == other ||
			isNumber(one) && isNumber(other)
	})
}

func isNumber(word string) bool {
	_, err := strconv.Atoi(strings.Trim(word, "(),;"))
	return err == nil
}
