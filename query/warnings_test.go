package query

import (
	"fmt"
	"slices"
	"testing"
)

// TestAlike: a warning that differs from another in its numbers alone is the same warning.
func TestAlike(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"because 3 of the processes, 1 (init), may not be", "because 31 of the processes, 2 (init), may not be", true},
		{"open /proc/net/raw", "open /proc/net/raw6", false},
		{"rules of inet4", "rules of inet6", false},
		{"3 rows", "3 rows more", false},
		{"netns 4026532477: gone", "netns 4026532478: gone", false},
	} {
		if alike(test.a, test.b) != test.want {
			t.Errorf("%q and %q: want %v", test.a, test.b, test.want)
		}
	}
}

// TestWarningsOfSamples: two messages that differ in numbers alone are two of one sample, and one of several.
func TestWarningsOfSamples(t *testing.T) {
	var w warnings
	w.add("route 1 is wrong")
	w.add("route 2 is wrong")
	w.before = len(w.messages)
	w.add("route 3 is wrong")
	w.add("route 2 is wrong")
	w.add("link 3 is wrong")
	if got, want := w.messages, []string{"route 1 is wrong", "route 2 is wrong", "link 3 is wrong"}; !slices.Equal(got,
		want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestManyWarnings: of a sample that warns of much, the first messages are kept, and the number of the others is told;
// one that comes again is not counted again.
func TestManyWarnings(t *testing.T) {
	p := &Plan{}
	for range 2 {
		for n := range maxWarnings + 7 {
			p.warnings.add(fmt.Sprintf("route%d is wrong", n))
		}
	}
	for range 2 {
		lines := p.Warnings()
		if len(lines) != maxWarnings+1 || lines[maxWarnings] != "there are 7 more warnings, which are not shown" {
			t.Fatalf("%q", lines)
		}
	}
	if count := p.Warned().Count(); count != maxWarnings+7 {
		t.Errorf("%d warnings", count)
	}
	for n := range 2 * maxOthers {
		p.warnings.add(fmt.Sprintf("route%d is wrong", n))
	}
	const want = "there are at least 1000 more warnings, which are not shown"
	if lines := p.Warnings(); lines[len(lines)-1] != want {
		t.Errorf("%q, want %q", lines[len(lines)-1], want)
	}
}

// TestWarningsOfLongWatch: a watch tells of each thing in the sample in which it comes, however many there were before,
// and once; it does not keep all of them.
func TestWarningsOfLongWatch(t *testing.T) {
	p := &Plan{}
	for n := range 10 * maxEarlier {
		p.warnings.begin()
		p.warnings.add("this is so all the time")
		p.warnings.add(fmt.Sprintf("host%d is lost", n))
		want := []string{fmt.Sprintf("host%d is lost", n)}
		if n == 0 {
			want = slices.Insert(want, 0, "this is so all the time")
		}
		if fresh := p.NewWarnings().Lines(); !slices.Equal(fresh, want) {
			t.Fatalf("sample %d: %q", n, fresh)
		}
	}
	if n := len(p.warnings.messages); n > maxEarlier+maxWarnings {
		t.Errorf("%d are kept", n)
	}
}

// TestWarningsOfUnreadWatch: where nobody takes warnings before the end, the latest are told, and the others counted.
func TestWarningsOfUnreadWatch(t *testing.T) {
	p := &Plan{}
	for n := range maxEarlier + 10 {
		p.warnings.begin()
		p.warnings.add(fmt.Sprintf("host%d is lost", n))
	}
	if warned := p.NewWarnings(); warned.Count() != maxEarlier+10 || warned.More != maxEarlier+10-maxWarnings {
		t.Errorf("%d are kept, %d more", len(warned.Messages), warned.More)
	}
	if warned := p.NewWarnings(); warned.Count() != 0 {
		t.Errorf("%+v once more", warned)
	}
}

// TestReportedWarnings: what is told at once is not told again, nor counted as left out.
func TestReportedWarnings(t *testing.T) {
	p, told := &Plan{}, 0
	p.OnWarning(func(string) { told++ })
	for n := range maxWarnings + 7 {
		p.warnings.add(fmt.Sprintf("route%d is wrong", n))
	}
	if warned := p.NewWarnings(); told != maxWarnings+7 || warned.Count() != 0 {
		t.Errorf("%d told, and then %+v", told, warned)
	}
}
