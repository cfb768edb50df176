package shell

import (
	"netql/query"
	"netql/shell/render"
)

// rejectUndrawn is a usage error where the format draws graphs, and the plan's rows are no edges of one.
func (p *printer) rejectUndrawn(plan *query.Plan, options render.Options) error {
	format, err := options.Chosen()
	if err != nil || !format.Graph || plan.Graph() != nil {
		return err
	}
	return usagef("the format %s draws graphs, and this query has none", format.Name).
		withHint("end it with | graph FROM, TO, for example: sockets | graph process, raddr")
}
