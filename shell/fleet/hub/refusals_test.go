package hub

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// TestRefusals: the log says ever more rarely that credentials of one address are not taken, and how often they were
// not. It remembers so many addresses, and keeps no other line back.
func TestRefusals(t *testing.T) {
	var out bytes.Buffer
	log := newLogger(&out)
	for n := range 100 {
		log.Errorf("192.0.2.1:%d - cid:%d - authentication error", 40000+n, n)
		log.Errorf("%s", "[2001:db8::1]:7 - cid:9 - Publish Violation")
	}
	log.Errorf("[2001:db8::1]:7 - cid:7 - authentication error")
	refused := strings.Count(out.String(), "192.0.2.1:")
	if refused != 7 || strings.Count(out.String(), "Publish Violation") != 100 {
		t.Errorf("%d lines: %s", refused, &out)
	}
	for _, want := range []string{
		"error: 192.0.2.1:40000 - cid:0 - authentication error\n",
		"error: 192.0.2.1:40063 - cid:63 - authentication error (64 times from 192.0.2.1)\n",
		"error: [2001:db8::1]:7 - cid:7 - authentication error\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q: %s", want, &out)
		}
	}
	for n := range 2 * maxRefusals {
		log.Errorf("host%d:1 - cid:1 - authentication error", n)
	}
	if len(log.refusals.from) > maxRefusals {
		t.Errorf("%d addresses are remembered", len(log.refusals.from))
	}
	if last := fmt.Sprintf("host%d:1", 2*maxRefusals-1); !strings.Contains(out.String(), last) {
		t.Errorf("%s is not told", last)
	}
}
