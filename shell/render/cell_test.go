package render

import (
	"testing"
	"unicode/utf8"

	"netql/query/schema"
)

func FuzzCut(f *testing.F) {
	f.Add("[2001:db8::1]:65535", 10, byte(schema.Endpoint))
	f.Add("2026-02-03 04:05:06", 9, byte(schema.Time))
	f.Add("日本語のプロセス", 7, byte(schema.Text))
	f.Add("日本語のプロセス", 8, byte(schema.Endpoint))
	f.Fuzz(func(t *testing.T, s string, limit int, kind byte) {
		s = schema.Visible(s)
		limit = 1 + (limit&0x7fff)%100
		got := cut(s, limit)
		if width(got) > limit || !utf8.ValidString(got) {
			t.Errorf("cut(%q, %d) = %q, %d wide", s, limit, got, width(got))
		}
		if width(s) <= limit && got != s {
			t.Errorf("cut(%q, %d) = %q, though there was room", s, limit, got)
		}
	})
}

func FuzzCellText(f *testing.F) {
	f.Add("  two  blanks  ")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		got := cellText(s)
		for i := range len(got) {
			if got[i] == ' ' && (i == 0 || i == len(got)-1 || got[i-1] == ' ') {
				t.Fatalf("cellText(%q) = %q", s, got)
			}
		}
		if got == "" {
			t.Fatalf("cellText(%q) is empty", s)
		}
	})
}
