package shell

import (
	"slices"
	"testing"
)

// TestCalledSS: a link to the program that is called ss has ss's command line.
func TestCalledSS(t *testing.T) {
	for _, test := range []struct{ args, want []string }{
		{[]string{"/usr/local/bin/ss", "-tan", "sport", "=", ":22"}, []string{"ss", "-tan", "sport", "=", ":22"}},
		{[]string{"ss"}, []string{"ss"}},
		{[]string{"netql", "ss"}, []string{"ss"}},
	} {
		if got := calledAs(test.args); !slices.Equal(got, test.want) {
			t.Errorf("%q: %q, want %q", test.args, got, test.want)
		}
	}
}

// TestSSLongFlags: behind ss's name or dialect, long flags are ss's first, and then netql's own.
func TestSSLongFlags(t *testing.T) {
	for _, test := range []struct {
		args, words []string
		format      string
	}{
		{[]string{"ss", "--all", "--format", "json", "--query=tcp"}, []string{"ss", "--all", "--query=tcp"}, "json"},
		{[]string{"--format=csv", "ss", "--version"}, []string{"ss", "--version"}, "csv"},
		{[]string{"--dialect", "ss", "--tcp", "--format", "csv"}, []string{"--tcp"}, "csv"},
		{[]string{"ss", "--nonsense"}, []string{"ss", "--nonsense"}, "auto"},
	} {
		o, words, err := parseArguments(test.args)
		if err != nil || !slices.Equal(words, test.words) || o.format != test.format {
			t.Errorf("%q: %q, %s, %v; want %q, %s", test.args, words, o.format, err, test.words, test.format)
		}
	}
}
