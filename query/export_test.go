package query

import "netql/query/schema"

// Stopped says whether what runs has been told to end. A context tells it a moment after it has ended.
func (p *Plan) Stopped() bool { return p.stop.Set() }

// RecordSize is recordSize.
func RecordSize[T any]() func(schema.Row) int { return recordSize[T]() }
