package render

import (
	"strconv"
	"time"

	"netql/query/schema"
)

// MillisOfDay is the layout of a time of day with its milliseconds.
const MillisOfDay = "15:04:05.000"

// null is the text of NULL in formats for people.
const null = "-"

// valueForPeople is a value of a column as text for a person.
func valueForPeople(c *schema.Column, v any) string {
	if c.ForPeople != nil && v != nil {
		return c.ForPeople(v)
	}
	if t, ok := v.(time.Time); ok && c.Millis {
		return t.Format(time.DateOnly + " " + MillisOfDay)
	}
	return forPeople(v, c.Unit)
}

// forPeople is a value as text for a person, the last samples of a number as a graph. Control characters are not
// escaped yet.
func forPeople(v any, unit schema.Unit) string {
	if numbers, ok := v.([]float64); ok {
		scale := interval{}
		scale.add(numbers)
		return scale.spark(numbers, blocks)
	}
	return schema.ForPeople(v, unit)
}

// Size is a number of bytes as people read it.
func Size(bytes int) string {
	return schema.Quantity(float64(bytes), schema.Bytes, strconv.Itoa(bytes))
}

// Duration is a time span as people read it.
func Duration(d time.Duration) string { return schema.ForPeopleDuration(d) }
