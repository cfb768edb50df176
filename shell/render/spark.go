package render

import "math"

// The characters of graphs, from the lowest to the highest.
var (
	blocks = []rune{'▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'}
	ascii  = []rune{'_', '.', '-', '=', '+', '*', '#', '@'}
)

// spark is a graph of numbers, one character each. The lowest character is 0, or the smallest number where that is
// below 0; the highest is the largest number.
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

// height is the step, of so many, for a share of the whole from 0 to 1. Only 0 is the lowest step.
func height(share float64, steps int) int {
	if math.IsNaN(share) || share <= 0 {
		return 0
	}
	return min(steps-1, int(math.Ceil(share*float64(steps-1))))
}
