package render

import "netql/query/schema"

// deepest is how deep a tree grows. What hangs from a node there is shown further down.
const deepest = 16

// treeLine is a node of a graph where it is shown, below the node that an edge comes from.
type treeLine struct {
	node  int
	edges []int  // that lead to it here
	last  []bool // of it and of each node that it is below of: whether it is the last one there
	shown where
}

// where says where what hangs from a node is shown.
type where uint8

const (
	here where = iota
	above
	below
)

// tree is a graph as lines, each node below those from which edges lead to it.
type tree struct {
	*graph
	lines    []treeLine
	expanded []bool // by node
}

// newTree begins with nodes to which no edge leads, in the order of the rows, and goes on with those that are left,
// which are parts of circles or hang too deep.
func newTree(g *graph) *tree {
	t := &tree{graph: g, expanded: make([]bool, len(g.nodes))}
	for _, rest := range []bool{false, true} {
		for _, e := range g.edges {
			for _, i := range []int{e.from, e.to} {
				n := g.nodes[i]
				root := n.in == 0 && (len(n.out) > 0 || len(n.without) > 0) || rest && len(n.out) > 0
				if root && !t.expanded[i] {
					t.add(i, n.without, nil)
				}
			}
		}
	}
	return t
}

// add adds a node and what hangs from it.
func (t *tree) add(node int, edges []int, last []bool) {
	line := treeLine{node: node, edges: edges, last: last}
	n := t.nodes[node]
	switch {
	case len(n.out) == 0:
	case t.expanded[node]:
		line.shown = above
	case len(last) >= deepest:
		line.shown = below
	}
	t.lines = append(t.lines, line)
	if line.shown != here {
		return
	}
	t.expanded[node] = true
	for i, edge := range n.out {
		t.add(t.edges[edge].to, []int{edge}, append(last[:len(last):len(last)], i == len(n.out)-1))
	}
}

// branches are the characters of a tree.
type branches struct{ pass, blank, branch, end, arrow string }

var (
	boxBranches   = branches{"│  ", "   ", "├─ ", "└─ ", " → "}
	asciiBranches = branches{"|  ", "   ", "|- ", "`- ", " -> "}
)

func (o Options) branches() branches {
	if o.ASCII {
		return asciiBranches
	}
	return boxBranches
}

// stem is what stands before the node on its line.
func (b branches) stem(last []bool) string {
	text := ""
	for i, isLast := range last {
		switch {
		case i == len(last)-1 && isLast:
			text += b.end
		case i == len(last)-1:
			text += b.branch
		case isLast:
			text += b.blank
		default:
			text += b.pass
		}
	}
	return text
}

var shownElsewhere = [...]string{here: "", above: " (above)", below: " (below)"}

// writeTree writes a graph as a tree, with what is told of an edge beside the node to which it leads. Texts are cut so
// that the numbers keep their room, but not in plain, where nothing is cut.
func writeTree(f Format, out *output, columns []*schema.Column, rows Rows, options Options) error {
	g := newGraph(columns, options)
	failure := g.read(out, rows)
	options.Color = options.Color && !f.Exact
	drawn := options.branches()
	name := &schema.Column{Name: g.From.Name + drawn.arrow + g.To.Name, Type: schema.Of(schema.Text)}
	lines := &grid{columns: append([]*schema.Column{name}, g.beside...), cellOf: f.cells(options)}
	var cells [][]cell
	for _, line := range newTree(g).lines {
		node := g.nodes[line.node]
		label := lines.cellOf(node.column, node.value)
		if !f.Exact {
			label.text = cutLabel(node.column.Type, label.text)
		}
		label.text = drawn.stem(line.last) + label.text + shownElsewhere[line.shown]
		row := append([]cell{label}, make([]cell, len(g.beside))...)
		for _, edge := range line.edges {
			for i, c := range g.beside {
				row[i+1] = lines.cellOf(c, g.edges[edge].values[i])
			}
		}
		cells = append(cells, row)
	}
	names := lines.names(options)
	lines.measure(append([][]cell{names}, cells...))
	if !options.NoHeader {
		cells = append([][]cell{names}, cells...)
	}
	for _, line := range cells {
		out.buf = append(trimBlanks(lines.appendLine(out.buf, line)), '\n')
	}
	return failure
}

// trimBlanks takes away the line end and the blanks before it, where an edge leads to no node.
func trimBlanks(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\n') {
		b = b[:len(b)-1]
	}
	return b
}
