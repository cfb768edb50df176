package owners

import (
	"context"
	"fmt"
)

// A Starter is a Finder that can begin before it is asked, at so little cost that this pays even if it is not asked.
type Starter interface {
	Finder
	// Start begins beside its caller, unless the context ends. The Finder that it gives waits for the answer.
	Start(context.Context) Finder
}

// Start begins to look, if the finder is a Starter, and gives the Finder to ask then.
func Start(ctx context.Context, finder Finder) Finder {
	if s, ok := finder.(Starter); ok {
		return s.Start(ctx)
	}
	return finder
}

// Way says, for people, how a finder finds owners; "" where it does not look for them, as in a capture.
func Way(finder Finder) string {
	if s, ok := finder.(*shared); ok {
		return Way(s.inner())
	}
	if s, ok := finder.(fmt.Stringer); ok {
		return s.String()
	}
	return ""
}
