package render

import (
	"fmt"
	"strings"
)

// Choice is one of several ways to go on, and what it is about.
type Choice struct{ Text, Doc string }

// Choices lists choices in lines that fit the screen: each with what it is about while there is room for that, else
// side by side, and no more than a screen holds. Texts and docs are safe to show.
func Choices(choices []Choice, screenWidth, screenHeight int) []string {
	widest := 0
	for _, c := range choices {
		widest = max(widest, width(c.Text))
	}
	widest = min(widest, max(1, screenWidth-1))
	perLine := 1
	if len(choices) > screenHeight {
		perLine = max(1, (screenWidth-1+len(gap))/(widest+len(gap)))
	}
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

// leastDoc is the room without which there is no use in telling what a choice is about.
const leastDoc = 10

// line is the choice, and what it is about where there is room for that.
func (c Choice) line(widest, room int) string {
	line := c.Text
	if room-widest-len(gap) >= leastDoc {
		line = padded(c.Text, widest) + gap + c.Doc
	}
	return strings.TrimRight(cut(line, max(1, room)), " ")
}

func padded(s string, to int) string { return s + strings.Repeat(" ", max(0, to-width(s))) }

// Width is how many columns of a terminal a text takes.
func Width(s string) int { return width(s) }
