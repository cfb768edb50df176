package capture

import (
	"bytes"
	"context"
)

// Keep gives the capture that Save would write, under a name for people, without a file: it is in memory, packed as in
// a file, and within the same limits.
func (r *Recorder) Keep(ctx context.Context, name string, m Manifest) (*Capture, error) {
	var file bytes.Buffer
	if err := write(&file, m, r.facts); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	c, err := read(&file)
	if err != nil {
		return nil, err
	}
	c.name = name
	return c, nil
}
