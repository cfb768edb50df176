package render

import (
	"fmt"
	"strings"
)

// Choice is an entry of a list, and its doc.
type Choice struct{ Text, Doc string }

// Choices lists choices in lines that fit a screen of this size: one a line with its doc if all fit, else side by side
// without docs, and at the end how many more there are. Texts and docs must be safe for a terminal.
func Choices(choices []Choice, screenWidth, screenHeight int) []string {
	widest, perLine := columns(choices, screenWidth, screenHeight)
	count := (len(choices) + perLine - 1) / perLine
	lines := make([]string, min(count, max(1, screenHeight)))
	for i := range lines {
		if perLine == 1 {
			lines[i] = choices[i].line(widest, screenWidth-1)
			continue
		}
		var cells []string // down the first column, then the next
		for j := i; j < len(choices); j += count {
			cells = append(cells, padded(cut(choices[j].Text, widest), widest))
		}
		lines[i] = strings.TrimRight(strings.Join(cells, gap), " ")
	}
	if len(lines) < count {
		more := fmt.Sprintf("and %d more", len(choices)-(len(lines)-1)*perLine)
		lines[len(lines)-1] = cut(more, max(1, screenWidth-1))
	}
	return lines
}

// ChoicesPage is the page of Choices that begins with the choice at from, and where the next one begins: 0 behind the
// last. The lines of all pages but the last tell how many more there are.
func ChoicesPage(choices []Choice, from, screenWidth, screenHeight int) (lines []string, next int) {
	rest := choices[from:]
	_, perLine := columns(rest, screenWidth, screenHeight)
	if screenHeight == 1 || len(rest) <= perLine*screenHeight {
		return Choices(rest, screenWidth, screenHeight), 0
	}
	page := perLine * (screenHeight - 1)
	lines = Choices(rest[:page], screenWidth, screenHeight-1)
	more := fmt.Sprintf("and %d more: Tab", len(rest)-page)
	return append(lines, cut(more, max(1, screenWidth-1))), from + page
}

// columns are the width of a list's columns, and how many there are.
func columns(choices []Choice, screenWidth, screenHeight int) (widest, perLine int) {
	for _, c := range choices {
		widest = max(widest, width(c.Text))
	}
	widest = min(widest, max(1, screenWidth-1))
	if len(choices) <= screenHeight {
		return widest, 1
	}
	return widest, max(1, (screenWidth-1+len(gap))/(widest+len(gap)))
}

// leastDoc is how many columns a doc must have; with less it is left out.
const leastDoc = 10

// line is the choice with its doc, cut to the room.
func (c Choice) line(widest, room int) string {
	line := c.Text
	if room-widest-len(gap) >= leastDoc {
		line = padded(c.Text, widest) + gap + c.Doc
	}
	return strings.TrimRight(cut(line, max(1, room)), " ")
}

// padded is the text with blanks behind it, up to a width.
func padded(s string, to int) string { return s + strings.Repeat(" ", max(0, to-width(s))) }

// Width is how many columns of a terminal a text takes; wide characters take two.
func Width(s string) int { return width(s) }
