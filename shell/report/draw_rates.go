package report

import (
	"fmt"
	"slices"
	"strings"

	"netql/query/schema"
)

// The size of the picture of an interface's rates, in pixels.
const (
	rateWidth  = 220
	rateHeight = 64
)

// drawRates draws the rates of each interface: what was received above a line in the middle, what was sent below it.
func drawRates(p *page, a *answer) {
	p.open("div", "class", "rates")
	for _, s := range a.series {
		p.open("figure")
		p.open("figcaption")
		p.element("b", s.name)
		p.text(" at most %s received, %s sent", s.people(s.received), s.people(s.sent))
		p.close("figcaption")
		most := max(1, maximum(s.received), maximum(s.sent))
		p.open("svg", "viewBox", fmt.Sprintf("0 0 %d %d", rateWidth, rateHeight), "role", "img",
			"aria-label", s.name+": rates over "+fmt.Sprint(len(s.received))+" seconds")
		p.area("received", s.received, most, -1)
		p.area("sent", s.sent, most, 1)
		p.open("line", "class", "axis", "x1", "0", "x2", fmt.Sprint(rateWidth), "y1", fmt.Sprint(rateHeight/2),
			"y2", fmt.Sprint(rateHeight/2))
		p.close("line")
		p.close("svg")
		p.close("figure")
	}
	p.close("div")
}

// people is the highest of some rates as people read it: that which reaches farthest from the line.
func (s *series) people(rates []float64) string {
	if len(rates) == 0 {
		return "nothing known"
	}
	return schema.ForPeople(slices.Max(rates), s.unit)
}

func maximum(numbers []float64) float64 {
	if len(numbers) == 0 {
		return 0
	}
	return slices.Max(numbers)
}

// area draws numbers as an area from the line in the middle, up or down, so that most would reach the edge.
func (p *page) area(class string, numbers []float64, most float64, direction int) {
	if len(numbers) == 0 {
		return
	}
	const middle = rateHeight / 2
	points := []string{fmt.Sprintf("0,%d", middle)}
	for i, n := range numbers {
		x := float64(i) * rateWidth / float64(max(1, len(numbers)-1))
		points = append(points, fmt.Sprintf("%.1f,%.1f", x, middle+float64(direction)*n/most*(middle-2)))
	}
	points = append(points, fmt.Sprintf("%d,%d", rateWidth, middle))
	p.open("polygon", "class", class, "points", strings.Join(points, " "))
	p.close("polygon")
}
