package reference

import (
	"context"
	"iter"
	"math"
	"math/rand/v2"
	"net/netip"
	"time"

	"netql/query"
	"netql/query/schema"
)

// column is a column of the reference: its name and kind.
type column struct {
	name string
	kind kind
}

// hosts and peers are the columns of the two tables.
var (
	hostColumns = []column{
		{"id", whole}, {"n", whole}, {"m", whole}, {"f", fraction}, {"t", text}, {"state", state}, {"up", truth},
		{"addr", address}, {"rtt", duration}, {"port", port}, {"tags", texts},
	}
	peerColumns = []column{{"port", port}, {"n", whole}, {"weight", fraction}, {"label", text}, {"net", network}}
)

// pools are the values that columns have.
var pools = map[kind][]any{
	whole:    {0, 1, 2, 3, 5, 7, 10, 22, 100, -4},
	fraction: {0.0, 0.5, 1.0, 1.5, 2.25, 3.0, 10.0, -0.75},
	text:     {"", "a", "ab", "nginx", "sshd", "Curl", "12", "x y", "日本"},
	state:    {"LISTEN", "ESTABLISHED", "CLOSE_WAIT", "TIME_WAIT"},
	truth:    {true, false},
	address: {
		netip.MustParseAddr("10.0.0.9"), netip.MustParseAddr("10.0.0.10"), netip.MustParseAddr("192.0.2.1"),
		netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("fe80::1"),
	},
	duration: {
		time.Duration(0), time.Millisecond, 5 * time.Millisecond, 1500 * time.Microsecond, time.Second, 3 * time.Minute,
	},
	port: {22, 80, 443, 8080, 53},
	network: {
		netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("10.0.0.8/29"),
		netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2000::/3"), netip.MustParsePrefix("fe80::/10"),
	},
	texts: {[]any{"a"}, []any{"a", "b"}, []any{"b", "nginx", "ab"}, []any{"x", "x"}},
}

// extremes are rare values: those at the ends of 64 bits, and those behind which a float64 is not exact.
var extremes = map[kind][]any{
	whole:    {math.MaxInt, 1<<53 + 1, 1 << 62},
	fraction: {9223372036854775808.0, 9007199254740992.0},
	duration: {104 * 24 * time.Hour},
}

// valueOf is a value of the kind.
func valueOf(r *rand.Rand, k kind) any {
	if rare := extremes[k]; rare != nil && r.IntN(40) == 0 {
		return rare[r.IntN(len(rare))]
	}
	return pools[k][r.IntN(len(pools[k]))]
}

// madeUp are rows with a value of each column's pool, or NULL.
func madeUp(r *rand.Rand, columns []column, n int) []row {
	rows := make([]row, n)
	for i := range rows {
		rows[i] = row{}
		for _, c := range columns {
			if r.IntN(4) > 0 {
				rows[i][c.name] = valueOf(r, c.kind)
			}
		}
		rows[i]["id"] = i + 1
	}
	return rows
}

// declared is the column as the engine has it.
func (c column) declared() query.Column[row] {
	switch c.kind {
	case fraction:
		return query.Opt(c.name, "D.", get[float64](c.name))
	case text:
		return query.Opt(c.name, "D.", get[string](c.name))
	case state:
		return query.Enum(c.name, "D.", schema.Words(states...), func(r *row) string {
			word, _ := (*r)[c.name].(string)
			return word
		})
	case truth:
		return query.Opt(c.name, "D.", get[bool](c.name))
	case address:
		return query.Opt(c.name, "D.", get[netip.Addr](c.name))
	case network:
		return query.Opt(c.name, "D.", get[netip.Prefix](c.name))
	case duration:
		return query.Opt(c.name, "D.", get[time.Duration](c.name))
	case port:
		return query.Col(c.name, "D.", func(r *row) query.Port {
			number, _ := (*r)[c.name].(int)
			return query.Port(number)
		})
	case texts:
		return query.List(c.name, "D.", func(r *row) (list []string) {
			all, _ := (*r)[c.name].([]any)
			for _, v := range all {
				list = append(list, v.(string))
			}
			return list
		})
	}
	return query.Opt(c.name, "D.", get[int](c.name))
}

func get[V any](name string) func(r *row) (V, bool) {
	return func(r *row) (V, bool) {
		v, ok := (*r)[name].(V)
		return v, ok
	}
}

// scan leaves out rows that cannot be wanted by what is known of some columns, as a real table does.
type scan struct {
	rows    []row
	request query.Request
}

func (scan) String() string { return "made up" }

func (s scan) Rows(context.Context) iter.Seq2[*row, error] {
	return func(yield func(*row, error) bool) {
		for i := range s.rows {
			wanted := s.request.Where.May(func(name string) (any, bool) {
				return s.rows[i][name], name == "state" || name == "n" || name == "port"
			})
			if wanted && !yield(&s.rows[i], nil) {
				return
			}
		}
	}
}

func declare(name string, columns []column, key string, rows []row) query.Declaration {
	return declareOf(name, columns, key, query.NamespaceScope, func(query.State) []row { return rows })
}

// declareOf is declare for rows that depend on the system that is asked.
func declareOf(
	name string, columns []column, key string, scope query.Scope, rows func(query.State) []row,
) query.Declaration {
	spec := query.Spec[row]{
		Doc: "D.", Key: []string{key}, Scope: scope,
		Scan: func(r query.Request) query.Scan[row] { return scan{rows(r.State), r} },
	}
	for _, c := range columns {
		spec.Columns = append(spec.Columns, c.declared())
		spec.Shown = append(spec.Shown, c.name)
	}
	return query.Declaration{Name: name, Table: func() *query.Table { return query.Define(spec) }}
}
