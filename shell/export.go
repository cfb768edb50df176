package shell

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"netql/query"
	"netql/shell/complete"
	"netql/shell/render"
	"netql/shell/watch"
	"netql/sources/atomicfile"
)

// export is the word "export" of the prompt: FILE QUERY. It replaces the file when the answer is complete, and leaves
// it as it is where the query fails.
func (s *session) export(argument string) int {
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
		return s.usageFailure("", err)
	}
	plan, ok := s.compile(text)
	if !ok {
		return wrong
	}
	if err := cmp.Or(s.rejectIfLive(plan), s.rejectUndrawn(plan, render.Options{Format: format})); err != nil {
		return s.usageFailure("", err)
	}
	status := done
	endTidily(func(ctx context.Context) {
		defer s.releaseAnswer()
		status = s.exportPlan(ctx, path, format, plan)
	})
	return status
}

// exportPlan writes the answer, and a message that says whether the file was written. It gives the exit status.
func (s *session) exportPlan(ctx context.Context, path, format string, plan *query.Plan) int {
	ctx, stop := s.signalContext(ctx, os.Interrupt)
	defer stop()
	ctx, cancel := s.options.limited(ctx)
	defer cancel()
	file := expandHome(path)
	rows, err := s.exportTo(ctx, file, format, plan)
	status := s.warn(plan.Warnings(), done)
	var inFile *fs.PathError
	switch {
	case err != nil && ctx.Err() != nil:
		s.message("note", "%s is left as it was", path)
		return interrupted
	case errors.As(err, &inFile) && inFile.Path == file:
		s.message("error", "cannot write %s: %v", path, inFile.Err)
		return failed
	case err != nil:
		s.message("error", "%v; %s is left as it was", err, path)
		return failed
	case plan.Watch() != nil:
		s.message("note", "%s is written", path)
	default:
		s.message("note", "%s: %s", path, counted(rows, "row"))
	}
	return status
}

// counted is a number of things: 1 row, 12,345 rows.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return grouped(n) + " " + what + "s"
}

// fileFormat is the name of the format that the end of a file's name tells; a usage error where it tells none.
func fileFormat(path string) (string, error) {
	format, ok := render.OfFile(path)
	if !ok {
		suffixes := strings.Join(render.Suffixes(), " ")
		return "", usagef("the name of the file tells its format, and %q tells none", path).
			withHint("it ends in one of %s, for example: export answer.csv sockets", suffixes)
	}
	return format.Name, nil
}

// exportTo replaces a file when all of the answer is written, and gives the number of its rows. A watch or events,
// which do not end by themselves, are complete when the person ends them.
func (p *printer) exportTo(ctx context.Context, path, format string, plan *query.Plan) (rows int, err error) {
	options := render.Options{
		Format: format, NoHeader: p.options.noHeader, CSVSafe: p.options.csvSafe,
		Bars: plan.Bars(), Graph: plan.Graph(), ASCII: !unicodeLocale(),
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
		return watch.Append(ctx, out, []*query.Plan{plan}, 0, options, func(string) {}, func(string) {})
	}
	records := p.belowInterrupt(ctx, rowsFor(ctx, plan, options), line)
	return render.Write(ctx, out, plan.Schema().Visible(), records, options)
}
