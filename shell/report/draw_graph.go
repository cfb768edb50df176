package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// The measures of the picture, in pixels.
const (
	graphWidth = 720
	graphLine  = 22  // between two nodes
	graphLeft  = 200 // where the edges begin
	graphRight = 460 // where they end
)

// graph is a picture of edges between nodes on the left and on the right.
type graph struct {
	left, right []string
	edges       []edge
}

type edge struct {
	from, to int // places in left and right
	weight   int
}

// graphOf takes the edges of an answer: its two ends, and the number behind them.
func graphOf(a *answer) *graph {
	g := &graph{}
	left, right := map[string]int{}, map[string]int{}
	from, to := slices.Index(a.columns, a.graph.From), slices.Index(a.columns, a.graph.To)
	for _, row := range a.rows {
		weight, _ := row[len(row)-1].value.(int)
		g.edges = append(g.edges, edge{
			place(&g.left, left, named(row[from])), place(&g.right, right, named(row[to])), weight,
		})
	}
	return g
}

func named(c cell) string { return cmp.Or(c.text, "unknown") }

// place is the place of a name in a list, to which it is added.
func place(list *[]string, at map[string]int, name string) int {
	i, ok := at[name]
	if !ok {
		i = len(*list)
		at[name] = i
		*list = append(*list, name)
	}
	return i
}

// drawGraph draws who talks to whom.
func drawGraph(p *page, a *answer) {
	g := graphOf(a)
	lines := max(len(g.left), len(g.right))
	height := lines*graphLine + 8
	p.open("div", "class", "scroll")
	p.open("svg", "class", "graph", "width", fmt.Sprint(graphWidth), "height", fmt.Sprint(height), "role", "img",
		"aria-label", "processes and their peers")
	y := func(i, n int) float64 { return 4 + (float64(i)+0.5)*float64(lines)*graphLine/float64(n) }
	for _, e := range g.edges {
		from, to := y(e.from, len(g.left)), y(e.to, len(g.right))
		const middle = (graphLeft + graphRight) / 2
		p.open("path", "class", "edge",
			"stroke-width", fmt.Sprintf("%.1f", 1+2*math.Log10(float64(max(1, e.weight)))),
			"d", fmt.Sprintf("M%d %.1f C%d %.1f %d %.1f %d %.1f", graphLeft, from, middle, from, middle, to,
				graphRight, to))
		p.element("title", fmt.Sprintf("%s to %s: %s", g.left[e.from], g.right[e.to], grouped(e.weight)))
		p.close("path")
	}
	for i, name := range g.left {
		p.element("text", name, "x", fmt.Sprint(graphLeft-8), "y", fmt.Sprintf("%.1f", y(i, len(g.left))+4),
			"text-anchor", "end")
	}
	for i, name := range g.right {
		p.element("text", name, "x", fmt.Sprint(graphRight+8), "y", fmt.Sprintf("%.1f", y(i, len(g.right))+4))
	}
	p.close("svg")
	p.close("div")
}
