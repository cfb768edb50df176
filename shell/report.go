package shell

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/shell/render"
	"netql/shell/report"
	"netql/shell/tty"
	"netql/sources/atomicfile"
	"netql/sources/capture"
	"netql/sources/vfs"
	"netql/tables"
)

// reportName is the word for a page about the target.
const reportName = "report"

// report is the command that writes a page about the target into a file.
func (s *session) report(words []string) int {
	if err := s.checkReport(words); err != nil {
		return s.usageFailure("", err)
	}
	return s.untilSignal(func(ctx context.Context) int {
		ctx, cancel := s.options.limited(ctx)
		defer cancel()
		return s.reportInto(ctx, words[0])
	}, append(tty.Endings(), os.Interrupt)...)
}

// checkReport is the usage error of a report that cannot be.
func (s *session) checkReport(words []string) error {
	const example = "netql report incident.html"
	switch {
	case len(words) != 1 || words[0] == "":
		return usagef("report needs the name of one file").withHint(example)
	case filepath.Base(words[0]) == ".html":
		return usagef("%s has no name before .html, and would be hidden", words[0]).withHint(example)
	case !strings.HasSuffix(words[0], ".html"):
		return usagef("a report is a page of HTML, and %s does not end with .html", words[0]).
			withHint("netql report %s.html", words[0])
	case s.system == nil:
		return s.errSeveral("a report is of one network namespace")
	case s.options.redact && s.options.since != "":
		return usagef("--redact and --since do not go together").
			withHint("the pseudonyms of two moments differ, so that everything would have changed")
	}
	return nil
}

// reportInto reads what the page shows, and writes it; where that fails it leaves the file as it is.
func (s *session) reportInto(ctx context.Context, path string) int {
	if !s.options.redact {
		return s.reportOf(ctx, path, s.target, nil)
	}
	status := done
	recorded := s.recorded(ctx, "nothing is written", func(r *capture.Recorder, m capture.Manifest) error {
		c, err := r.Keep(ctx, "redacted", m)
		if err == nil {
			redacted := s.borrowed()
			redacted.use(c.System())
			redacted.captured = c
			status = s.reportOf(ctx, path, redacted, m.Warnings)
		}
		return err
	})
	if status != done {
		return status
	}
	return recorded
}

// reportOf is reportInto for a target. Warnings that are told elsewhere are in the page alone.
func (s *session) reportOf(ctx context.Context, path string, t target, elsewhere []string) int {
	var page *report.Report
	// begun first: what cannot be written is told now
	err := atomicfile.Write(expandHome(path), func(f *os.File) error {
		source, err := s.reportSource(ctx, &t)
		if err == nil {
			page, err = report.Read(ctx, source)
		}
		if err != nil {
			return err
		}
		return page.Write(f)
	})
	switch {
	case err == nil:
		s.message("note", "%s is written", path)
		told := func(warning string) bool { return slices.Contains(elsewhere, warning) }
		return s.warn(slices.DeleteFunc(page.Warnings(), told), done)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		s.message("error", "stopped after %v: nothing is written", s.options.timeout)
		return timedOut
	case ctx.Err() != nil:
		s.message("note", "nothing is written")
		return interrupted
	}
	return s.failure(err)
}

// reportSource is what the page is about.
func (s *session) reportSource(ctx context.Context, t *target) (report.Source, error) {
	source := report.Source{Catalog: t.tables, Live: t.captured == nil,
		State: func() query.State { return tables.Ask(t.system) }}
	host := fileLine(t.system.Files, "/proc/sys/kernel/hostname")
	kernel := fileLine(t.system.Files, "/proc/sys/kernel/osrelease")
	when, of := time.Now(), "the running system"
	if c := t.captured; c != nil {
		host, kernel, when, of = c.Manifest.Host, c.Manifest.Kernel, c.Manifest.Time, "a capture"
		source.Warnings = c.Manifest.Warnings
	} else if t.leave != nil {
		of = t.system.Name
	}
	source.Title = host
	if host == "" {
		source.Title = "unknown host"
	}
	source.Facts = [][2]string{{"time", when.Local().Format("2006-01-02 15:04:05 MST")}, {"of", of},
		{"kernel", "Linux " + kernel}, {"netql", strings.TrimSpace(version())}, {"read as", userNow()}}
	if t.captured != nil && t.captured.Manifest.Redacted {
		source.Facts = append(source.Facts, [2]string{"redacted", "names and addresses are pseudonyms"})
	}
	if s.options.since == "" {
		return source, nil
	}
	return source, s.addChanges(ctx, &source)
}

// fileLine is the first line of a file, "" where it cannot be read.
func fileLine(files vfs.Files, path string) string {
	text, _ := vfs.ReadFile(files, path)
	line, _, _ := strings.Cut(string(text), "\n")
	return line
}

// userNow is who runs netql, which decides what it may see.
func userNow() string {
	if os.Geteuid() == 0 {
		return "root"
	}
	return "user " + strconv.Itoa(os.Geteuid())
}

// addChanges compares the target with the capture of --since.
func (s *session) addChanges(ctx context.Context, source *report.Source) error {
	sides, err := s.sides([]string{s.options.since})
	if err != nil {
		return err
	}
	if sides[0].hosts != nil {
		return usagef("a report is of one machine, and %s is several captures", s.options.since)
	}
	source.Since = schema.Visible(sides[0].captures[0].String())
	comparisons, err := s.comparisons(sides)
	if err != nil {
		return err
	}
	for _, c := range comparisons {
		changes, err := changesOf(ctx, c)
		if _, unreadable := errors.AsType[*tables.Unreadable](err); err != nil && !unreadable {
			return err
		}
		if err != nil {
			source.Warnings = append(source.Warnings, err.Error())
		}
		if len(changes.Rows) > 0 {
			source.Changes = append(source.Changes, reported(changes))
		}
	}
	source.Warnings = append(source.Warnings, allWarnings(comparisons, []string{sides[0].name, sides[1].name})...)
	return nil
}

// reported are changes as a page has them, what matters first: it shows some of many.
func reported(c render.Changes) report.Changes {
	marks := map[render.Mark]string{render.New: "+", render.Gone: "-", render.Changed: "~"}
	result := report.Changes{Table: c.Table, Columns: schema.Schema{Columns: c.Columns}.Names()}
	rows := slices.Clone(c.Rows)
	slices.SortStableFunc(rows, func(a, b render.RowChange) int { return rankOf(a) - rankOf(b) })
	for _, row := range rows {
		change := report.Change{Mark: marks[row.Mark]}
		for i, value := range row.Values {
			change.Values = append(change.Values, c.Columns[i].People(value))
		}
		var told []string
		for _, v := range row.Changed {
			told = append(told, v.Column.Name+" "+v.Column.People(v.Old)+" -> "+v.Column.People(v.New))
		}
		change.Told = strings.Join(told, ", ")
		result.Rows = append(result.Rows, change)
	}
	return result
}

// rankOf is the place of a change among others: changed and new rows before those that are gone, and last the
// connections that have ended, which wait for late packets alone, and come and go all the time.
func rankOf(row render.RowChange) int {
	rank := int(row.Mark)
	if slices.Contains(row.Values, any("TIME_WAIT")) {
		rank += int(render.Gone)
	}
	return rank
}
