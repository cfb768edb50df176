package stop

import "slices"

// runLength is how many elements are sorted without a look at the flag: few enough for an insertion sort.
const runLength = 16

// Sort sorts the list and keeps the order of equal elements. When the flag is set it ends at once and says false; the
// list is in no order then. It is a merge sort, because the comparisons of values of a query cost more than moving
// them, and takes room for another list as long.
func Sort[E any](flag *Flag, list []E, compare func(a, b E) int) (sorted bool) {
	for chunk := range slices.Chunk(list, runLength) {
		if flag.Set() {
			return false
		}
		slices.SortStableFunc(chunk, compare)
	}
	from, to := list, make([]E, len(list))
	for width := runLength; width < len(list); width *= 2 {
		for start := 0; start < len(list); start += 2 * width {
			middle, end := min(start+width, len(list)), min(start+2*width, len(list))
			if !merge(flag, to[start:end], from[start:middle], from[middle:end], compare) {
				return false
			}
		}
		from, to = to, from
	}
	copy(list, from)
	return !flag.Set()
}

// merge fills to with two sorted lists; the elements of the left one come first among equals.
func merge[E any](flag *Flag, to, left, right []E, compare func(a, b E) int) bool {
	if len(right) == 0 || compare(left[len(left)-1], right[0]) <= 0 {
		copy(to[copy(to, left):], right)
		return !flag.Set()
	}
	for i := range to {
		if len(right) == 0 || len(left) > 0 && compare(left[0], right[0]) <= 0 {
			to[i], left = left[0], left[1:]
		} else {
			to[i], right = right[0], right[1:]
		}
		if flag.Set() {
			return false
		}
	}
	return true
}
