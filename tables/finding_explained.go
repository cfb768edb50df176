package tables

import "slices"

// explained leaves out those findings that count what another one names, and which is as bad: their sentences go to the
// end of its own, so that a cause is one finding. They are sorted, the worst first.
func explained(found []*finding) (rest []*finding) {
	more := map[*finding][]string{}
	for _, f := range found {
		i := slices.IndexFunc(found, func(by *finding) bool { return by.explains(f) })
		if i < 0 {
			rest = append(rest, f)
		} else {
			more[found[i]] = append(more[found[i]], f.sentence)
		}
	}
	for _, f := range rest {
		for _, sentence := range more[f] {
			f.sentence += " " + sentence
		}
	}
	return rest
}

// related are the wanted checks, and those that name what one of them counts, or count what one of them names: which
// finding a sentence belongs to must not depend on the conditions of a query.
func related(all, wanted []*check) (list []*check) {
	list = wanted
	for more := true; more; {
		before := list
		list = slices.DeleteFunc(slices.Clone(all), func(c *check) bool {
			return !slices.ContainsFunc(before, func(other *check) bool {
				return c == other || c.explainedByCheck(other) || other.explainedByCheck(c)
			})
		})
		more = len(list) > len(before)
	}
	return list
}

// explainedByCheck says whether another check names what this one counts.
func (c *check) explainedByCheck(by *check) bool { return slices.Contains(c.explainedBy, by.name) }

// explains says whether the finding names what another one counts. The words of severity are in order.
func (f *finding) explains(other *finding) bool {
	words := severityWords()
	return other.check.explainedByCheck(f.check) &&
		slices.Index(words, f.severity) >= slices.Index(words, other.severity)
}
