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
	switch words[0] {
	case "":
		return s.reject("", usagef("the name of the file is empty").withHint("netql record FILE"))
	case "-":
		return s.reject("", usagef("a capture is written into a file, and - is none").
			withHint("a file of that name is ./-"))
	}
	if s.system == nil {
		return s.reject("", severalNamespaces("a capture is of one network namespace"))
	}
	return untilSignal(func(ctx context.Context) int {
		ctx, cancel := s.options.limited(ctx)
		defer cancel()
		return s.recordInto(ctx, words[0])
	}, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
}

func (s *session) recordInto(ctx context.Context, path string) int {
	recorder := capture.NewRecorder(ctx, s.system)
	warnings, failures, err := query.Exhaust(ctx, s.tables, tables.Ask(recorder.System()))
	if reason := unreadableNow(failures); err == nil && reason != nil && s.captured == nil {
		s.complain("error", "%v: nothing is written", reason)
		return failed
	}
	if err == nil && s.options.redact {
		if err = recorder.Redact(); err == nil { // what a table warns of may tell a name, too
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
	var size int64
	if err == nil {
		size, err = recorder.Save(ctx, path, manifest)
	}
	switch {
	case err == nil:
		text := fmt.Sprintf("%s: %d bytes, read in %.2f s\n", path, size, manifest.Duration)
		fmt.Fprint(s.err, visibleLines(text))
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

// unreadableNow is why a capture would be worth less than the one that it replaces: nothing of a table could be read,
// which another try may cure. What an ordinary user may not read is missing in all captures of his.
func unreadableNow(failures []error) error {
	for _, failure := range failures {
		if unreadable, ok := errors.AsType[*tables.Unreadable](failure); ok && !unreadable.Forbidden() {
			return failure
		}
	}
	return nil
}
