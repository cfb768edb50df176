package render

import (
	"fmt"
	"slices"
	"strings"
)

// Choice is one of several ways to go on, and what it is about.
type Choice struct{ Text, Doc string }

// Choices lists choices in lines that fit the screen: each with what it is about while there is room for that, else side
// by side, and no more than a screen holds. Texts and docs are safe to show.
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
		if len(choices) <= screenHeight {
			lines[i] = cut(padded(choices[i].Text, widest)+gap+choices[i].Doc, max(1, screenWidth-1), false)
			lines[i] = strings.TrimRight(lines[i], " ")
			continue
		}
		var cells []string // down the first column, then the next
		for j := i; j < len(choices); j += count {
			cells = append(cells, padded(cut(choices[j].Text, widest, false), widest))
		}
		lines[i] = strings.TrimRight(strings.Join(cells, gap), " ")
	}
	if left := count - len(lines); left > 0 {
		more := fmt.Sprintf("and %d more", len(choices)-len(lines)*perLine+perLine)
		lines[len(lines)-1] = cut(more, max(1, screenWidth-1), false)
	}
	return slices.Clip(lines)
}

func padded(s string, to int) string { return s + strings.Repeat(" ", max(0, to-width(s))) }

// Width is how many columns of a terminal a text takes.
func Width(s string) int { return width(s) }
