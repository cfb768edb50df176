package shell

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"netql/query/schema"
	"netql/shell/complete"
	"netql/shell/render"
	"netql/sources/capture"
)

// mark is a moment of the target, kept in memory: a capture without a file.
type mark struct {
	name string
	*capture.Capture
}

// marks are those of the prompt, the oldest first.
type marks []mark

// maxMarks is how many bytes all marks may take together. The oldest are forgotten where there are more; a single mark
// is bounded as a file is (package capture).
const maxMarks = 256 << 20

// markWord is the word "mark" of the prompt: it keeps what the target says now, under a name, or lists the marks.
func (s *session) markWord(argument string) int {
	switch {
	case argument == "":
		return s.listMarks()
	case strings.ContainsAny(argument, "/ \t\"") || strings.HasPrefix(argument, "-"):
		return s.usageFailure("", usagef("a mark cannot be called %s", argument).
			withHint("one word without a slash, for example: mark before"))
	case s.system == nil:
		return s.usageFailure("", s.errSeveral("a mark is of one network namespace"))
	default:
		return s.untilSignal(func(ctx context.Context) int {
			ctx, cancel := s.options.limited(ctx)
			defer cancel()
			return s.recorded(ctx, "there is no new mark", func(r *capture.Recorder, m capture.Manifest) error {
				c, err := r.Keep(ctx, argument, m)
				if err == nil {
					s.keepMark(mark{argument, c})
				}
				return err
			})
		}, os.Interrupt)
	}
}

// keepMark adds a mark, in place of one that has its name, and forgets the oldest where all take too much memory.
func (s *session) keepMark(m mark) {
	s.marks = append(s.marks.without(m.name), m)
	forgotten := s.marks.bound(maxMarks)
	s.message("note", "%s is marked, %s of memory; diff %s compares with it", m.name,
		render.Size(m.Memory()), m.name)
	for _, old := range forgotten {
		s.message("note", "%s is forgotten: all marks may take %s", old.name, render.Size(maxMarks))
	}
}

func (list marks) without(name string) marks {
	return slices.DeleteFunc(list, func(m mark) bool { return m.name == name })
}

// bound takes the oldest marks out until the others take no more than so many bytes, and gives them. The newest stays.
func (list *marks) bound(limit int) (forgotten marks) {
	total := 0
	for _, m := range *list {
		total += m.Memory()
	}
	for len(*list) > 1 && total > limit {
		total -= (*list)[0].Memory()
		forgotten, *list = append(forgotten, (*list)[0]), (*list)[1:]
	}
	return forgotten
}

// find is the mark with a name; nil if there is none.
func (list marks) find(name string) *capture.Capture {
	for _, m := range list {
		if m.name == name {
			return m.Capture
		}
	}
	return nil
}

// opened is the mark with a name, else the capture in a file. A mark that has the name of a file wins, and a note says
// so.
func (s *session) opened(name string) (*capture.Capture, error) {
	if c := s.marks.find(name); c != nil {
		if _, err := os.Lstat(name); err == nil {
			s.message("note", "%s is the mark; the file is ./%s", name, name)
		}
		return c, nil
	}
	c, err := capture.Open(name)
	if errors.Is(err, fs.ErrNotExist) && s.atPrompt && !strings.Contains(name, "/") {
		return nil, usagef("there is neither a mark nor a file %q", name).withHint("mark %s makes a mark", name)
	}
	return c, err
}

// listMarks lists the marks, the oldest first.
func (s *session) listMarks() int {
	column := func(name string, kind schema.Kind, get func(*mark) any) *schema.Column {
		value := schema.Boxing(func(r schema.Row) any { return get(r.(*mark)) })
		return &schema.Column{Name: name, Type: schema.Of(kind), Value: value}
	}
	size := column("memory", schema.Int, func(m *mark) any { return m.Memory() })
	size.Unit = schema.Bytes
	_, err := render.Write(context.Background(), s.out, []*schema.Column{
		column("name", schema.Text, func(m *mark) any { return m.name }),
		column("time", schema.Time, func(m *mark) any { return m.Manifest.Time.Local().Truncate(time.Second) }),
		size,
		column("of", schema.Text, func(m *mark) any { return m.Manifest.String() }),
	}, func(yield func(schema.Row, error) bool) {
		for i := range s.marks {
			if !yield(&s.marks[i], nil) {
				return
			}
		}
	}, s.renderOptions())
	return s.endStatus(context.Background(), err)
}

// markChoices are the names of the marks, for completion.
func (s *session) markChoices() (candidates []complete.Candidate) {
	for _, m := range s.marks {
		candidates = append(candidates,
			complete.Candidate{Text: m.name, Doc: m.Manifest.String(), Kind: complete.Value, End: " "})
	}
	return candidates
}
