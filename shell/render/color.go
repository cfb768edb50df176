package render

import (
	"time"

	"netql/query/schema"
)

// Terminal colours, as SGR sequences (ECMA-48).
const (
	bold       = "\x1b[1m"
	dim        = "\x1b[2m"
	red        = "\x1b[31m"
	green      = "\x1b[32m"
	yellow     = "\x1b[33m"
	reversed   = "\x1b[7m"
	underlined = "\x1b[1;4m"
	reset      = "\x1b[0m"
)

var levelColors = [...]string{schema.Plain: "", schema.Good: green, schema.Busy: yellow, schema.Bad: red}

// colorOf is the colour of a value by its meaning: the level of a word, the worst of a list of flags, red for a sign
// of trouble, dim for NULL.
func colorOf(c *schema.Column, v any) string {
	switch v := v.(type) {
	case nil:
		return dim
	case string:
		return levelColors[level(c, v)]
	case []string:
		worst := schema.Plain
		for _, word := range v {
			worst = max(worst, level(c, word))
		}
		return levelColors[worst]
	case bool:
		return alarm(c, v)
	case int:
		return alarm(c, v > 0)
	case float64:
		return alarm(c, v > 0)
	case time.Duration:
		return alarm(c, v > 0)
	}
	return ""
}

func level(c *schema.Column, word string) schema.Level {
	if c.Type.Words == nil {
		return schema.Plain
	}
	return c.Type.Words.Level(word)
}

// alarm is red for a raised value, a number above zero or true, in a column that counts trouble.
func alarm(c *schema.Column, raised bool) string {
	if c.Alarm && raised {
		return red
	}
	return ""
}
