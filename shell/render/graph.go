package render

import (
	"slices"
	"strings"

	"netql/query/schema"
)

// graph is the edges of an answer, and the nodes that they join. Nodes are numbered as they first occur.
type graph struct {
	schema.Graph
	beside []*schema.Column // the columns that tell something of an edge
	nodes  []*graphNode
	index  map[nodeKey]int
	edges  []graphEdge
	keep   func(bytes int) // is told how many bytes nodes and edges take
}

// graphNode is an end of edges.
type graphNode struct {
	column  *schema.Column
	value   any
	out     []int // its edges, by their index
	in      int   // how many edges of others end in it
	written bool
	without []int // edges that have no beginning and end in it alone
}

// graphEdge is a row: its ends, and the values of the other columns.
type graphEdge struct {
	from, to int
	values   []any
}

// nodeSize is about how many bytes a node takes beside its value, with its place in the index and its line in a tree.
const nodeSize = 300

// size is about how many bytes an edge takes, with its places in lists.
func (e graphEdge) size() int {
	const itself, perValue = 120, 16
	bytes := itself
	for _, value := range e.values {
		bytes += perValue + schema.Held(value)
	}
	return bytes
}

// nodeKey tells nodes from each other. The ends of edges are nodes of two kinds unless they are of one type; NULL is
// another node on either side.
type nodeKey struct {
	to  bool
	key any
}

// newGraph is a graph without edges. Where the options do not name the ends, they are the first two columns.
func newGraph(columns []*schema.Column, options Options) *graph {
	g := &graph{index: map[nodeKey]int{}, keep: options.keep}
	if options.Graph != nil {
		g.Graph = *options.Graph
	} else {
		nothing := &schema.Column{Value: func(schema.Row) schema.Scalar { return schema.Scalar{} }}
		ends := slices.Concat(columns, []*schema.Column{nothing, nothing})
		g.From, g.To = ends[0], ends[1]
	}
	for _, c := range columns {
		if c != g.From && c != g.To {
			g.beside = append(g.beside, c)
		}
	}
	return g
}

// read reads all rows.
func (g *graph) read(out *output, rows Rows) error {
	err := out.read(rows, func(row schema.Row) (whole bool) {
		e := g.edge(row)
		if out.ended() {
			return false
		}
		g.edges = append(g.edges, e)
		g.keep(e.size())
		return true
	})
	for i, e := range g.edges {
		from, to := g.nodes[e.from], g.nodes[e.to]
		if !g.joins(e) {
			to.without = append(to.without, i)
			continue
		}
		if from.value == nil {
			to.in++
		}
		from.out = append(from.out, i)
	}
	return err
}

// edge is the edge that a row is. Its ends become nodes.
func (g *graph) edge(row schema.Row) graphEdge {
	from, to := g.From.Get(row), g.To.Get(row)
	e := graphEdge{g.node(g.From, from, false), g.node(g.To, to, true), make([]any, len(g.beside))}
	for i, c := range g.beside {
		e.values[i] = c.Get(row)
	}
	if e.from != e.to && from != nil {
		g.nodes[e.to].in++
	}
	return e
}

// joins says whether an edge has a beginning: where both ends are of one kind, a row without one tells of a node that
// nothing leads to. Rows are in the order of their beginnings, with NULL last.
func (g *graph) joins(e graphEdge) bool {
	from, to := g.nodes[e.from], g.nodes[e.to]
	return from.value != nil || to.value == nil || to.in > 0 || !g.OneKind()
}

// each writes a graph as its rows come: each node before the first edge that it is an end of.
func (g *graph) each(
	out *output, rows Rows, appendNode func(b []byte, node int) []byte, appendEdge func(b []byte, e graphEdge) []byte,
) error {
	return out.each(rows, func(b []byte, row schema.Row) []byte {
		e := g.edge(row)
		ends := []int{e.from, e.to}
		if !g.joins(e) {
			ends = ends[1:]
		}
		for _, i := range ends {
			if !g.nodes[i].written {
				g.nodes[i].written = true
				b = appendNode(b, i)
			}
		}
		if len(ends) == 2 {
			b = appendEdge(b, e)
		}
		return b
	})
}

// node is the index of the node of a value.
func (g *graph) node(column *schema.Column, value any, to bool) int {
	key := nodeKey{to && (value == nil || !g.OneKind()), schema.Key(value)}
	i, known := g.index[key]
	if !known {
		i = len(g.nodes)
		g.index[key] = i
		g.nodes = append(g.nodes, &graphNode{column: column, value: value})
		g.keep(nodeSize + 2*schema.Held(value))
	}
	return i
}

// label is the text of a node for people. Control characters are escaped.
func (g *graph) label(node int, options Options) string {
	n := g.nodes[node]
	return schema.Visible(options.people(n.column, n.value))
}

// told is what is told of an edge: the value, or, of several, each with its name.
func (g *graph) told(e graphEdge, options Options) string {
	var parts []string
	for i, c := range g.beside {
		text := options.people(c, e.values[i])
		if len(g.beside) > 1 {
			text = c.Name + " " + text
		}
		parts = append(parts, schema.Visible(text))
	}
	return strings.Join(parts, ", ")
}
