package shell

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"netql/query"
	"netql/shell/complete"
	"netql/shell/render"
	"netql/shell/watch"
	"netql/sources/atomicfile"
)

// fileFormats are the formats of files by the end of their name.
var fileFormats = []struct{ suffix, format string }{
	{".csv", "csv"}, {".tsv", "tsv"}, {".json", "json"}, {".ndjson", "ndjson"}, {".md", "markdown"}, {".html", "html"},
	{".txt", "plain"},
}

func suffixes() string {
	var all []string
	for _, f := range fileFormats {
		all = append(all, f.suffix)
	}
	return strings.Join(all, " ")
}

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
		if _, known := s.catalog().Table(path); known {
			err = usagef("the file is missing").withHint("for example: export answer.csv %s", argument)
		}
	}
	if err != nil {
		s.reject("", err)
		return
	}
	defer s.letGo()
	plan, ok := s.compile(text)
	if !ok {
		return
	}
	if err := s.happens(plan); err != nil {
		s.reject("", err)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := s.limited(ctx)
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
	suffix := strings.ToLower(filepath.Ext(path))
	for _, f := range fileFormats {
		if f.suffix == suffix {
			return f.format, nil
		}
	}
	return "", usagef("the name of the file tells its format, and %q tells none", path).
		withHint("it ends in one of %s, for example: export answer.csv sockets", suffixes())
}

// exportTo replaces a file when all of the answer is written. What never ends by itself, a watch or events, is
// complete when the person ends it.
func (s *session) exportTo(ctx context.Context, path, format string, plan *query.Plan) (rows int, err error) {
	options := render.Options{Format: format, NoHeader: s.options.noHeader, Bars: plan.Bars(), ASCII: !unicodeLocale()}
	err = atomicfile.Write(path, func(file *os.File) error {
		out := bufio.NewWriter(file)
		var err error
		rows, err = s.exportRows(ctx, out, options, plan)
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

func (s *session) exportRows(
	ctx context.Context, out io.Writer, options render.Options, plan *query.Plan,
) (rows int, err error) {
	line := s.startProgress(plan)
	defer line.stop()
	if plan.Watch() != nil {
		return 0, watch.Append(ctx, out, []*query.Plan{plan}, options, func(string) {}, func(string) {})
	}
	return render.Write(out, plan.Schema().Visible(), s.belowInterrupt(ctx, plan.Rows(ctx), line), options)
}
