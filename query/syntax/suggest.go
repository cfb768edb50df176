package syntax

import (
	"cmp"
	"slices"
	"strings"
)

// Nearest is the candidate that the word was probably meant to be; "" when none is close. Case does not matter.
func Nearest(word string, candidates []string) string {
	word = strings.ToLower(word)
	best, bestDistance := "", 1+max(1, len(word)/3)
	for _, candidate := range candidates {
		if d := distance(word, strings.ToLower(candidate)); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// OneOff is the candidate that differs from the word in one letter; "" where there is none. Case does not matter.
func OneOff(word string, candidates []string) string {
	for _, candidate := range candidates {
		if distance(strings.ToLower(word), strings.ToLower(candidate)) == 1 {
			return candidate
		}
	}
	return ""
}

// NearestOf are the candidates that are spelt most like the word, the nearest first, at most n.
func NearestOf(word string, candidates []string, n int) []string {
	word = strings.ToLower(word)
	sorted := slices.SortedStableFunc(slices.Values(candidates), func(a, b string) int {
		return cmp.Compare(distance(word, strings.ToLower(a)), distance(word, strings.ToLower(b)))
	})
	return sorted[:min(n, len(sorted))]
}

// longestWord bounds the work that a hostile word can cause.
const longestWord = 64

// distance is the number of letters to insert, delete, change, or swap with their neighbour to turn a into b.
func distance(a, b string) int {
	if len(a) > longestWord || len(b) > longestWord {
		return longestWord
	}
	var before, previous, current [longestWord + 1]int
	for j := range len(b) + 1 {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			current[j] = min(previous[j]+1, current[j-1]+1, previous[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, previous = previous, current
	}
	return previous[len(b)]
}
