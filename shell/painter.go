package shell

import (
	"strconv"
	"strings"

	"netql/shell/complete"
	"netql/shell/render"
)

// longestPainted is how long a line may be, in characters, that is painted at each key.
const longestPainted = 2000

// partColor is the colour of a part of the line that is typed, as parameters of SGR (ECMA-48); "" for none. They are of
// the terminal's own palette, which goes with its background, dark or light; none is yellow or white.
func partColor(kind complete.Kind) string {
	switch kind {
	case complete.Command, complete.Table:
		return "1"
	case complete.Stage:
		return "1;34"
	case complete.Column:
		return "36"
	case complete.Value, complete.Literal:
		return "32"
	case complete.Function, complete.Aggregate:
		return "34"
	case complete.Keyword:
		return "35"
	case complete.Open:
		return "1;31"
	case complete.Unknown:
		return "4;31"
	}
	return ""
}

const suggestionColor = "90" // grey

// painter colours the line that is typed, and shows behind it what the right arrow would add. It implements readline's
// Painter: what it adds has no width, but for the suggestion, from which it goes back.
type painter struct {
	parts       func(line string) []complete.Part
	keys        *keyFilter
	width       func() int // of the terminal
	promptWidth int

	line, painted string // the line that was painted last
}

// Paint is called by readline under its own lock. Where it fails, the line has no colours.
func (p *painter) Paint(line []rune, at int) (painted []rune) {
	text := string(line)
	defer func() {
		if recover() != nil {
			painted = line
		}
	}()
	if len(line) > longestPainted {
		return line
	}
	if p.line != text {
		p.painted = colored(text, p.parts(text))
		p.line = text
	}
	if at == len(line) && !p.keys.searching && !strings.HasSuffix(text, "\n") {
		return []rune(p.painted + p.suggestion(text))
	}
	return []rune(p.painted)
}

// suggestion is what the right arrow would add, as far as there is room in the row of the cursor, and the way back.
func (p *painter) suggestion(text string) string {
	width := p.width()
	column := (p.promptWidth + render.Width(text)) % width
	if column == 0 {
		return ""
	}
	shown, taken := "", 0
	for _, r := range p.keys.recall.suggestion(text) {
		taken += render.Width(string(r))
		if column+taken >= width {
			break
		}
		shown += string(r)
	}
	if shown == "" {
		return ""
	}
	return sgr(suggestionColor, shown) + "\x1b[" + strconv.Itoa(render.Width(shown)) + "D"
}

// colored is the text with its parts in their colours.
func colored(text string, parts []complete.Part) string {
	var b strings.Builder
	at := 0
	for _, part := range parts {
		if color := partColor(part.Kind); color != "" && part.Start >= at && part.End > part.Start {
			b.WriteString(text[at:part.Start] + sgr(color, text[part.Start:part.End]))
			at = part.End
		}
	}
	return b.String() + text[at:]
}

func sgr(parameters, text string) string { return "\x1b[" + parameters + "m" + text + "\x1b[0m" }
