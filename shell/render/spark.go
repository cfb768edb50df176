package render

import "math"

// The heights of a graph, from the lowest.
var (
	blocks = []rune("▁▂▃▄▅▆▇█")
	ascii  = []rune("_.-=+*#@")
)

// spark draws numbers as a small graph. It stands on zero, or on the smallest number where that is below.
func spark(numbers []float64, heights []rune) string {
	lowest, highest := 0.0, 0.0
	for _, n := range numbers {
		lowest, highest = min(lowest, n), max(highest, n)
	}
	graph := make([]rune, len(numbers))
	for i, n := range numbers {
		graph[i] = heights[height((n-lowest)/(highest-lowest), len(heights))]
	}
	return string(graph)
}

// height is the step of so many at which a share of the whole stands; that of nothing is the lowest, and all else is
// above it.
func height(share float64, steps int) int {
	if math.IsNaN(share) || share <= 0 {
		return 0
	}
	return min(steps-1, int(math.Ceil(share*float64(steps-1))))
}
