package shell

import (
	"bufio"
	"context"
	"errors"
	"fmt"
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
)

// export writes a query's answer into a file. A file that is there already is replaced when the answer is complete, and
// stays as it is when there is none.
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
	defer s.releaseAnswer()
	plan, ok := s.compile(text)
	if !ok {
		return
	}
	if err := s.rejectIfLive(plan); err != nil {
		s.reject("", err)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := s.options.limited(ctx)
	defer cancel()
	rows, err := s.exportTo(ctx, expandHome(path), format, plan)
	s.warn(plan.Warnings(), done)
	var left *fs.PathError
	switch {
	case err != nil && ctx.Err() != nil:
		s.complain("note", "%s is left as it was", path)
	case errors.As(err, &left):
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

// exportTo writes beside the file, and replaces it when all is written. What never ends by itself, a watch or events, is
// complete when the person ends it.
func (p *printer) exportTo(ctx context.Context, path, format string, plan *query.Plan) (rows int, err error) {
	target, mode, err := replaceable(path)
	if err != nil {
		return 0, err
	}
	temporary := fmt.Sprintf("%s.%d.new", target, os.Getpid())
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return 0, err
	}
	defer os.Remove(temporary)
	out := bufio.NewWriter(file)
	options := render.Options{Format: format, NoHeader: p.options.noHeader, Bars: plan.Bars(), ASCII: !unicodeLocale()}
	rows, err = p.exportRows(ctx, out, options, plan)
	if ctx.Err() != nil && (plan.Follows() || plan.Watch() != nil) {
		err = nil
	}
	if err == nil {
		err = out.Flush()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return 0, err
	}
	return rows, os.Rename(temporary, target)
}

func (p *printer) exportRows(
	ctx context.Context, out io.Writer, options render.Options, plan *query.Plan,
) (rows int, err error) {
	line := p.startProgress(plan)
	defer line.stop()
	if plan.Watch() != nil {
		return 0, watch.Append(ctx, out, []*query.Plan{plan}, options, func(string) {}, func(string) {})
	}
	return render.Write(out, plan.Schema().Visible(), p.belowInterrupt(ctx, plan.Rows(ctx), line), options)
}

// replaceable finds the file behind links, and the permissions that it has or will have. What is no file is not replaced.
func replaceable(path string) (target string, mode fs.FileMode, err error) {
	if target, err = filepath.EvalSymlinks(path); errors.Is(err, fs.ErrNotExist) {
		return path, 0o666, nil
	} else if err != nil {
		return "", 0, err
	}
	info, err := os.Stat(target)
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "replace", Path: path, Err: errors.New("it is no regular file")}
	}
	if err != nil {
		return "", 0, err
	}
	return target, info.Mode().Perm(), nil
}
