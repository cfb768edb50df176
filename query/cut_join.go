package query

import (
	"slices"

	"netql/query/syntax"
)

// merging are stages that read answers: what they join are answers, too. typed are those for which they stand.
func (x *cutter) merging(stages, typed []syntax.Stage) ([]syntax.Stage, error) {
	merging := slices.Clone(stages)
	for i, s := range merging {
		if join, ok := s.Node.(*joinStage); ok {
			joined, err := x.joined(join)
			if err != nil {
				return nil, err
			}
			merging[i].Node = joined
		}
		merging[i].Node = typedStage{merging[i].Node.(stage), typed[i]}
	}
	return merging, nil
}

// joined is a join whose other side are answers, unless that is the asker's own.
func (x *cutter) joined(s *joinStage) (syntax.Node, error) {
	next, q := *s, s.query
	if q == nil {
		table, ok := x.catalog.Table(s.table.Name)
		if !ok {
			return nil, x.catalog.unknownTable(s.table)
		}
		if table.member == "" {
			return s, nil
		}
		if table.asks() {
			return nil, syntax.Errorf(s.table.Range,
				"%s is asked by each host for its own rows, and these rows are of "+
					"several", table.Name).WithHint("join it before the rows of hosts are grouped, sorted or limited")
		}
		q = (&syntax.Query{}).With(s.table, nil)
	}
	merging, err := x.query(q, true)
	if err != nil {
		return nil, err
	}
	next.table, next.query = merging.Table, nil
	if len(merging.Stages) > 0 {
		next.query = merging
	}
	return &next, nil
}
