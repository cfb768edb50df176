package tables

import (
	"strconv"

	"netql/query/schema"
)

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

// percent is a share in percent, with about two digits that matter.
func percent(v any) string {
	share, _ := v.(float64)
	p := 100 * share
	switch {
	case p >= 10:
		return strconv.FormatFloat(p, 'f', 0, 64) + " %"
	case p >= 0.1:
		return strconv.FormatFloat(p, 'f', 1, 64) + " %"
	}
	return strconv.FormatFloat(p, 'g', 2, 64) + " %"
}
