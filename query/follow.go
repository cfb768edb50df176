package query

import (
	"context"
	"fmt"
	"iter"
	"slices"
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

// Follow is a planned subscription to a table's events. String tells, for explain, what it listens to. Events end when
// their context does.
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

// eventSchema is the table's schema with the time and the kind of the event before its columns. Events have no
// identity: each happens once.
func (t *Table) eventSchema() schema.Schema {
	shown, spare := t.EventsShown, t.EventsSpare
	if len(shown) == 0 {
		shown, spare = t.Shown, t.Spare
	}
	s := schema.Schema{Source: t.Name, Shown: slices.Concat([]string{"time", "event"}, shown), Spare: spare}
	s.Columns = append(s.Columns,
		&schema.Column{Name: "time", Type: schema.Of(schema.Time), Doc: "When it happened.", Millis: true,
			Value: schema.Boxing(func(r schema.Row) any { return r.(*event).time })},
		&schema.Column{Name: "event", Type: schema.Type{Kind: schema.Enum, Words: schema.NewVocabulary(eventKinds...)},
			Doc:   "What happened to the row.",
			Value: func(r schema.Row) schema.Scalar { return schema.OfText(r.(*event).kind) }})
	for _, original := range t.Columns {
		s.Columns = append(s.Columns, original.Within(func(r schema.Row) schema.Row { return r.(*event).row }))
	}
	return s
}

// Follows says that the rows are events, which come when they happen.
func (p *Plan) Follows() bool { return p.follow }

// followStage has the query give the events of the table's rows instead of the rows.
type followStage struct{}

func parseFollow(*syntax.Parser) (syntax.Node, *syntax.Error) { return followStage{}, nil }

func (followStage) String() string { return "follow" }

// compile adds nothing: checkFollow has looked for the stage before the others are compiled.
func (followStage) compile(*compiler) error { return nil }

// checkFollow finds out whether the query is about events, and refuses it where the table has none. It runs before any
// stage is compiled, because the columns depend on it.
func (c *compiler) checkFollow(q *syntax.Query) error {
	var at syntax.Range
	for _, stage := range q.Stages {
		switch stage.Node.(type) {
		case followStage:
			c.plan.follow, at = true, stage.Range
		case *watchStage:
			if c.plan.follow {
				return syntax.Errorf(stage.Range, "events are not watched: they come by themselves").
					WithHint("leave watch out, or leave follow out")
			}
		}
	}
	if c.plan.follow && !c.plan.table.Follows() {
		return syntax.Errorf(at, "the kernel tells no events of %s", c.plan.table.Name).
			WithHint("tables with events: %s; any table can be watched: | watch 1s", c.catalog.tablesWithEvents())
	}
	return nil
}
