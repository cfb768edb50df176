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

// explains says whether the finding names what another one counts. The words of severity are in order.
func (f *finding) explains(other *finding) bool {
	words := severityWords()
	return slices.Contains(other.check.explainedBy, f.check.name) &&
		slices.Index(words, f.severity) >= slices.Index(words, other.severity)
}
