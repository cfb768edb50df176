package render

import (
	"fmt"
	"strings"
)

// leastBeside is the width that docs need beside their entries; where there is less, they stand below.
const leastBeside = 20

// Aligned lists entries one below the other, with their docs beside them, in lines of less than room columns where the
// words allow it.
func Aligned(list []Choice, room int) (lines []string) {
	widest := 0
	for _, c := range list {
		widest = max(widest, len(c.Text))
	}
	indent := 2 + widest + len(gap)
	below := room-1-indent < leastBeside
	if below {
		indent = 4
	}
	for _, c := range list {
		label := "  " + c.Text
		if below {
			lines, label = append(lines, label), ""
		}
		for _, line := range Wrapped(c.Doc, max(1, room-1-indent)) {
			lines = append(lines, fmt.Sprintf("%-*s%s", indent, label, line))
			label = ""
		}
	}
	return lines
}

// Wrapped breaks a text at its blanks into lines of at most room bytes, where its words allow it.
func Wrapped(text string, room int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > room {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
