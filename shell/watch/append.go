package watch

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/shell/render"
)

// Append writes one sample after the other, each row with the time of its sample in its first column, until the watch's
// condition holds, an error, or the end of the context. A sample is written when all of it is read, and one that is not
// finished is left out, as is the first of a plan that needs one before it (query.Plan.FirstLacks), and those that no
// host answers any more (query.Unanswered), of which a warning tells. In a format that makes a document of each
// answer, each sample is a document; else the samples are one stream, with the names of its columns before the first.
// warn is called with the plan's warnings as soon as they are known, note with other messages for a person. Several
// plans have one interval and are sampled in turn, samples times; 0 is no limit.
//
// It gives the number of rows of the last sample.
func Append(
	ctx context.Context, out io.Writer, plans []*query.Plan, samples int, options render.Options,
	warn, note func(string),
) (rows int, err error) {
	a, err := newAppending(out, plans, options)
	if err != nil {
		return 0, err
	}
	first, taken := true, 0
	err = Repeat(ctx, plans[0].Watch().Interval, note, func() (ended bool, err error) {
		rows = 0
		for i, plan := range plans {
			s := take(ctx, plan, nil)
			for _, warning := range plan.NewWarnings().Lines() {
				warn(warning)
			}
			switch {
			case s.unanswered():
				continue
			case s.err != nil:
				note(s.unfinished())
				return false, s.err
			case first && plan.FirstLacks():
				continue
			}
			if err := a.write(ctx, i, s); err != nil {
				return false, err
			}
			rows += len(s.rows)
			ended = ended || s.ending
		}
		first = false
		taken++
		return ended || taken == samples, nil
	})
	return rows, err
}

// appending writes samples, one after the other.
type appending struct {
	out     io.Writer
	plans   []*query.Plan
	options render.Options
	stream  bool // the names of the columns are written once
}

func newAppending(out io.Writer, plans []*query.Plan, options render.Options) (*appending, error) {
	format, err := options.Chosen()
	if err != nil {
		return nil, err
	}
	stream := len(plans) == 1 && !options.NoHeader && !format.Document
	return &appending{out: out, plans: plans, options: options, stream: stream}, nil
}

// write writes a whole sample of a plan. The end of the context does not end it in the middle.
func (a *appending) write(ctx context.Context, plan int, s sample) error {
	columns := a.plans[plan].Schema().Visible()
	shown := []*schema.Column{timeColumn(columns, s.at)}
	taken := map[*schema.Column]*schema.Column{}
	for i, column := range columns {
		kept := *column
		kept.Value = schema.Boxing(func(r schema.Row) any { return r.(*row).values[i] })
		taken[column] = &kept
		shown = append(shown, &kept)
	}
	options := a.options
	options.Bars, options.Graph = options.Bars.Over(taken), options.Graph.Over(taken)
	_, err := render.Write(context.WithoutCancel(ctx), a.out, shown, func(yield func(schema.Row, error) bool) {
		for i := range s.rows {
			if !yield(&s.rows[i], nil) {
				return
			}
		}
	}, options)
	if a.stream {
		a.options.NoHeader, a.options.Above = true, true
	}
	return err
}

// Repeat takes a sample at once, and then at multiples of the interval, until one says that it was the last, an error,
// or the end of the context. If a sample takes longer than the interval, the missed ones are skipped, and note is
// called with a message that says so.
func Repeat(
	ctx context.Context, interval time.Duration, note func(string), sample func() (last bool, err error),
) error {
	every := schedule{time.Now(), interval}
	for due := every.start; ; {
		begun := time.Now()
		if last, err := sample(); err != nil || last {
			return err
		}
		next, missed := every.next(due, time.Now())
		if missed > 0 {
			note(lateness(time.Since(begun), interval, missed))
		}
		if due = next; !wait(ctx.Done(), due) {
			return context.Cause(ctx)
		}
	}
}

// Unfinished is the message that a sample is left out, because an error or a person ended it.
func Unfinished(at time.Time) string {
	return fmt.Sprintf("the sample of %s was not finished, and is left out", at.Format(render.MillisOfDay))
}

// unfinished says why nothing of the sample is shown.
func (s sample) unfinished() string {
	if s.unanswered() {
		return s.err.Error()
	}
	return Unfinished(s.at)
}

// timeColumn is a column of the time of a sample: time, or sample_time where a column has that name.
func timeColumn(columns []*schema.Column, at time.Time) *schema.Column {
	name := "time"
	for slices.ContainsFunc(columns, func(c *schema.Column) bool { return c.Name == name }) {
		name = "sample_" + name
	}
	return &schema.Column{
		Name: name, Type: schema.Of(schema.Time), Millis: true,
		Value: func(schema.Row) schema.Scalar { return schema.Boxed(at) },
	}
}
