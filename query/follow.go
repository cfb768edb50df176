package query

import (
	"context"
	"fmt"
	"iter"
	"time"

	"netql/query/schema"
	"netql/query/syntax"
)

// Event is something that happened to a row.
type Event[T any] struct {
	Time time.Time
	Kind string // of eventKinds: "new", "changed", "gone"
	Row  *T     // as it is now, or as it was last
}

// eventKinds are what can happen to a row.
var eventKinds = []schema.Word{
	{Name: "new", Aliases: []string{"added", "created"}, Level: schema.Good},
	{Name: "changed", Aliases: []string{"updated"}, Level: schema.Busy},
	{Name: "gone", Aliases: []string{"deleted", "removed", "closed"}, Level: schema.Bad},
}

// event is an Event whose record type is erased.
type event struct {
	time time.Time
	kind string
	row  schema.Row
}

// Follow is a decided way to listen to a table's events. It ends when its context does.
type Follow[T any] interface {
	fmt.Stringer
	Events(context.Context) iter.Seq2[Event[T], error]
}

// eraseEvents erases the record type.
func eraseEvents[T any](events iter.Seq2[Event[T], error]) Rows {
	return func(yield func(schema.Row, error) bool) {
		for e, err := range events {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(&event{e.Time, e.Kind, e.Row}, nil) {
				return
			}
		}
	}
}

// eventSchema is the table's schema with the time and the kind of the event before its columns. An event is identified
// by nothing: it happens once.
func (t *Table) eventSchema() schema.Schema {
	s := schema.Schema{Source: t.Name, Shown: append([]string{"time", "event"}, t.Shown...)}
	s.Columns = append(s.Columns,
		&schema.Column{Name: "time", Type: schema.Of(schema.Time), Doc: "When it happened.",
			Get: func(r schema.Row) any { return r.(*event).time }},
		&schema.Column{Name: "event", Type: schema.Type{Kind: schema.Enum, Words: schema.NewVocabulary(eventKinds...)},
			Doc: "What happened to the row.",
			Get: func(r schema.Row) any { return r.(*event).kind }})
	for _, original := range t.Columns {
		s.Columns = append(s.Columns, original.Within(func(r schema.Row) schema.Row { return r.(*event).row }))
	}
	return s
}

// Follows says that the rows are events, which come when they happen.
func (p *Plan) Follows() bool { return p.follow }

// follows decides, before anything else is compiled, whether the query is about events.
func (c *compiler) follows(q *syntax.Query) error {
	for _, stage := range q.Stages {
		if _, ok := stage.(*syntax.Follow); !ok {
			continue
		}
		if !c.plan.table.Follows() {
			return syntax.Errorf(stage.Span(), "the kernel tells no events of %s", c.plan.table.Name).
				WithHint("tables with events: %s; any table can be watched: | watch 1s", c.catalog.followed())
		}
		c.plan.follow = true
	}
	return nil
}
