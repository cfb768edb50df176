package render_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"syscall"
	"testing"

	"netql/shell/render"
)

// twice are two answers with the same rows.
func twice() []render.Answer {
	return []render.Answer{{Columns: nasty(), Rows: stream(nastyRows())}, {Columns: nasty(), Rows: stream(nastyRows())}}
}

// TestWriteAll: several answers are one array in JSON, and follow each other in the other formats.
func TestWriteAll(t *testing.T) {
	for _, format := range render.Formats {
		var one, all bytes.Buffer
		options := render.Options{Format: format.Name}
		if _, err := render.Write(t.Context(), &one, nasty(), stream(nastyRows()), options); err != nil {
			t.Fatal(err)
		}
		if err := render.WriteAll(t.Context(), &all, twice(), options); err != nil {
			t.Fatal(err)
		}
		switch format.Name {
		case "json":
			var single, double []any
			if err := errors.Join(json.Unmarshal(one.Bytes(), &single),
				json.Unmarshal(all.Bytes(), &double)); err != nil || len(double) != 2*len(single) {
				t.Errorf("%v: %s", err, all.String())
			}
		case "ndjson":
			if all.String() != strings.Repeat(one.String(), 2) {
				t.Errorf("%s", all.String())
			}
		default:
			if all.String() != one.String()+"\n"+one.String() {
				t.Errorf("%s: %s", format.Name, all.String())
			}
		}
	}
}

// TestWriteAllEnds: an array without rows is one, one whose source fails is whole, and a full disk is told.
func TestWriteAllEnds(t *testing.T) {
	options := render.Options{Format: "json"}
	empty := func() render.Answer { return render.Answer{Columns: nasty(), Rows: stream(nil)} }
	var out bytes.Buffer
	if err := render.WriteAll(t.Context(), &out, []render.Answer{empty(), empty()}, options); err != nil ||
		out.String() != "[]\n" {
		t.Errorf("%v: %s", err, out.String())
	}
	out.Reset()
	fails := render.Answer{Columns: nasty(), Rows: failing(nastyRows(), errBroken)}
	var rows []any
	err := render.WriteAll(t.Context(), &out, append([]render.Answer{fails}, twice()...), options)
	if !errors.Is(err, errBroken) || json.Unmarshal(out.Bytes(), &rows) != nil {
		t.Errorf("%v: %s", err, out.String())
	}
	var failed *render.WriteError
	if err := render.WriteAll(t.Context(), &full{room: 10}, twice(), options); !errors.As(err, &failed) ||
		!errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%v", err)
	}
}
