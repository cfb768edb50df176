package tables

import (
	"iter"
	"slices"
	"strings"

	"netql/query"
)

// planLimits reads what the kinds need that the conditions allow.
func planLimits(r query.Request) query.Scan[limit] {
	var wanted []limitKind
	var texts []string
	elsewhere := ofQuery(r.State).ofOthers(r.Warn)
	for _, k := range limitKinds() {
		switch {
		case !mayBe(r.Where, "name", k.name):
		case k.machine && elsewhere:
			if r.Where.Mentions("name", k.name) && ofQuery(r.State).system.Entered {
				r.Warn(k.name + " is of the whole machine, and not of this network namespace: ask without --netns")
			}
		default:
			wanted = append(wanted, k)
			if !slices.Contains(texts, k.files) {
				texts = append(texts, k.files)
			}
		}
	}
	if len(wanted) == 0 {
		texts = []string{"nothing: no limit can satisfy the conditions"}
	}
	all := r.Tested.Has("name", "subject", "used", "limit", "share")
	return streamScan[limit]{strings.Join(texts, "; "), "limits", r, func(s *scanState) iter.Seq2[*limit, error] {
		reader := &limitReader{memoryFiles: newMemoryFiles(s.system.Files), scanState: s, where: r.Where}
		return func(yield func(*limit, error) bool) { reader.rows(wanted, all, yield) }
	}}
}

// limitReader reads the rows of the kinds, and keeps what several of them need.
type limitReader struct {
	*memoryFiles
	*scanState
	where   query.Predicate
	lengths lazy[map[uint32]int] // of transmit queues, by the index of the interface
}

// rows yields the rows of the kinds, and then what could not be read; all are those of all subjects.
func (l *limitReader) rows(wanted []limitKind, all bool, yield func(*limit, error) bool) {
	for i := range wanted {
		for row, err := range l.kind(&wanted[i], all) {
			if !yield(row, err) {
				return
			}
		}
	}
	for _, err := range l.faults {
		if !yield(nil, err) {
			return
		}
	}
}

// worthTelling is the share of a limit from which a subject is told where a query does not ask for all.
const worthTelling = 0.1

// kind yields the rows of a kind. Where there are many subjects and not all are asked for, it yields those that use
// much of their limit, or else the first of those that use most of it, so that every kind is there that has a row.
func (l *limitReader) kind(k *limitKind, all bool) iter.Seq2[*limit, error] {
	return func(yield func(*limit, error) bool) {
		var fullest *limit
		told := false
		for row, err := range k.read(l) {
			if err != nil {
				if !yield(nil, err) {
					return
				}
				continue
			}
			row.limitKind = k
			share, _ := row.share()
			if all || !k.many || share >= worthTelling {
				if told = true; !yield(&row, nil) {
					return
				}
				continue
			}
			if fullest == nil || fullest.isLess(share) {
				fullest = &row
			}
		}
		if !told && fullest != nil {
			yield(fullest, nil)
		}
	}
}

// isLess says that the row's share is less than another.
func (l *limit) isLess(share float64) bool {
	own, _ := l.share()
	return own < share
}

// named says whether the query names the kind, so that it is told that the kernel lacks it.
func (l *limitReader) named(kind string) bool { return l.where.Mentions("name", kind) }
