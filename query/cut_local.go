package query

import "netql/query/schema"

// CompileLocal is for the host that answers: it compiles Local.Text so that the answer has these columns, which are
// those of Local.Names, whether they are shown or not. One that this host does not know is nil. The catalogue is that
// of a Union of one member, which has the name by which the asker knows the host.
func CompileLocal(
	text string, columns []string, catalog *Catalog, state State,
) (plan *Plan, found []*schema.Column, err error) {
	p, err := compileAsked(text, catalog, state)
	if err != nil {
		return nil, nil, err
	}
	s, wanted := p.Schema(), Set{}
	found = make([]*schema.Column, len(columns))
	for i, name := range columns {
		if column, ok := s.Column(name); ok {
			found[i] = column
			wanted.add(name)
		} else if name == identityColumn {
			found[i] = identityOf(s.Identity)
			p.identifies = true
		}
	}
	p.bindColumns(true, wanted)
	return p, found, nil
}

// identityOf is a column that tells rows apart as several do together.
func identityOf(identity []*schema.Column) *schema.Column {
	return &schema.Column{Name: identityColumn, Type: schema.Of(schema.Text),
		Value: func(r schema.Row) schema.Scalar { return schema.OfText(identify(identity, r)) }}
}
