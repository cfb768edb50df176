package render

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"

	"netql/query/schema"
)

const ellipsis = "…"

// cutValue cuts the text of a value of this type to the width. A path is cut in its middle and other texts at their
// end, a time to its date or time of day, a list behind one of its elements.
func cutValue(t schema.Type, s string, limit int) string {
	if len(s) <= limit || width(s) <= limit {
		return s
	}
	switch {
	case t.Kind == schema.Time:
		return shortTime(s)
	case t.Kind == schema.Series:
		return tail(s, limit) // the last samples
	case t.Kind == schema.List && long(t):
		return cutList(s, limit)
	case t.Kind == schema.Text && strings.HasPrefix(strings.TrimPrefix(s, "@"), "/"):
		return cutMiddle(s, limit)
	}
	return cut(s, limit)
}

// cut cuts a text to the width, with an ellipsis at its end.
func cut(s string, limit int) string {
	if len(s) <= limit || width(s) <= limit {
		return s
	}
	return text.Trim(s, max(0, limit-width(ellipsis))) + ellipsis
}

// cutMiddle cuts a text to the width, with an ellipsis between its beginning and its end.
func cutMiddle(s string, limit int) string {
	room := max(0, limit-width(ellipsis))
	head := text.Trim(s, room/2)
	return head + ellipsis + tail(s, room-width(head))
}

// cutList keeps so many elements as the width has room for, one at least, and tells how many are left out: a,b,+3.
func cutList(s string, limit int) string {
	elements := strings.Split(s, ",")
	for n := len(elements) - 1; n > 1; n-- {
		if shorter := fewer(elements, n); width(shorter) <= limit {
			return shorter
		}
	}
	if len(elements) < 2 {
		return s
	}
	return fewer(elements, 1)
}

func fewer(elements []string, n int) string {
	return strings.Join(elements[:n], ",") + ",+" + strconv.Itoa(len(elements)-n)
}

// shortTime is the date of a time, or, if that is today, its time of day.
func shortTime(s string) string {
	date, clock, ok := strings.Cut(s, " ")
	if ok && date == time.Now().Format(time.DateOnly) {
		return clock
	}
	return date
}

// tail is the longest end of the text that takes no more than limit columns.
func tail(s string, limit int) string {
	rest := s
	for rest != "" {
		r, size := utf8.DecodeLastRuneInString(rest)
		limit -= text.RuneWidth(r)
		if limit < 0 {
			break
		}
		rest = rest[:len(rest)-size]
	}
	return strings.TrimPrefix(s, rest)
}
