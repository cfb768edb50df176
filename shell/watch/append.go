package watch

import (
	"context"
	"io"
	"slices"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/shell/render"
)

// Append writes one sample after the other, each row with the time of its sample in its first column, until the watch's
// condition holds, an error, or the end of the context. In a format that makes a document of each answer, each sample
// is a document; else the samples are one stream, with the names of its columns before the first. warn is called with
// the plan's warnings as soon as they are known, note with other messages for a person. Several plans have one interval
// and are sampled in turn.
func Append(
	ctx context.Context, out io.Writer, plans []*query.Plan, options render.Options, warn, note func(string),
) error {
	format, err := options.Chosen()
	if err != nil {
		return err
	}
	told := make([]int, len(plans))
	return Repeat(ctx, plans[0].Watch().Interval, note, func() (ended bool, err error) {
		for i, plan := range plans {
			reached, err := appendSample(ctx, out, plan, options)
			for _, warning := range plan.Warnings()[told[i]:] {
				warn(warning)
				told[i]++
			}
			if err != nil {
				return false, err
			}
			ended = ended || reached
		}
		if len(plans) == 1 && !options.NoHeader && !format.Document {
			options.NoHeader, options.Above = true, true
		}
		return ended, nil
	})
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

// appendSample writes the rows of one sample as they come; ended says that the watch's condition holds.
func appendSample(
	ctx context.Context, out io.Writer, plan *query.Plan, options render.Options,
) (ended bool, err error) {
	ending := plan.Watch().Ending()
	at := time.Now()
	columns := plan.Schema().Visible()
	columns = append([]*schema.Column{timeColumn(columns, at)}, columns...)
	_, err = render.Write(ctx, out, columns, func(yield func(schema.Row, error) bool) {
		for row, err := range plan.Rows(ctx) {
			if err == nil {
				ending.Add(row)
			}
			if !yield(row, err) {
				return
			}
		}
	}, options)
	return err == nil && ending.Reached(), err
}

// timeColumn is a column of the time of a sample: time, or sample_time where a column has that name.
func timeColumn(columns []*schema.Column, at time.Time) *schema.Column {
	name := "time"
	for slices.ContainsFunc(columns, func(c *schema.Column) bool { return c.Name == name }) {
		name = "sample_" + name
	}
	return &schema.Column{Name: name, Type: schema.Of(schema.Time), Get: func(schema.Row) any { return at }}
}
