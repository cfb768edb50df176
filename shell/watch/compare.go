package watch

import (
	"netql/query/schema"
	"netql/shell/render"
)

// compare is the rows of a sample with marks for those that are new or changed since the sample before, and the rows
// that are gone, at their old places. before is nil for the first sample, of which nothing is new.
func compare(before, now []row) []render.Line {
	old := make(map[any][]any, len(before))
	for _, r := range before {
		old[r.id] = r.values
	}
	var gone []int
	living := make(map[any]bool, len(now))
	for _, r := range now {
		living[r.id] = true
	}
	for i, r := range before {
		if !living[r.id] {
			gone = append(gone, i)
		}
	}
	lines := make([]render.Line, 0, len(now)+len(gone))
	addGone := func() { // the rows that are gone and had this place
		for len(gone) > 0 && gone[0] <= len(lines) {
			lines = append(lines, render.Line{ID: before[gone[0]].id, Mark: render.Gone,
				Values: before[gone[0]].values})
			gone = gone[1:]
		}
	}
	for _, r := range now {
		addGone()
		line := render.Line{ID: r.id, Values: r.values}
		values, known := old[r.id]
		switch {
		case known:
			line.Changed = differences(values, r.values)
		case before != nil:
			line.Mark = render.New
		}
		if line.Changed != nil {
			line.Mark = render.Changed
		}
		lines = append(lines, line)
	}
	addGone()
	return lines
}

// differences says which values differ from those before; nil if none does. A graph (spark) counts as the same, because
// it moves with every sample.
func differences(before, now []any) []bool {
	var changed []bool
	for i := range now {
		if _, graph := now[i].([]float64); graph {
			continue
		}
		if schema.Key(before[i]) != schema.Key(now[i]) {
			if changed == nil {
				changed = make([]bool, len(now))
			}
			changed[i] = true
		}
	}
	return changed
}
