package tables

import "netql/query/schema"

// These are the texts of values on a screen, for Column.ForPeople.

// exactNumber is a number with all of its digits and no unit: an MTU of 65536 bytes is not told as 64 KiB.
func exactNumber(v any) string { return schema.Format(v) }

// containerDigits is how many digits of a container's id docker ps and its like show.
const containerDigits = 12

// shortContainer is the beginning of a container's id, as docker ps shows it.
func shortContainer(v any) string {
	id, _ := v.(string)
	return id[:min(len(id), containerDigits)]
}
