package watch

import (
	"slices"
	"time"

	"netql/shell/render"
)

// key is an action of the keyboard.
type key struct {
	keys []string // the letters or sequences that ask for it
	name string   // what help calls these
	doc  string
	do   func(v *view) // nil for the key that quits
}

// keys are all keys of a watch.
var keys = []key{
	{[]string{"q"}, "q", "quit; so does Ctrl-C", nil},
	{[]string{" "}, "space", "pause, and go on", func(v *view) { v.paused = !v.paused }},
	{[]string{"+", "="}, "+", "a shorter interval", func(v *view) { v.interval = max(shortest, v.interval/2) }},
	{[]string{"-", "_"}, "-", "a longer interval", func(v *view) { v.interval = min(longest, v.interval*2) }},
	{[]string{"\x1b[C", "\x1bOC", "s"}, "right, s", "sort by the next column",
		func(v *view) { v.sortBy(v.sorted + 1) }},
	{[]string{"\x1b[D", "\x1bOD", "S"}, "left, S", "sort by the column before",
		func(v *view) { v.sortBy(v.sorted - 1) }},
	{[]string{"r"}, "r", "the other way round", func(v *view) { v.ascending = !v.ascending }},
	{[]string{"\x1b[B", "\x1bOB", "j"}, "down, j", "select the next row", func(v *view) { v.move(1) }},
	{[]string{"\x1b[A", "\x1bOA", "k"}, "up, k", "select the row before", func(v *view) { v.move(-1) }},
	{[]string{"\x1b[6~"}, "page down", "the next rows", func(v *view) { v.turn(1) }},
	{[]string{"\x1b[5~"}, "page up", "the rows before", func(v *view) { v.turn(-1) }},
	{[]string{"\r", "\n"}, "enter", "all values of the selected row, and back", (*view).toggleRecord},
	{[]string{"?", "h"}, "?", "this help", func(v *view) { v.help, v.top, v.otherTop = !v.help, v.otherTop, v.top }},
}

// The limits of the interval for the keys + and -; a query may have a shorter or longer one.
const (
	shortest = 100 * time.Millisecond
	longest  = time.Hour
)

// press does the action of a key; leave says that it is the key that quits. Other keys do nothing.
func (v *view) press(pressed string) (leave bool) {
	for _, k := range keys {
		if slices.Contains(k.keys, pressed) {
			if k.do == nil {
				return true
			}
			k.do(v)
		}
	}
	return false
}

// Keys are the keys of a watch with their docs, for help.
func Keys() (list []render.Choice) {
	for _, k := range keys {
		list = append(list, render.Choice{Text: k.name, Doc: k.doc})
	}
	return list
}

// rowMarks are the marks before the rows of a watch with their docs, for help.
var rowMarks = []render.Choice{{Text: "+", Doc: "a new row"}, {Text: "*", Doc: "a changed one"},
	{Text: "-", Doc: "one that is gone"}}
