package shell

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"netql/query"
	"netql/shell/tty"
	"netql/sources/capture"
	"netql/tables"
)

// record is the command that writes a capture of the target into a file.
func (s *session) record(words []string) int {
	if len(words) != 1 {
		return s.usageFailure("", usagef("record needs the name of one file").withHint("netql record FILE"))
	}
	switch words[0] {
	case "":
		return s.usageFailure("", usagef("the name of the file is empty").withHint("netql record FILE"))
	case "-":
		return s.usageFailure("", usagef("a capture is written into a file, not to stdout").
			withHint("a file of the name - is ./-"))
	}
	if s.system == nil {
		return s.usageFailure("", s.errSeveral("a capture is of one network namespace"))
	}
	return s.untilSignal(func(ctx context.Context) int {
		ctx, cancel := s.options.limited(ctx)
		defer cancel()
		return s.recordInto(ctx, words[0])
	}, append(tty.Endings(), os.Interrupt)...)
}

// recordInto writes a capture of the target into a file, and leaves the file as it is where that fails: it may hold a
// better capture.
func (s *session) recordInto(ctx context.Context, path string) int {
	return s.recorded(ctx, "nothing is written", func(recorder *capture.Recorder, manifest capture.Manifest) error {
		size, err := recorder.Save(ctx, path, manifest)
		if err == nil {
			text := fmt.Sprintf("%s: %d bytes, read in %.2f s\n", path, size, manifest.Duration)
			fmt.Fprint(s.err, visibleLines(text))
		}
		return err
	})
}

// recorded reads all tables over a recorder, has keep keep what it recorded, and gives the status. Where a table
// cannot be read, though the user may, it fails. without is what a message says of a failure.
func (s *session) recorded(
	ctx context.Context, without string, keep func(*capture.Recorder, capture.Manifest) error,
) int {
	recorder := capture.NewRecorder(ctx, s.system)
	warnings, failures, err := query.Exhaust(ctx, s.tables, tables.Ask(recorder.System()))
	if reason := unreadableNow(failures); err == nil && reason != nil && s.captured == nil {
		s.message("error", "%v: %s", reason, without)
		return failed
	}
	if err == nil && s.options.redact {
		if err = recorder.Redact(); err == nil { // read again, because warnings may contain names, too
			warnings, failures, err = query.Exhaust(ctx, s.tables, tables.Ask(recorder.System()))
		}
	}
	for _, failure := range failures {
		warnings = append(warnings, failure.Error())
	}
	manifest := recorder.Manifest(strings.TrimSpace(version()), warnings)
	if s.captured != nil && s.captured.Manifest.Redacted { // a capture of a capture
		manifest.Redacted = true
	}
	if err == nil {
		err = keep(recorder, manifest)
	}
	switch {
	case err == nil:
		return s.warn(warnings, done)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		s.message("error", "stopped after %v: %s", s.options.timeout, without)
		return timedOut
	case ctx.Err() != nil:
		return interrupted
	}
	s.message("error", "cannot write the capture: %v", err)
	return failed
}

// unreadableNow is the first failure of a table of which nothing could be read, though the user may read it; nil if
// there is none. What the user may not read is missing in every capture that he makes.
func unreadableNow(failures []error) error {
	for _, failure := range failures {
		if unreadable, ok := errors.AsType[*tables.Unreadable](failure); ok && !unreadable.Forbidden() {
			return failure
		}
	}
	return nil
}
