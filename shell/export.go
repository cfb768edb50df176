package shell

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"

	"netql/query"
	"netql/shell/complete"
	"netql/shell/render"
	"netql/shell/watch"
	"netql/sources/atomicfile"
)

// export writes a query's answer into a file. A file that is there already is replaced when the answer is complete,
// and stays as it is when there is none.
func (s *session) export(argument string) {
	path, text, _ := complete.CutArgument(argument)
	text = strings.TrimSpace(text)
	format, err := fileFormat(path)
	switch {
	case text == "" && err == nil:
		err = usagef("the query is missing").withHint("for example: export %s sockets | count by state", path)
	case text != "" && err != nil:
		if _, known := s.catalog.Table(path); known {
			err = usagef("the file is missing").withHint("for example: export answer.csv %s", argument)
		}
	}
	if err != nil {
		s.reject("", err)
		return
	}
	defer s.releaseAnswer()
	plan, ok := s.compile(text)
	if !ok {
		return
	}
	if err := s.rejectIfLive(plan); err != nil {
		s.reject("", err)
		return
	}
	tidied(func(ctx context.Context) { s.exportPlan(ctx, path, format, plan) })
}

// exportPlan writes the answer, and says what has become of the file.
func (s *session) exportPlan(ctx context.Context, path, format string, plan *query.Plan) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	ctx, cancel := s.options.limited(ctx)
	defer cancel()
	file := expandHome(path)
	rows, err := s.exportTo(ctx, file, format, plan)
	s.warn(plan.Warnings(), done)
	var left *fs.PathError
	switch {
	case err != nil && ctx.Err() != nil:
		s.complain("note", "%s is left as it was", path)
	case errors.As(err, &left) && left.Path == file:
		s.complain("error", "cannot write %s: %v", path, left.Err)
	case err != nil:
		s.complain("error", "%v; %s is left as it was", err, path)
	case plan.Watch() != nil:
		s.complain("note", "%s is written", path)
	default:
		s.complain("note", "%s: %s", path, counted(rows, "row"))
	}
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return grouped(n) + " " + what + "s"
}

func fileFormat(path string) (string, error) {
	format, ok := render.OfFile(path)
	if !ok {
		suffixes := strings.Join(render.Suffixes(), " ")
		return "", usagef("the name of the file tells its format, and %q tells none", path).
			withHint("it ends in one of %s, for example: export answer.csv sockets", suffixes)
	}
	return format.Name, nil
}

// exportTo replaces a file when all of the answer is written. What never ends by itself, a watch or events, is
// complete when the person ends it.
func (p *printer) exportTo(ctx context.Context, path, format string, plan *query.Plan) (rows int, err error) {
	options := render.Options{
		Format: format, NoHeader: p.options.noHeader, CSVSafe: p.options.csvSafe,
		Bars: plan.Bars(), ASCII: !unicodeLocale(),
	}
	err = atomicfile.Write(path, func(file *os.File) error {
		out := bufio.NewWriter(file)
		var err error
		rows, err = p.exportRows(ctx, out, options, plan)
		if ctx.Err() != nil && (plan.Follows() || plan.Watch() != nil) {
			err = nil
		}
		if err != nil {
			return err
		}
		return out.Flush()
	})
	return rows, err
}

func (p *printer) exportRows(
	ctx context.Context, out io.Writer, options render.Options, plan *query.Plan,
) (rows int, err error) {
	line := p.startProgress(plan)
	defer line.stop()
	if plan.Watch() != nil {
		return 0, watch.Append(ctx, out, []*query.Plan{plan}, options, func(string) {}, func(string) {})
	}
	return render.Write(ctx, out, plan.Schema().Visible(), p.belowInterrupt(ctx, plan.Rows(ctx), line), options)
}
