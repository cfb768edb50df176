package render

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"netql/query/schema"
)

// namedValues are the lines of a row that is too wide for one: its values with their names, without NULL and without
// what has changed.
func namedValues(sign string, columns []*schema.Column, row RowChange, texts []cell, room int) []string {
	w := wrapping{room: room, indent: changeIndent, line: sign + " "}
	for i, column := range columns {
		name := cellText(column.Name)
		list, isList := elementsOf(row.Values[i])
		changed := func(v schema.ValueChange) bool { return v.Column.Name == column.Name }
		switch {
		case row.Values[i] == nil || slices.ContainsFunc(row.Changed, changed):
		case isList && len(list) > 1: // may be broken between its elements
			parts := []string{name}
			for j, element := range list {
				text := cellText(forPeople(element, column.Unit))
				parts = append(parts, text+map[bool]string{true: ","}[j < len(list)-1])
			}
			w.add(parts...)
		default:
			w.add(name, texts[i].text)
		}
	}
	return w.lines()
}

// changedValues are the lines that tell what has changed of a row: old and new value, and by how much a number has.
func changedValues(changed []schema.ValueChange, options Options) []string {
	w := wrapping{room: options.Width, indent: changeIndent + gap, line: changeIndent + " "}
	for i, change := range changed {
		parts := changeParts(change, options)
		if i < len(changed)-1 {
			parts[len(parts)-1] += ","
		}
		w.add(parts...)
	}
	return w.lines()
}

// changeParts are the words of one change, between which a line may break: "mtu 1500", "-> 9000", "(+7500)".
func changeParts(change schema.ValueChange, options Options) []string {
	name := cellText(change.Column.Name)
	if added, gone, ok := elements(change.Old, change.New); ok {
		parts := []string{name}
		for _, element := range added {
			parts = append(parts, "+"+cellText(forPeople(element, change.Column.Unit)))
		}
		for _, element := range gone {
			parts = append(parts, "-"+cellText(forPeople(element, change.Column.Unit)))
		}
		return parts
	}
	show := screenCell(options)
	old, now := show(change.Column, change.Old).text, show(change.Column, change.New).text
	if old == now { // they are rounded
		old, now = plainCell(change.Column, change.Old).text, plainCell(change.Column, change.New).text
	}
	parts := []string{name + " " + old, "-> " + now}
	if by := difference(change); by != "" {
		parts = append(parts, "("+by+")")
	}
	return parts
}

// elements are those that a list has got and lost; false where the values are no lists, or the order alone has changed.
func elements(old, now any) (added, gone []any, ok bool) {
	before, one := elementsOf(old)
	after, other := elementsOf(now)
	if !one && !other || old != nil && !one || now != nil && !other {
		return nil, nil, false
	}
	lacks := func(list []any) func(any) bool {
		known := map[any]bool{}
		for _, element := range list {
			known[schema.Key(element)] = true
		}
		return func(element any) bool { return known[schema.Key(element)] }
	}
	added = slices.DeleteFunc(slices.Clone(after), lacks(before))
	gone = slices.DeleteFunc(slices.Clone(before), lacks(after))
	return added, gone, len(added)+len(gone) > 0
}

func elementsOf(value any) ([]any, bool) {
	switch list := value.(type) {
	case []any:
		return list, true
	case []string:
		all := make([]any, len(list))
		for i, element := range list {
			all[i] = element
		}
		return all, true
	}
	return nil, false
}

// difference is by how much a number has grown, with its sign and unit; "" for what is no number, and for ports and
// bits, which are names.
func difference(change schema.ValueChange) string {
	unit := change.Column.Unit
	if change.Column.Type.Kind == schema.Port || unit == schema.Bits {
		return ""
	}
	switch now := change.New.(type) {
	case int:
		old, ok := change.Old.(int)
		if by := float64(now) - float64(old); ok && math.Abs(by) < 1<<53 {
			return signed(schema.Quantity(by, unit, strconv.Itoa(now-old)))
		}
	case float64:
		if old, ok := change.Old.(float64); ok {
			return signed(schema.Quantity(now-old, unit, schema.Short(now-old)))
		}
	case time.Duration:
		if old, ok := change.Old.(time.Duration); ok {
			return signed(schema.ForPeopleDuration(now - old))
		}
	}
	return ""
}

// signed is the text of a number with its sign.
func signed(number string) string {
	if strings.HasPrefix(number, "-") {
		return number
	}
	return "+" + number
}

// wrapping puts items into lines. An item of several parts is broken only where it is too wide for a line of its own.
type wrapping struct {
	room   int    // columns of a line; 0 is no limit
	indent string // of lines but the first
	line   string // that is not full yet
	full   []string
	used   bool // the line has an item
}

func (w *wrapping) add(parts ...string) {
	whole := strings.Join(parts, " ")
	switch {
	case w.fits(w.line, whole):
		w.put(whole)
	case w.fits(w.indent, whole):
		w.next()
		w.put(whole)
	default:
		for _, part := range parts {
			if w.used && !w.fits(w.line, part) {
				w.next()
			}
			w.put(part)
		}
	}
}

func (w *wrapping) fits(line, item string) bool {
	return w.room == 0 || width(line)+1+width(item) <= w.room
}

func (w *wrapping) put(item string) {
	w.line += " " + item
	w.used = true
}

func (w *wrapping) next() {
	w.full, w.line, w.used = append(w.full, w.line), w.indent, false
}

// lines are all lines; none where no item was added.
func (w *wrapping) lines() []string {
	if !w.used {
		return w.full
	}
	return append(w.full, w.line)
}
