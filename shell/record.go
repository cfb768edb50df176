package shell

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"netql/query"
	"netql/sources/capture"
	"netql/tables"
)

// record writes what the system says into a file.
func (s *session) record(words []string) int {
	if len(words) != 1 {
		return s.reject("", usagef("record needs the name of one file").withHint("netql record FILE"))
	}
	return untilSignal(func(ctx context.Context) int {
		ctx, cancel := s.limited(ctx)
		defer cancel()
		return s.recordInto(ctx, words[0])
	}, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
}

func (s *session) recordInto(ctx context.Context, path string) int {
	recorder := capture.NewRecorder(ctx, s.system)
	warnings, err := readEverything(ctx, tables.Catalog(recorder.System()))
	manifest := recorder.Manifest(strings.TrimSpace(version()), warnings)
	var size int64
	if err == nil {
		size, err = recorder.Save(ctx, path, manifest)
	}
	switch {
	case err == nil:
		fmt.Fprintf(s.err, "%s", visibleLines(fmt.Sprintf("%s: %d bytes, read in %.2f s\n", path, size, manifest.Duration)))
		return s.warn(warnings, done)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		s.complain("error", "stopped after %v: nothing is written", s.options.timeout)
		return timedOut
	case ctx.Err() != nil:
		return interrupted
	}
	s.complain("error", "cannot write the capture: %v", err)
	return failed
}

// readEverything reads all columns of all rows of all tables and forgets them; the recorder below sees what that takes. It
// gives the warnings of the tables. Only a context that ends stops it.
func readEverything(ctx context.Context, catalog *query.Catalog) (warnings []string, err error) {
	for _, table := range catalog.Tables {
		plan, err := query.CompileUnhinted(table.Name+" | select *", catalog)
		if err != nil {
			return nil, err
		}
		columns := plan.Schema().Visible()
		var failure error
		for row, err := range plan.Rows(ctx) {
			if failure = err; err != nil {
				break
			}
			for _, column := range columns {
				column.Get(row)
			}
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		warnings = append(warnings, plan.Warnings()...)
		if failure != nil {
			warnings = append(warnings, table.Name+": "+failure.Error())
		}
	}
	return warnings, nil
}
